import {
  Decimal,
  Float64,
  Int64,
  Table,
  TimestampMicrosecond,
  TimestampMillisecond,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';

let gateway: InProcessGateway;
beforeEach(async () => {
  gateway = await startInProcess();
  gateway.publish(
    't',
    [
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
      { a: 3, b: 'z' },
    ],
    { op: 'append' },
  );
});
afterEach(() => gateway.close());

test('V1: rows come with version and epoch, and are not sent again while the table stays', async () => {
  const first = await gateway.request('tables/t.csv');
  const etag = first.headers.get('etag') ?? '';
  expect(first.headers.get('tablecast-version')).toBe('1');
  expect(first.headers.get('tablecast-epoch')).toBe(gateway.gateway.parts.log.epoch);
  gateway.publish('other', [{ n: 1 }]);
  const again = await gateway.request('tables/t.csv', { headers: { 'if-none-match': etag } });
  expect([again.status, again.headers.get('tablecast-version')]).toEqual([304, '2']);
  gateway.publish('t', [{ a: 4, b: 'w' }], { op: 'append' });
  expect(await gateway.request('tables/t.csv', { headers: { 'if-none-match': etag } })).toMatchObject({
    status: 200,
    text: expect.stringContaining('w'),
  });
});

test('V2: columns are selected in the order asked for, rows by limit and offset', async () => {
  expect((await gateway.request('tables/t.csv?columns=b,a&offset=1&limit=1')).text).toBe('b,a\ny,2.0\n');
  expect(await gateway.request('tables/t.csv?columns=c')).toMatchObject({ status: 400 });
});

test('V3: since= gives what was written after, or all where that does not do', async () => {
  gateway.publish('t', [{ a: 4, b: 'w' }], { op: 'append', retention: { max_rows: 3 } });
  const { epoch } = gateway.gateway.parts.log;
  const read = async (query: string) => {
    const { json, headers } = await gateway.request(`tables/t.json?${query}`);
    return [headers.get('tablecast-change'), headers.get('tablecast-drop-first'), (json as unknown[]).length];
  };
  expect(await read(`since=1&epoch=${epoch}`)).toEqual(['delta', '1', 1]);
  expect(await read('since=1')).toEqual(['delta', '1', 1]);
  expect(await read('since=1&epoch=other')).toEqual(['snapshot', null, 3]);
  expect(await read('since=99')).toEqual(['snapshot', null, 3]);
  gateway.publish('k', [{ k: 'a' }, { k: 'b' }], { key: 'k' });
  gateway.publish('k', [{ k: 'a' }], { op: 'delete' });
  expect((await gateway.request('tables/k.json?since=3')).headers.get('tablecast-change')).toBe('snapshot');
});

test('V19: values are exact', async () => {
  const decimal = new Decimal(2, 10, 128);
  const table = new Table({
    large: vectorFromArray([9_007_199_254_740_993n], new Int64()),
    float: vectorFromArray([17], new Float64()),
    nothing: vectorFromArray([Number.NaN], new Float64()),
    price: vectorFromArray([Uint32Array.of(1250, 0, 0, 0)], decimal),
    zoned: vectorFromArray([1_795_253_400_000], new TimestampMillisecond('UTC')),
    ahead: vectorFromArray([1_795_253_400_000], new TimestampMicrosecond('Europe/Oslo')),
  });
  gateway.send('v', tableToIPC(table, 'stream'));
  expect((await gateway.request('tables/v.json')).text).toBe(
    '[{"large":9007199254740993,"float":17.0,"nothing":null,"price":"12.50",' +
      '"zoned":"2026-11-21T09:30:00.000Z","ahead":"2026-11-21T10:30:00.000000+01:00"}]',
  );
  expect((await gateway.request('tables/v.csv?columns=nothing,price')).text).toBe(
    'nothing,price\nNaN,12.50\n',
  );
});
