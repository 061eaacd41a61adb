import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { XPublisher } from 'zeromq';
import { arrowOf, busMessage, int32, type PlainRow } from '../support/arrow-messages.ts';
import { readJson, readTable } from '../support/gateway-http.ts';
import { bigEndianSchema, compressedBytes } from '../support/hostile-messages.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

interface Rejection {
  at_ms: number;
  source: string;
  table: string | null;
  code: string;
  detail: string;
}
interface Rejections {
  count: number;
  rejections: Rejection[];
}

const maxMessageBytes = 200_000;
const maxStagedBytes = 400_000;
let gateway: SpawnedGateway;
let push: PushSocket;
let watch: LiveClient;
/** This test's table: keyed by `k`, with a number `n` and a text `text`. */
let table: string;
let testCount = 0;
const rows: readonly PlainRow[] = [
  { k: 'x', n: 1, text: 'one' },
  { k: 'y', n: 2, text: 'two' },
];

beforeAll(async () => {
  const limits = ['--max-message-bytes', `${maxMessageBytes}`, '--max-staged-bytes', `${maxStagedBytes}`];
  gateway = await spawnGateway({ args: limits });
  push = openPush(gateway.pull);
  watch = await openLiveClient(gateway.wsUrl);
  await watch.subscribe('*');
});
beforeEach(async () => {
  table = `table-${++testCount}`;
  await push.publish(table, rows, { key: 'k' });
  await watch.next('commit');
});
afterAll(async () => {
  watch?.close();
  push?.close();
  await gateway?.close();
});

const get = <T>(path: string) => readJson<T>(gateway.url, path);

/** Sends what is to be rejected, and resolves with the one rejection that came of it. */
async function rejectionOf(send: () => Promise<unknown>): Promise<Rejection> {
  const before = (await get<Rejections>('rejections')).count;
  await send();
  const after = await waitFor(
    async () => {
      const list = await get<Rejections>('rejections');
      return list.count > before && list;
    },
    { what: 'a rejection' },
  );
  expect(after.count).toBe(before + 1);
  return after.rejections[0]!;
}

async function expectTableWorks(): Promise<void> {
  expect(await readTable(gateway.url, table)).toMatchObject({ rows });
  expect(watch.rows(table)).toEqual(rows);
  await push.publish(table, [{ k: 'z', n: 3, text: 'three' }]);
  expect((await watch.next('commit')).changes).toMatchObject([{ table, op: 'upsert', rows: 1 }]);
  expect(watch.rows(table)).toEqual([...rows, { k: 'z', n: 3, text: 'three' }]);
}

const good = () => arrowOf(rows);
/** The second offset of the texts says that they reach far behind the end of the buffer. */
function withOffsetOutside(): Uint8Array {
  const bytes = Buffer.from(arrowOf([{ k: 'x'.repeat(12_345) }]));
  const offsets = Buffer.alloc(8);
  offsets.writeInt32LE(12_345, 4);
  bytes.writeInt32LE(2_000_000_000, bytes.lastIndexOf(offsets) + 4);
  return bytes;
}

const arrowCases: [string, string, () => Uint8Array][] = [
  ['text', 'not_arrow', () => Buffer.from('symbol,price\nAAA,1\n')],
  ['JSON', 'not_arrow', () => Buffer.from(JSON.stringify(rows))],
  ['gzip', 'not_arrow', () => gzipSync(good())],
  ['a single word', 'not_arrow', () => Buffer.from('hi')],
  ['nothing', 'not_arrow', () => Buffer.alloc(0)],
  ['a frame of zeros', 'not_arrow', () => Buffer.alloc(64)],
  ['half a stream', 'arrow_truncated', () => good().subarray(0, good().length / 2)],
  ['a stream that ends within its body', 'arrow_truncated', () => good().subarray(0, good().length - 40)],
  ['offsets that point outside', 'arrow_invalid', withOffsetOutside],
  ['text for a number', 'type_mismatch', () => arrowOf([{ k: 'x', n: 'one' }])],
  ['another number type', 'type_mismatch', () => arrowOf([{ k: 'x', n: 1 }], { types: { n: int32() } })],
  ['no key column', 'missing_key_column', () => arrowOf([{ n: 1 }])],
  ['big-endian data', 'arrow_unsupported', bigEndianSchema],
  ['a compression of no known kind', 'arrow_unsupported', () => compressedBytes({ codec: 7 })],
  ['a compressed buffer that is none', 'arrow_invalid', () => compressedBytes({ codec: 1 })],
  ['more bytes than the limit', 'too_large', () => arrowOf([{ k: 'x'.repeat(maxMessageBytes) }])],
];

