import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PlainRow, readArrow } from '../support/arrow-messages.ts';
import { postRows } from '../support/gateway-http.ts';
import { rawRequest } from '../support/raw-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

let gateway: SpawnedGateway;
let testCount = 0;
/** Without a key, five rows, of this test alone. */
let table: string;
const rows: readonly PlainRow[] = [1, 2, 3, 4, 5].map((n) => ({ n, word: `w${n}` }));

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
beforeEach(async () => {
  table = `table-${++testCount}`;
  await post(rows);
});
afterAll(() => gateway?.close());

const post = (more: readonly PlainRow[], query = '?op=append') => postRows(gateway.url, table, more, query);

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return rawRequest(new URL(path.replaceAll('TABLE', table), gateway.url), { headers, method });
}

async function problem(path: string): Promise<{ code: string; detail: string; status: number }> {
  const { status, body } = await get(path);
  return { ...JSON.parse(body.toString()), status };
}

async function csv(path: string): Promise<string[]> {
  return (await get(path)).body.toString().trimEnd().split('\n').slice(1);
}

describe('parameters', () => {
  const parameters = ['limit', 'offset', 'since'];
  const nonsense = ['-1', '1.5', '1e3', '0x10', ' 1', '', 'all', 'NaN', '99999999999999999999', '١'];
  const counts = parameters.flatMap((name) => nonsense.map((value) => [name, value] as const));

  test.each(counts)('%s=%j is 400 and named', async (name, value) => {
    for (const format of ['arrow', 'json', 'csv']) {
      const path = `tables/TABLE.${format}?${name}=${encodeURIComponent(value)}`;
      expect(await problem(path)).toMatchObject({ status: 400, code: 'bad_parameter' });
      expect((await problem(path)).detail).toContain(`"${name}"`);
    }
  });

  test.each([
    ['tables/TABLE.csv?limit=1&limit=2', 'limit'],
    ['tables/TABLE.csv?offset=1&offset=1', 'offset'],
    ['tables/TABLE.csv?since=1&since=2', 'since'],
    ['tables/TABLE.csv?since=1&epoch=a&epoch=b', 'epoch'],
    ['tables/TABLE.csv?columns=', 'columns'],
    ['tables/TABLE.csv?columns=n,', 'columns'],
    ['tables/TABLE.csv?columns=n,n', 'columns'],
    ['tables/TABLE.csv?columns=n&columns=n', 'columns'],
    ['tables/TABLE.csv?columns=N', 'columns'],
    ['tables/TABLE.csv?columns=__proto__', 'columns'],
    ['tables/TABLE.csv?ofset=1', 'ofset'],
    ['tables/TABLE.json?Limit=1', 'Limit'],
    ['tables/TABLE.arrow?content_hash=true', 'content_hash'],
    ['tables/TABLE.arrow?__proto__=1', '__proto__'],
    ['tables/TABLE?limit=1', 'limit'],
    ['tables/TABLE?content_hash=yes', 'content_hash'],
    ['tables?limit=1', 'limit'],
  ])('%s is 400 and names %s', async (path, name) => {
    const { status, code, detail } = await problem(path);
    expect([status, code, detail]).toEqual([400, 'bad_parameter', expect.stringContaining(`"${name}"`)]);
  });

  test('beyond the last row there are none', async () => {
    for (const query of ['offset=5', 'offset=9007199254740991&limit=9007199254740991', 'limit=0'])
      expect(await csv(`tables/TABLE.csv?${query}`)).toEqual([]);
    expect(await csv('tables/TABLE.csv?offset=4&limit=9007199254740991')).toEqual(['5.0,w5']);
  });
});

