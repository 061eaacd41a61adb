import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf, type PlainRow, readArrow } from '../support/arrow-messages.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

interface TableInfo {
  epoch: string;
  version: number;
  changed: number;
  staged: number;
  rows: number;
}

const stream = 'application/vnd.apache.arrow.stream';
let gateway: SpawnedGateway;
let testCount = 0;
/** Keyed by `k`, of this test alone. */
let table: string;
const rows: readonly PlainRow[] = [
  { k: 'x', n: 1, note: 'a "quoted", text' },
  { k: 'y', n: 2.5, note: '' },
  { k: 'z', n: null, note: null },
];

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
beforeEach(async () => {
  table = `table-${++testCount}`;
  expect((await post(`tables/${table}?op=upsert&key=k`, rows)).status).toBe(200);
});
afterAll(() => gateway?.close());

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path.replaceAll('TABLE', table), gateway.url), init);
}

function post(path: string, body: readonly PlainRow[] | Uint8Array | string, type = stream) {
  const bytes = Array.isArray(body) ? arrowOf(body as PlainRow[]) : body;
  return request(path, { method: 'POST', headers: { 'content-type': type }, body: bytes as BodyInit });
}

async function info(): Promise<TableInfo> {
  return (await (await request('tables/TABLE')).json()) as TableInfo;
}

async function arrowRows(path: string) {
  const response = await request(path);
  expect(response.status).toBe(200);
  return { headers: response.headers, ...readArrow(new Uint8Array(await response.arrayBuffer())) };
}

