import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeName } from '../../protocol/arrow/data-type.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { expectSameCells } from '../support/expect-same-cells.ts';
import { areGoldenFilesThere, type GoldenCase, goldenCases } from '../support/golden-cases.ts';
import {
  difference,
  type ExpectedTable,
  parseKeepingDigits,
  readIntegrationJson,
} from '../support/integration-json.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const FORMATS = ['stream', 'file'] as const;
type Format = (typeof FORMATS)[number];

let gateway: SpawnedGateway;
let push: PushSocket;

beforeAll(async () => {
  gateway = await spawnGateway();
  push = openPush(gateway.pull);
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

function address(table: string, suffix = ''): URL {
  return new URL(`tables/${table}${suffix}`, gateway.url);
}

async function post(table: string, bytes: Uint8Array, format: Format): Promise<void> {
  const headers = { 'content-type': `application/vnd.apache.arrow.${format}` };
  const body = bytes as Uint8Array<ArrayBuffer>;
  const answer = await fetch(address(table), { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBe(200);
}

async function sendByBus(table: string, bytes: Uint8Array): Promise<void> {
  await push.publish(table, bytes);
  await waitFor(async () => (await fetch(address(table))).ok, {
    what: `the table ${table}`,
    timeoutMs: 20_000,
  });
}

async function expectShown(table: string, expected: ExpectedTable): Promise<void> {
  const stream = await fetch(address(table, '.arrow'));
  const shown = readIpc(new Uint8Array(await stream.arrayBuffer()));
  expect(shown.fields.map(({ name }) => name)).toEqual(expected.fields.map(({ name }) => name));
  expect(shown.fields.map(({ type }) => typeName(type))).toEqual(expected.typeNames);
  expectSameCells(shown, expected);
  const json = await (await fetch(address(table, '.json'))).text();
  expect(differencesOf(parseKeepingDigits(json) as Record<string, unknown>[], expected)).toEqual([]);
}

function differencesOf(records: Record<string, unknown>[], expected: ExpectedTable): string[] {
  return expected.columns.flatMap((column, i) => {
    const { name } = expected.fields[i]!;
    if (column.length !== records.length) return [`${name} has ${records.length} rows, not ${column.length}`];
    return column.flatMap((cell, row) => difference(cell, records[row]![name], `${name}, row ${row}`) ?? []);
  });
}

describe.skipIf(!areGoldenFilesThere)('golden Arrow data is shown as its JSON says', () => {
  const ways = goldenCases().flatMap((golden, i) =>
    FORMATS.flatMap((format) =>
      (['http', 'bus'] as const).map((way) => ({
        golden,
        format,
        way,
        table: `golden-${i}-${format}-${way}`,
      })),
    ),
  );

  test.each(
    ways.map((way): [string, (typeof ways)[number]] => [
      `${way.golden.name}, a ${way.format}, by ${way.way}`,
      way,
    ]),
  )('%s', async (_, { golden, format, way, table }) => {
    const bytes = bytesOf(golden, format);
    await (way === 'http' ? post(table, bytes, format) : sendByBus(table, bytes));
    await expectShown(table, readIntegrationJson(golden.json()));
  });

  test('and nothing was rejected', async () => {
    const { count } = (await (await fetch(new URL('rejections', gateway.url))).json()) as { count: number };
    expect(count).toBe(0);
  });
});

function bytesOf(golden: GoldenCase, format: Format): Uint8Array {
  return format === 'stream' ? golden.stream : golden.file;
}