describe('a delta', () => {
  test('is read in pages and columns, each of which tells of the whole delta', async () => {
    const since = await post([{ n: 6, word: 'w6' }]);
    await post([7, 8, 9].map((n) => ({ n, word: `w${n}` })));
    const changed = await postRows(gateway.url, table, [{ n: 10, word: 'w10' }], '?op=append');
    const pages: string[][] = [];
    for (const offset of [0, 2, 4]) {
      const path = `tables/TABLE.csv?since=${since}&columns=word&limit=2&offset=${offset}`;
      expect((await get(path)).headers).toMatchObject({
        'tablecast-change': 'delta',
        'tablecast-rows': '4',
        'tablecast-changed': String(changed),
      });
      pages.push(await csv(path));
    }
    expect(pages).toEqual([['w7', 'w8'], ['w9', 'w10'], []]);
  });

  test('that cannot be told is a snapshot, and paged as one', async () => {
    const { headers, body } = await get('tables/TABLE.json?since=999999&limit=2&offset=3');
    expect(headers).toMatchObject({ 'tablecast-change': 'snapshot', 'tablecast-rows': '5' });
    expect(JSON.parse(body.toString())).toEqual(rows.slice(3));
  });

  test('of nothing has no rows and the columns asked for', async () => {
    const since = await post([{ n: 6, word: 'w6' }]);
    const { body, headers } = await get(`tables/TABLE.arrow?since=${since}&columns=word`);
    expect(headers).toMatchObject({ 'tablecast-change': 'delta', 'tablecast-rows': '0' });
    expect(readArrow(body)).toEqual({ columns: ['word'], rows: [] });
  });
});

describe('revalidation', () => {
  test('answers 304 with all that a cache needs, to every way of naming the tag', async () => {
    const { headers } = await get('tables/TABLE.json');
    const etag = headers.etag!;
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const named of [etag, `W/${etag}`, `"x","y" , ${etag}`, ` ${etag} `, '*']) {
      const same = await get('tables/TABLE.json', { 'if-none-match': named });
      expect([same.status, same.body.length]).toEqual([304, 0]);
      expect(same.headers).toMatchObject({
        etag,
        vary: 'accept-encoding',
        'cache-control': 'no-cache',
        'tablecast-version': expect.stringMatching(/^\d+$/),
        'tablecast-epoch': headers['tablecast-epoch'],
        'tablecast-changed': headers['tablecast-changed'],
      });
    }
    for (const other of ['', '"x"', etag.slice(1, -1), `"${etag}"`, 'W/*'])
      expect((await get('tables/TABLE.json', { 'if-none-match': other })).status).toBe(200);
  });

  test('tells representations apart, and two spellings of one not', async () => {
    const tagOf = async (path: string, headers = {}) => (await get(path, headers)).headers.etag!;
    const different = [
      await tagOf('tables/TABLE.json'),
      await tagOf('tables/TABLE.csv'),
      await tagOf('tables/TABLE.csv', { 'accept-encoding': 'gzip' }),
      await tagOf('tables/TABLE.csv', { 'accept-encoding': 'br' }),
      await tagOf('tables/TABLE.csv?columns=word,n'),
      await tagOf('tables/TABLE.csv?limit=2'),
      await tagOf('tables/TABLE.csv?offset=2'),
      await tagOf('tables/TABLE.csv?since=0'),
      await tagOf('tables/TABLE.csv?since=1'),
    ];
    expect(new Set(different).size).toBe(different.length);
    expect(await tagOf('tables/TABLE.csv?columns=n&columns=word')).toBe(
      await tagOf('tables/TABLE.csv?columns=n,word'),
    );
  });

  test('a table that is dropped and made again is another, even with the same rows', async () => {
    const { etag = '' } = (await get('tables/TABLE.csv')).headers;
    await get('tables/TABLE', {}, 'DELETE');
    await post(rows);
    expect((await get('tables/TABLE.csv', { 'if-none-match': etag })).status).toBe(200);
  });
});

test('a range is not taken: the body comes whole', async () => {
  const { status, headers, body } = await get('tables/TABLE.csv', { range: 'bytes=0-3' });
  expect([status, headers['content-range'], body.length]).toEqual([
    200,
    undefined,
    Number(headers['content-length']),
  ]);
  expect(body.toString()).toMatch(/^n,word\n1\.0,w1\n(.*\n){3}5\.0,w5\n$/);
});

test('HEAD answers the headers of GET', async () => {
  for (const format of ['arrow', 'json', 'csv']) {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as Record<string, string>[]) {
      const { headers: got } = await get(`tables/TABLE.${format}`, headers);
      const head = await get(`tables/TABLE.${format}`, headers, 'HEAD');
      expect([head.status, head.body.length]).toEqual([200, 0]);
      expect({ ...head.headers, date: '' }).toEqual({ ...got, date: '' });
    }
  }
});
