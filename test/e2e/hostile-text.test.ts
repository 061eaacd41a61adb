import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJson } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { columnsToArrow } from './hostile-arrow.ts';
import { ARROW, HOSTILE_BODIES } from './hostile-bodies.ts';
import { asRead, readBack } from './hostile-reading.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

let gateway: SpawnedGateway;
let push: PushSocket;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none' });
  push = openPush(gateway.pull);
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

function post(table: string, type: string, body: Uint8Array | string): Promise<Response> {
  const url = new URL(`tables/${table}`, gateway.url);
  return fetch(url, { method: 'POST', headers: { 'content-type': type }, body: body as BodyInit });
}
const get = (path: string) => fetch(new URL(path, gateway.url));
const isThere = (table: string) =>
  waitFor(async () => (await get(`tables/${table}`)).ok, { what: `the table ${table}` });

describe('1,000 hostile texts', () => {
  const numbered = HOSTILE_TEXTS.map((text, n) => ({ text, n }));
  const cells = HOSTILE_TEXTS.map((text, n) => [text, `${n}`]);
  const numbers = HOSTILE_TEXTS.map((_, n) => `${n}`);

  test('are that many, and Unicode', () => {
    expect(HOSTILE_TEXTS).toHaveLength(1000);
    expect(HOSTILE_TEXTS.filter((text) => /\p{Surrogate}/u.test(text))).toEqual([]);
  });

  test.each(['arrow', 'json', 'ndjson', 'csv', 'bus'] as const)(
    'come back exactly where they were published as %s',
    async (way) => {
      const { type, ...bodies } = HOSTILE_BODIES[way === 'bus' ? 'arrow' : way];
      for (const [kind, body] of Object.entries(bodies)) {
        if (way === 'bus') await push.publish(`${kind}-bus`, body as Uint8Array);
        else expect((await post(`${kind}-${way}`, type, body)).status).toBe(200);
        await isThere(`${kind}-${way}`);
      }
      const values = await readBack(gateway.url, `values-${way}`);
      expect(values.json).toEqual(numbered);
      expect(values.csv).toEqual([['text', 'n'], ...cells]);
      expect(values.arrow).toEqual([['text', 'n'], ...cells.map(asRead)]);
      expect(values.bytes.includes(Buffer.from(HOSTILE_TEXTS.join('')))).toBe(true);

      const names = await readBack(gateway.url, `names-${way}`);
      const byNumber = Object.entries(names.json[0]!).sort(([, a], [, b]) => a - b);
      expect(byNumber).toEqual(HOSTILE_TEXTS.map((text, n) => [text, n]));
      expect(names.csv).toEqual([HOSTILE_TEXTS, numbers]);
      expect(names.arrow).toEqual([asRead(HOSTILE_TEXTS), numbers]);
      for (const text of HOSTILE_TEXTS) expect(names.bytes.includes(Buffer.from(text))).toBe(true);
      const { schema } = await readJson<{ schema: { name: string }[] }>(gateway.url, `tables/names-${way}`);
      expect(schema.map(({ name }) => name)).toEqual(HOSTILE_TEXTS);
    },
  );

  test('reach viewers exactly, as values, names, labels and units', async () => {
    const columns = HOSTILE_TEXTS.map((text, n) => ({
      name: `c${n}`,
      values: [text],
      metadata: new Map(['label', 'unit', 'format', text].map((key) => [key, text])),
    }));
    expect((await post('labels', ARROW, columnsToArrow(columns))).status).toBe(200);
    const bytes = Buffer.from(await (await get('tables/labels.arrow')).arrayBuffer());
    const { fields } = tableFromIPC(bytes).schema;
    for (const key of ['label', 'unit', 'format'])
      expect(fields.map(({ metadata }) => metadata.get(key))).toEqual(asRead(HOSTILE_TEXTS));
    for (const text of HOSTILE_TEXTS) expect(bytes.includes(Buffer.from(text))).toBe(true);

    const client = await openLiveClient(gateway.wsUrl);
    await client.subscribe(['values-bus', 'names-bus', 'labels']);
    const read = asRead(HOSTILE_TEXTS);
    expect(client.rows('values-bus')).toEqual(read.map((text, n) => ({ text, n })));
    expect(client.rows('labels')).toEqual([Object.fromEntries(read.map((text, n) => [`c${n}`, text]))]);
    expect(Object.keys(client.rows('names-bus')![0]!).toSorted()).toEqual(read.toSorted());
    expect(client.faults).toEqual([]);
    client.close();
  });
});

describe('texts that are no Unicode', () => {
  const half = '\\ud83d';
  const halfBytes = [0xed, 0xa0, 0xbd];
  test.each([
    ['a value of JSON', 'application/json', `[{"a":"x${half}"}]`],
    ['a name of JSON', 'application/json', `[{"x${half}":1}]`],
    ['a name of JSON columns', 'application/json', `{"x${half}":[1]}`],
    ['a nested name of JSON', 'application/json', `[{"a":{"x${half}":1}}]`],
    ['a nested value of JSON', 'application/json', `[{"a":["x${half}"]}]`],
    ['a name of NDJSON', 'application/x-ndjson', `{"x${half}":1}\n`],
    ['a value of CSV', 'text/csv', Uint8Array.of(0x61, 0x0a, ...halfBytes, 0x0a)],
    ['a name of CSV', 'text/csv', Uint8Array.of(...halfBytes, 0x0a, 0x31, 0x0a)],
    ['a name in Arrow', ARROW, withHalf('name')],
    ['a label in Arrow', ARROW, withHalf('label')],
  ])('are refused as %s', async (title, type, body) => {
    const table = title.replaceAll(' ', '-');
    const response = await post(table, type, body);
    expect([400, 422], await response.text()).toContain(response.status);
    expect((await get(`tables/${table}`)).status).toBe(404);
  });

  test('are shown as U+FFFD where they are values in Arrow', async () => {
    const response = await post('bytes', ARROW, withHalf('value'));
    expect(response.status, await response.text()).toBe(200);
    expect(await readJson(gateway.url, 'tables/bytes.json')).toEqual([
      { name: expect.stringMatching(/^\ufffd+ue$/) },
    ]);
    expect(await (await get('tables/bytes.csv')).text()).toMatch(/^name\n\ufffd+ue\n$/);
  });

  function withHalf(where: 'name' | 'label' | 'value'): Uint8Array {
    const metadata = new Map([['label', 'label of it']]);
    const bytes = Buffer.from(columnsToArrow([{ name: 'name', values: ['value'], metadata }]));
    const at = bytes.lastIndexOf(where === 'label' ? 'label of it' : where);
    return bytes.fill(Uint8Array.from(halfBytes), at, at + halfBytes.length);
  }
});
