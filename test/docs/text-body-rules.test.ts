import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';

const JSON_TYPE = 'application/json';
const CSV = 'text/csv';
let gateway: InProcessGateway;

beforeEach(async () => {
  gateway = await startInProcess();
});
afterEach(() => gateway.close());

function post(path: string, type: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  return gateway.request(path, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: body as BodyInit,
  });
}

async function types(): Promise<string[]> {
  const { json } = await gateway.request('tables/t');
  return (json as { schema: { name: string; type: string }[] }).schema.map(
    ({ name, type }) => `${name}: ${type}`,
  );
}

describe('rows as text', () => {
  test('P24: may come in gzip', async () => {
    const { status } = await post('tables/t', CSV, gzipSync('n\n1\n'), { 'content-encoding': 'gzip' });
    expect([status, await gateway.rows('t')]).toEqual([200, [{ n: 1 }]]);
  });

  test('P14: of columns of one name in a header the second is n_2', async () => {
    await post('tables/t', CSV, 'n,n\n1,2\n');
    expect(await gateway.rows('t')).toEqual([{ n: 1, n_2: 2 }]);
  });

  test.each([
    [JSON_TYPE, '[{"n":1}'],
    ['application/x-ndjson', '{"n":1}\n[]'],
    [CSV, 'n,m\n1\n'],
    [JSON_TYPE, '[{"n":1,"n":2}]'],
  ])('P30: %s that does not parse is bad_body: %s', async (type, body) => {
    expect(await post('tables/t', type, body)).toMatchObject({ status: 400, json: { code: 'bad_body' } });
    expect((await gateway.request('tables/t')).status).toBe(404);
  });

  test('P31: a column that the table has keeps its type, exactly', async () => {
    gateway.publish('t', [{ at: 0n, n: 1 }], { op: 'replace' }, { at: 'timestamp[ns, UTC]', n: 'int8' });
    await post('tables/t?op=append', CSV, 'at,n\n2026-11-21 09:30:00.123456789Z,5.0\n');
    await post('tables/t?op=append', JSON_TYPE, '[{"at":"2026-11-21T10:30:00+01:00","n":"7"}]');
    expect(await gateway.rows('t')).toEqual([
      { at: '1970-01-01T00:00:00.000000000Z', n: 1 },
      { at: '2026-11-21T09:30:00.123456789Z', n: 5 },
      { at: '2026-11-21T09:30:00.000000000Z', n: 7 },
    ]);
    for (const row of ['{"n":128}', '{"n":1.5}', '{"at":"2026-11-21T09:30:00"}', '{"at":1732181400000}'])
      expect(await post('tables/t?op=append', JSON_TYPE, `[${row}]`)).toMatchObject({
        status: 422,
        json: { code: 'bad_value', detail: expect.stringContaining('row 1') },
      });
  });

  test('P32: types of new columns are those that pandas finds', async () => {
    await post('tables/t', CSV, 'i,f,b,t,d,x\n1,17.0,True,a,2026-11-21,1\n,2,false,,,x\n');
    expect(await types()).toEqual(['i: int64', 'f: float64', 'b: bool', 't: utf8', 'd: utf8', 'x: utf8']);
    expect(await post('tables/t', JSON_TYPE, '[{"q":1},{"q":"a"}]')).toMatchObject({ status: 422 });
  });

  test('P33: replace keeps a type that all values fit, and new columns without a value wait', async () => {
    gateway.publish('t', [{ a: 1, b: 1 }], {}, { a: 'int8', b: 'int8' });
    await post('tables/t', JSON_TYPE, '[{"a":2,"b":300,"c":null}]');
    expect(await types()).toEqual(['a: int8', 'b: int64', 'c: null']);
    await post('tables/t?op=append', JSON_TYPE, '[{"a":2,"d":null}]');
    expect(await types()).toEqual(['a: int8', 'b: int64', 'c: null']);
    await post('tables/t?op=append', JSON_TYPE, '[{"d":"now"}]');
    expect(await types()).toEqual(['a: int8', 'b: int64', 'c: null', 'd: utf8']);
  });

  test('P34: an Idempotency-Key lets a publication be done once', async () => {
    const key = { 'idempotency-key': 'order 17' };
    const first = await post('tables/t?op=append', JSON_TYPE, '[{"n":1}]', key);
    const again = await post('tables/t?op=append', JSON_TYPE, '[{"n":1}]', key);
    expect([again.status, again.json]).toEqual([200, first.json]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await gateway.rows('t')).toEqual([{ n: 1 }]);
    expect(await post('tables/t?op=append', JSON_TYPE, '[{"n":2}]', key)).toMatchObject({
      status: 409,
      json: { code: 'idempotency_conflict' },
    });
  });
});