describe('a publication that cannot be taken is rejected whole, and the table takes the next', () => {
  test.each(arrowCases)('%s is %s', async (_, code, arrow) => {
    const sentAtMs = Date.now();
    const rejection = await rejectionOf(() => push.send(table, arrow()));
    expect(rejection).toMatchObject({ table, code, source: 'pull' });
    expect(rejection.detail.length).toBeGreaterThan(10);
    expect(Math.abs(rejection.at_ms - sentAtMs)).toBeLessThan(10_000);
    const { last_error } = await get<{ last_error: unknown }>(`tables/${table}`);
    expect(last_error).toEqual({ code, detail: rejection.detail, at_ms: rejection.at_ms });
    await expectTableWorks();
  });

  test.each([
    ['no JSON', '{', 'bad_header'],
    ['a list', '[]', 'bad_header'],
    ['a text', '"replace"', 'bad_header'],
    ['null', 'null', 'bad_header'],
    ['a key of a number', '{"key":1}', 'bad_header'],
    ['an empty key', '{"key":[]}', 'bad_header'],
    ['a commit of no kind', '{"commit":"later"}', 'bad_header'],
    ['a negative retention', '{"retention":{"max_rows":-1}}', 'bad_header'],
    ['a snapshot that appends', '{"snapshot":true,"op":"append"}', 'bad_header'],
    ['an unknown op', '{"op":"merge"}', 'unknown_op'],
    ['an op of another case', '{"op":"Append"}', 'unknown_op'],
    ["a key that is not the table's", '{"key":"n"}', 'key_mismatch'],
    ['a key column that is not there', '{"op":"replace","key":"nowhere"}', 'missing_key_column'],
  ])('a header of %s (%s) is %s', async (_, header, code) => {
    const rejection = await rejectionOf(() => push.publish(table, rows, header));
    expect(rejection).toMatchObject({ table, code });
    expect(await get(`tables/${table}`)).toMatchObject({ last_error: { code } });
    await expectTableWorks();
  });

  test.each([
    ['one frame', () => [table]],
    ['four frames', () => [table, '{}', good(), good()]],
  ])('%s is bad_frames', async (_, frames) => {
    expect(await rejectionOf(() => push.send(...frames()))).toMatchObject({ table, code: 'bad_frames' });
    await expectTableWorks();
  });

  test.each([
    ['control characters', 'pri\u0000ces\n'],
    ['an escape sequence', '\u001b[31mred'],
    ['a space', 'two words'],
    ['a path', '../etc/passwd'],
    ['nothing', ''],
    ['the reserved prefix', '$prices'],
    ['the end of a data file', 'prices.csv'],
    ['more than 128 bytes', 'é'.repeat(65)],
    ['bytes that are no UTF-8', Buffer.from([0x70, 0xff, 0xfe])],
  ])('a name of %s is bad_name', async (_, name) => {
    const { tables: before } = await get<{ tables: unknown[] }>('tables');
    expect(await rejectionOf(() => push.publish(name, rows))).toMatchObject({
      table: null,
      code: 'bad_name',
    });
    const { tables: after } = await get<{ tables: unknown[] }>('tables');
    expect(after.length).toBe(before.length);
    await expectTableWorks();
  });

  test('an upsert where nothing has a key is missing_key, and makes no table', async () => {
    const rejection = await rejectionOf(() => push.publish('never-made', rows, { op: 'upsert' }));
    expect(rejection).toMatchObject({ table: 'never-made', code: 'missing_key' });
    expect((await fetch(new URL('tables/never-made', gateway.url))).status).toBe(404);
  });

  test('what a SUB socket brings is rejected the same way', async () => {
    const socket = new XPublisher({ linger: 0 });
    try {
      socket.connect(gateway.bind);
      // Once it is subscribed to, nothing that it sends is lost.
      await socket.receive();
      const bad = busMessage(table, Buffer.from('no arrow')) as (string | Buffer)[];
      expect(await rejectionOf(() => socket.send(bad))).toMatchObject({
        table,
        code: 'not_arrow',
        source: 'sub',
      });
    } finally {
      socket.close();
    }
    await expectTableWorks();
  });

  test('what HTTP brings is answered and listed', async () => {
    const rejection = await rejectionOf(async () => {
      const response = await fetch(new URL(`tables/${table}`, gateway.url), {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
        body: 'no arrow',
      });
      expect([response.status, await response.json()]).toMatchObject([400, { code: 'not_arrow' }]);
    });
    expect(rejection).toMatchObject({ table, code: 'not_arrow', source: 'http' });
    await expectTableWorks();
  });
});

