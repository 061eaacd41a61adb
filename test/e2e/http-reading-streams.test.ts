import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createGunzip, gunzipSync } from 'node:zlib';
import { makeVector, RecordBatchReader, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postRows, readJson } from '../support/gateway-http.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { openAnswer, rawRequest } from '../support/raw-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

/** Its bodies are more than sockets hold on the way: a reader that waits holds the gateway's writing back. */
const ROWS = 500_000;
const COMMITS = 100;
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

const at = (path: string) => new URL(path, gateway.url);

/** Publishes rows `n` = 0 .. ROWS, in which `written` is 0. */
async function publishMany(table: string, query: string): Promise<void> {
  const n = Float64Array.from({ length: ROWS }, (_, i) => i);
  const columns = { n: makeVector(n), written: makeVector(new Float64Array(ROWS)), more: makeVector(n) };
  const response = await fetch(at(`tables/${table}${query}`), {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
    body: tableToIPC(new Table(columns), 'stream') as Uint8Array<ArrayBuffer>,
  });
  expect(response.status).toBe(200);
}

/** What a reader has after it read the first bytes and took the rest only when the commits were over. */
async function readSlowly(path: string, commits: () => Promise<void>): Promise<[IncomingMessage, Buffer]> {
  const answer = await openAnswer(at(path));
  const parts: Buffer[] = [];
  await once(answer, 'readable');
  await commits();
  for await (const part of answer) parts.push(part as Buffer);
  return [answer, Buffer.concat(parts)];
}

/** The columns `n` and `written` of a body. */
const readers: Record<string, (body: Buffer) => [n: number[], written: number[]]> = {
  arrow: (body) => {
    const table = tableFromIPC(body);
    return [[...table.getChild('n')!], [...table.getChild('written')!]];
  },
  csv: (body) => {
    const rows = body.toString().trimEnd().split('\n').slice(1);
    const cells = rows.map((row) => row.split(',').map(Number));
    return [cells.map(([n]) => n!), cells.map(([, written]) => written!)];
  },
};

interface Info {
  readonly version: number;
  readonly rows: number;
  readonly retention: object | null;
}
const infoOf = (table: string) => readJson<Info>(gateway.url, `tables/${table}`);
const isCounting = (numbers: readonly number[]) => numbers.every((n, i) => n === i);

describe.each(Object.keys(readers))('.%s read slowly while commits go on', (format) => {
  const numbersOf = readers[format]!;

  test('of a table whose rows go from the front equals the version of its header', async () => {
    const table = `queue-${format}`;
    await publishMany(table, '?op=append');
    const before = await infoOf(table);
    const [answer, body] = await readSlowly(`tables/${table}.${format}`, async () => {
      await push.publish(table, [{ n: -1 }], { op: 'append', retention: { max_rows: ROWS } });
      await waitFor(async () => (await infoOf(table)).retention, { what: 'the retention' });
      for (let i = 0; i < COMMITS; i++)
        await postRows(gateway.url, table, [{ n: null, written: 1, extra: i }], '?op=append');
    });
    expect(answer.headers['tablecast-version']).toBe(String(before.version));
    const [n, written] = numbersOf(body);
    expect([n.length, isCounting(n), written.some((value) => value !== 0)]).toEqual([ROWS, true, false]);
    expect(await infoOf(table)).toMatchObject({ version: before.version + 1 + COMMITS, rows: ROWS });
  });

  test('of a table whose rows are written again and deleted equals the version of its header', async () => {
    const table = `keyed-${format}`;
    await publishMany(table, '?op=upsert&key=n');
    const version = await postRows(gateway.url, table, [{ n: 7, written: 1 }]);
    const [answer, body] = await readSlowly(`tables/${table}.${format}`, async () => {
      for (let i = 0; i < COMMITS / 2; i++) {
        const many = Array.from({ length: 100 }, (_, j) => ({ n: j * 5000 + i, written: 2 }));
        await postRows(gateway.url, table, many);
        await postRows(gateway.url, table, [{ n: i }], '?op=delete');
      }
    });
    expect(answer.headers['tablecast-version']).toBe(String(version));
    const [n, written] = numbersOf(body);
    expect([n.length, isCounting(n)]).toEqual([ROWS, true]);
    expect(written.flatMap((value, i) => (value === 0 ? [] : [[i, value]]))).toEqual([[7, 1]]);
  });

  test('of a table that is replaced and dropped has all rows that it had', async () => {
    const table = `replaced-${format}`;
    await publishMany(table, '');
    const [, body] = await readSlowly(`tables/${table}.${format}`, async () => {
      await postRows(gateway.url, table, [{ other: 1 }]);
      expect((await fetch(at(`tables/${table}`), { method: 'DELETE' })).status).toBe(200);
    });
    expect(isCounting(numbersOf(body)[0])).toBe(true);
    expect(numbersOf(body)[0]).toHaveLength(ROWS);
  });
});

describe('a large body', () => {
  beforeAll(() => publishMany('large', ''));

  test('of Arrow is a schema and record batches of a bounded size', async () => {
    const { body } = await rawRequest(at('tables/large.arrow'));
    const sizes = [...RecordBatchReader.from(body)].map((batch) => batch.numRows);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(ROWS);
    expect(Math.max(...sizes) * 24).toBeLessThanOrEqual(1024 * 1024);
    expect(sizes.length).toBeLessThan(50);
  });

  test('is begun and made no further for a reader that does not take it, and ends with the reader', async () => {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as Record<string, string>[]) {
      const idle = await Promise.all(
        Array.from({ length: 10 }, () => openAnswer(at('tables/large.json'), { headers })),
      );
      expect((await rawRequest(at('healthz'))).status).toBe(200);
      for (const answer of idle) answer.destroy();
    }
    const { body } = await rawRequest(at('tables/large.json'), { headers: { 'accept-encoding': 'gzip' } });
    expect(JSON.parse(gunzipSync(body).toString())).toHaveLength(ROWS);
  });

  test('that is encoded can be read as it comes', async () => {
    const answer = await openAnswer(at('tables/large.csv'), { headers: { 'accept-encoding': 'gzip' } });
    const decoded = answer.pipe(createGunzip());
    const [first] = (await once(decoded, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^n,written,more\n0\.0,0\.0,0\.0\n/);
    expect(answer.complete).toBe(false);
    answer.destroy();
  });
});
