import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf, int32 } from '../support/arrow-messages.ts';
import { readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
const ARROW = 'application/vnd.apache.arrow.stream';
const maxMessageBytes = 200_000;

interface Info {
  readonly version: number;
  readonly rows: number;
  readonly staged: number;
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  readonly last_error: { readonly code: string; readonly detail: string } | null;
}

let gateway: SpawnedGateway;
let testCount = 0;
/** Of this test alone; there is none yet. */
let table: string;

beforeAll(async () => {
  const args = ['--max-message-bytes', `${maxMessageBytes}`];
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none', args });
});
beforeEach(() => {
  table = `table-${++testCount}`;
});
afterAll(() => gateway?.close());

type Body = string | Uint8Array;

async function post(type: string, body: Body, query = '', headers: Record<string, string> = {}) {
  const response = await fetch(new URL(`tables/${table}${query}`, gateway.url), {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: body as BodyInit,
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function read(format: 'json' | 'csv'): Promise<string> {
  return (await fetch(new URL(`tables/${table}.${format}`, gateway.url))).text();
}

const info = () => readJson<Info>(gateway.url, `tables/${table}`);
const types = async () => Object.fromEntries((await info()).schema.map(({ name, type }) => [name, type]));

describe('bodies of text', () => {
  const bodies: [string, string, Body][] = [
    ['an array of records', JSON_TYPE, '[{"city":"Oslo","t":4.5},{"city":"Rome","t":null}]'],
    ['an object of columns', JSON_TYPE, '{"city":["Oslo","Rome"],"t":[4.5,null]}'],
    [
      'records with a charset',
      'application/json; charset="UTF-8"',
      '[{"city":"Oslo","t":4.5},{"city":"Rome"}]',
    ],
    ['a record a line', NDJSON, '{"city":"Oslo","t":4.5}\n{"city":"Rome","t":null}\n'],
    ['CSV', CSV, 'city,t\r\nOslo,4.5\r\nRome,\r\n'],
    ['CSV with a byte order mark', 'Text/CSV;header=present', '\ufeffcity,t\nOslo,4.5\nRome,\n'],
  ];

  test.each(bodies)('%s is published and acknowledged', async (_, type, body) => {
    const { status, answer } = await post(type, body);
    const { version } = await info();
    expect([status, answer]).toEqual([200, { epoch: expect.any(String), version, table, rows: 2 }]);
    expect(await types()).toEqual({ city: 'utf8', t: 'float64' });
    expect(await read('json')).toBe('[{"city":"Oslo","t":4.5},{"city":"Rome","t":null}]');
  });

  test('/update_data publishes them and commits the stage', async () => {
    await post(JSON_TYPE, '[{"a":1}]', '?op=append&commit=hold');
    expect(await info()).toMatchObject({ rows: 0, staged: 1 });
    const response = await fetch(new URL(`update_data?table=${table}&op=append`, gateway.url), {
      method: 'POST',
      headers: { 'content-type': NDJSON },
      body: '{"a":2}\n{"a":3}\n',
    });
    expect(await response.json()).toMatchObject({ tables: [table], rows: 3 });
    expect(await read('json')).toBe('[{"a":1},{"a":2},{"a":3}]');
  });

  test('rows by key update a table, with the columns that they have', async () => {
    await post(JSON_TYPE, '[{"id":1,"a":"x","b":1.5},{"id":2,"a":"y","b":2.5}]', '?op=upsert&key=id');
    await post(CSV, 'id,b\n2,7\n3,8\n');
    await post(NDJSON, '{"id":1}', '?op=delete');
    expect(await read('json')).toBe('[{"id":2,"a":"y","b":7.0},{"id":3,"a":null,"b":8.0}]');
  });

  test('values take the type of the table’s column, also while that only waits in the stage', async () => {
    await post(ARROW, arrowOf([{ n: 1 }], { types: { n: int32() } }), '?commit=hold');
    expect((await post(JSON_TYPE, '[{"n":2}]', '?op=append')).status).toBe(200);
    expect([await types(), await read('json')]).toEqual([{ n: 'int32' }, '[{"n":1},{"n":2}]']);
  });

  test('a column without any value yet gets its type when the first one comes', async () => {
    for (const error of ['null', 'null', '"late"'])
      expect((await post(JSON_TYPE, `[{"n":1,"error":${error}}]`, '?op=append')).status).toBe(200);
    expect(await read('csv')).toBe('n,error\n1,\n1,\n1,late\n');
  });

  test('a body that replaces the table may bring other types, and keeps those that fit', async () => {
    await post(ARROW, arrowOf([{ n: 1, m: 1 }], { types: { n: int32(), m: int32() } }));
    await post(CSV, 'm,n\n5,one\n');
    expect(await types()).toEqual({ m: 'int32', n: 'utf8' });
    await post(JSON_TYPE, '[]');
    expect([await types(), (await info()).rows]).toEqual([{ m: 'int32', n: 'utf8' }, 0]);
  });

  test('64-bit integers keep all their digits', async () => {
    await post(JSON_TYPE, '[{"n":9007199254740993,"u":18446744073709551615}]');
    expect(await read('json')).toBe('[{"n":9007199254740993,"u":18446744073709551615}]');
  });

  test.each(['json', 'csv'] as const)(
    'what a table gives as %s it takes again, to the same content',
    async (format) => {
      await post(
        JSON_TYPE,
        '[{"i":1,"f":0.1,"b":true,"t":"a \\"b\\",\\n","l":[1,null],"s":{"x":"y"}},{"t":""},{"i":-2}]',
      );
      const hash = async () =>
        (await readJson<{ content_hash: string }>(gateway.url, `tables/${table}?content_hash=true`))
          .content_hash;
      const before = [await hash(), await types(), await read('json')];
      const text = await read(format);
      await post(ARROW, arrowOf([]), '?op=append');
      expect((await post(format === 'json' ? JSON_TYPE : CSV, text, '?op=replace')).status).toBe(200);
      expect([await hash(), await types(), await read('json')]).toEqual(before);
    },
  );
});

describe('bodies in gzip', () => {
  test.each([
    [JSON_TYPE, '[{"a":1}]'],
    [CSV, 'a\n1\n'],
    [ARROW, arrowOf([{ a: 1 }], { types: { a: int32() } })],
  ])('of type %s are taken', async (type, body) => {
    const { answer } = await post(type, gzipSync(body), '', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ table, rows: 1 });
    expect(await read('json')).toBe('[{"a":1}]');
  });
});

describe('refused bodies', () => {
  const gzip = { 'content-encoding': 'gzip' };
  const bomb = gzipSync(Buffer.alloc(50_000_000, 'a\n'));
  const refusals: [number, string, RegExp, string, Body, Record<string, string>?][] = [
    [400, 'bad_body', /byte 8/, JSON_TYPE, '[{"n":1}'],
    [400, 'bad_body', /row 2/, CSV, 'n,m\n1,2\n3\n'],
    [400, 'bad_body', /line 2/, NDJSON, '{"n":1}\n17\n'],
    [400, 'bad_body', /UTF-8/, CSV, Uint8Array.of(0x6e, 0x0a, 0xff)],
    [400, 'bad_body', /empty/, CSV, ''],
    [400, 'bad_body', /gzip/, JSON_TYPE, '[{"n":1}]', gzip],
    [413, 'too_large', /10000 columns/, CSV, 'c,'.repeat(20_000)],
    [413, 'too_large', /64 levels/, JSON_TYPE, `[{"n":${'['.repeat(1000)}${']'.repeat(1000)}}]`],
    [413, 'too_large', /inflated/, CSV, bomb, gzip],
    [413, 'too_large', /./, CSV, 'n\n'.repeat(maxMessageBytes)],
    [415, 'unsupported_media_type', /text\/csv/, 'text/plain', 'n\n1\n'],
    [415, 'unsupported_media_type', /UTF-8/, 'text/csv; charset=iso-8859-1', 'n\n1\n'],
    [
      415,
      'unsupported_media_type',
      /gzip/,
      JSON_TYPE,
      brotliCompressSync('[]'),
      { 'content-encoding': 'br' },
    ],
    [422, 'bad_value', /"n", row 2 .*"one" .*int32/, CSV, 'n\n1\none\n'],
    [422, 'bad_value', /"n", row 1 .*1\.5/, NDJSON, '{"n":1.5}'],
    [422, 'bad_value', /"m", row 2/, JSON_TYPE, '[{"m":1},{"m":"x"}]'],
  ];

  test.each(refusals)(
    '%i %s, saying %s, for %s; the table stays',
    async (status, code, detail, type, body, headers) => {
      await post(ARROW, arrowOf([{ n: 1 }], { types: { n: int32() } }));
      const { version } = await info();
      const refused = await post(type, body, '?op=append', headers);
      expect([refused.status, refused.answer.code]).toEqual([status, code]);
      expect(refused.answer.detail).toMatch(detail);
      expect(await info()).toMatchObject({ version, rows: 1 });
      const { rejections } = await readJson<{ rejections: { table: string; code: string }[] }>(
        gateway.url,
        'rejections',
      );
      // What is too large to be read never becomes a publication.
      if (refused.answer.detail !== 'Request body is too large')
        expect(rejections[0]).toMatchObject({ table, code, source: 'http' });
      expect((await post(CSV, 'n\n2\n', '?op=append')).status).toBe(200);
    },
  );
});