test('a full stage rejects what is held, and is free again after /update_data', async () => {
  const half = arrowOf([{ k: 'x'.repeat(150_000) }]);
  const hold = { commit: 'hold', op: 'replace' };
  await push.publish('held', half, hold);
  await push.publish('held', half, hold);
  expect(await rejectionOf(() => push.publish('held', half, hold))).toMatchObject({
    table: 'held',
    code: 'stage_full',
  });
  expect(await get('tables/held')).toMatchObject({ staged: 2, last_error: { code: 'stage_full' } });
  await fetch(new URL('update_data', gateway.url));
  await watch.next('commit');
  await push.publish('held', half, hold);
  await waitFor(async () => (await get<{ staged: number }>('tables/held')).staged === 1, {
    what: 'the next held publication',
  });
});

test('a flood of bad messages loses no good one, and the list keeps the newest hundred', async () => {
  const before = (await get<Rejections>('rejections')).count;
  const count = 500;
  for (let n = 0; n < count; n++) {
    await push.send(n === count - 1 ? 'last' : 'flood', 'not arrow');
    if (n % 10 === 0) await push.publish('between', [{ n }], { op: 'append' });
  }
  await waitFor(async () => (await get<Rejections>('rejections')).count === before + count, {
    what: 'all rejections',
  });
  const { rejections } = await get<Rejections>('rejections');
  expect(rejections.length).toBe(100);
  expect(rejections.map((rejection) => rejection.table).indexOf('last')).toBe(0);
  const expected = Array.from({ length: count / 10 }, (_, i) => ({ n: i * 10 }));
  await waitFor(() => watch.rows('between')?.length === expected.length, { what: 'the good ones' });
  expect(watch.rows('between')).toEqual(expected);
  expect(watch.faults).toEqual([]);
});

test('a table tells what was rejected while its first publication was on its way', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `early-${i}`);
  // They arrive together, so that some are refused before their table is there.
  for (const name of names) {
    await push.publish(name, rows, { key: 'k' });
    await push.send(name, Buffer.from('no Arrow'));
  }
  for (const name of names) {
    const lastError = async () => {
      const response = await fetch(new URL(`tables/${name}`, gateway.url));
      return response.ok ? ((await response.json()) as { last_error: unknown }).last_error : null;
    };
    await waitFor(async () => (await lastError()) !== null, { what: `what was rejected of ${name}` });
    expect(await lastError()).toMatchObject({ code: 'not_arrow' });
  }
});