describe('reading', () => {
  test.each([
    ['/', 'text/html'],
    ['tables', 'application/json'],
    ['tables/TABLE', 'application/json'],
    ['tables/TABLE.arrow', stream],
    ['tables/TABLE.json', 'application/json'],
    ['tables/TABLE.csv', 'text/csv'],
    ['rejections', 'application/json'],
    ['healthz', 'application/json'],
    ['readyz', 'application/json'],
  ])('GET %s is 200 of type %s, and HEAD the same without a body', async (path, type) => {
    const got = await request(path);
    expect([got.status, got.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    expect((await got.text()).length).toBeGreaterThan(0);
    const head = await request(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, got.headers.get('content-type')]);
    expect(await head.text()).toBe('');
  });

  test('a table is the same as stream, JSON and CSV, with version and epoch', async () => {
    const { epoch, version } = await info();
    expect((await arrowRows('tables/TABLE.arrow')).rows).toEqual(rows);
    for (const format of ['arrow', 'json', 'csv']) {
      const { headers } = await request(`tables/TABLE.${format}`);
      expect(headers.get('tablecast-version')).toBe(String(version));
      expect(headers.get('tablecast-epoch')).toBe(epoch);
    }
    expect(await (await request('tables/TABLE.json')).json()).toEqual(rows);
    expect(await (await request('tables/TABLE.csv')).text()).toBe(
      'k,n,note\nx,1.0,"a ""quoted"", text"\ny,2.5,""\nz,,\n',
    );
  });

  test('columns, limit and offset choose, in the order asked for', async () => {
    const { columns, rows: some } = await arrowRows('tables/TABLE.arrow?columns=n,k&limit=1&offset=1');
    expect([columns, some]).toEqual([['n', 'k'], [{ n: 2.5, k: 'y' }]]);
    const two = await request('tables/TABLE.json?columns=k&columns=n&limit=2');
    expect(await two.json()).toEqual([
      { k: 'x', n: 1 },
      { k: 'y', n: 2.5 },
    ]);
    for (const beyond of ['offset=3', 'limit=0'])
      expect(await (await request(`tables/TABLE.csv?columns=k&${beyond}`)).text()).toBe('k\n');
  });

  test('a table tells what it is', async () => {
    const { epoch, version } = await info();
    expect(await (await request('tables/TABLE')).json()).toEqual({
      name: table,
      epoch,
      version,
      changed: version,
      rows: 3,
      bytes: expect.any(Number),
      schema: [
        { name: 'k', type: 'utf8', nullable: true },
        { name: 'n', type: 'float64', nullable: true },
        { name: 'note', type: 'utf8', nullable: true },
      ],
      key: ['k'],
      op: 'upsert',
      retention: null,
      staged: 0,
      rows_per_s: expect.any(Number),
      last_publication_ms: expect.any(Number),
      last_error: null,
      checked: false,
      gaps: 0,
      missing: 0,
      missing_before: 0,
      duplicates: 0,
      run: null,
      seq: null,
      producer: null,
      producer_heard_ms: null,
    });
  });
});

describe('a timed refresh', () => {
  test('ETag gets 304 until the table changes, whatever other tables do', async () => {
    const path = 'tables/TABLE.arrow';
    const etag = (await request(path)).headers.get('etag') ?? '';
    const revalidate = (tag: string) => request(path, { headers: { 'if-none-match': tag } });
    await post('tables/another', [{ n: 1 }]);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const same = await revalidate(tag);
      expect([same.status, await same.text()]).toEqual([304, '']);
      expect(same.headers.get('etag')).toBe(etag);
    }
    await post('tables/TABLE', [{ k: 'x', n: 9 }]);
    const changed = await revalidate(etag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('ETags of other formats and other rows differ', async () => {
    const paths = ['TABLE.arrow', 'TABLE.json', 'TABLE.csv', 'TABLE.csv?limit=1', 'TABLE.csv?columns=k'];
    const etags = await Promise.all(
      paths.map(async (path) => (await request(`tables/${path}`)).headers.get('etag')),
    );
    expect(new Set(etags).size).toBe(paths.length);
  });

  test('since gives the rows written after it, as a delta', async () => {
    const { version, epoch } = await info();
    await post('tables/TABLE', [{ k: 'y', n: 7 }]);
    await post('tables/TABLE', [{ k: 'new', n: 8 }]);
    for (const query of [`since=${version}`, `since=${version}&epoch=${epoch}`]) {
      const delta = await arrowRows(`tables/TABLE.arrow?${query}`);
      expect(delta.headers.get('tablecast-change')).toBe('delta');
      expect(delta.rows).toEqual([
        { k: 'y', n: 7, note: '' },
        { k: 'new', n: 8, note: null },
      ]);
    }
    const now = await arrowRows(`tables/TABLE.arrow?since=${version + 2}`);
    expect([now.headers.get('tablecast-change'), now.rows]).toEqual(['delta', []]);
  });

  test.each([
    ['another epoch', (version: number) => `since=${version}&epoch=another`],
    ['a future version', () => 'since=1000000'],
  ])('since %s gives all rows, as a snapshot', async (_, query) => {
    const all = await arrowRows(`tables/TABLE.arrow?${query(1)}`);
    expect([all.headers.get('tablecast-change'), all.rows]).toEqual(['snapshot', rows]);
  });

  test('since before a delete gives all rows, as a snapshot', async () => {
    const { version } = await info();
    await post('tables/TABLE?op=delete', [{ k: 'y' }]);
    const all = await arrowRows(`tables/TABLE.arrow?since=${version}`);
    expect(all.headers.get('tablecast-change')).toBe('snapshot');
    expect(all.rows).toEqual([rows[0], rows[2]]);
  });
});

describe('publishing', () => {
  test('is acknowledged with the version that shows it, or with how many wait', async () => {
    const { version, epoch } = await info();
    const shown = await post('tables/TABLE', [{ k: 'x', n: 5 }]);
    expect([shown.status, await shown.json()]).toEqual([
      200,
      { epoch, version: version + 1, table, rows: 1 },
    ]);
    const held = await post('tables/TABLE?commit=hold', [{ k: 'x', n: 6 }]);
    expect(await held.json()).toEqual({ epoch, version: version + 1, table, rows: 1, staged: 1 });
    expect((await info()).staged).toBe(1);
  });

  test('takes a file as well, and a key of several columns', async () => {
    const file = arrowOf(
      [
        { a: 'x', b: 1, n: 1 },
        { a: 'x', b: 1, n: 2 },
      ],
      { format: 'file' },
    );
    const path = 'tables/TABLE-file?key=a,b&op=upsert';
    expect((await post(path, file, 'application/vnd.apache.arrow.file')).status).toBe(200);
    expect((await arrowRows('tables/TABLE-file.arrow')).rows).toEqual([{ a: 'x', b: 1, n: 2 }]);
  });

  test('DELETE drops the table, as a commit', async () => {
    const { version, epoch } = await info();
    const dropped = await request('tables/TABLE', { method: 'DELETE' });
    expect([dropped.status, await dropped.json()]).toEqual([200, { epoch, version: version + 1, table }]);
    expect((await request('tables/TABLE')).status).toBe(404);
    expect((await request('tables/TABLE', { method: 'DELETE' })).status).toBe(404);
  });
});
