import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf } from '../support/arrow-messages.ts';
import { readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

let gateway: SpawnedGateway;
let testCount = 0;
/** Both of this test alone. */
let table: string;
let key: string;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
beforeEach(() => {
  table = `table-${++testCount}`;
  key = `key-${testCount}`;
});
afterAll(() => gateway?.close());

interface PostOptions {
  readonly path?: string;
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly idempotencyKey?: string;
}

async function post(options: PostOptions = {}) {
  const { path = `tables/${table}?op=append`, body = '[{"n":1}]', type = 'application/json' } = options;
  const response = await fetch(new URL(path, gateway.url), {
    method: 'POST',
    headers: { 'content-type': type, 'idempotency-key': options.idempotencyKey ?? key },
    body: body as BodyInit,
  });
  return {
    status: response.status,
    isReplayed: response.headers.get('idempotency-replayed'),
    answer: (await response.json()) as Record<string, unknown>,
  };
}

const rows = async () => (await readJson<{ rows: number }>(gateway.url, `tables/${table}`)).rows;

describe('a request with an Idempotency-Key', () => {
  test.each([
    ['JSON', '[{"n":1}]', 'application/json'],
    ['Arrow', arrowOf([{ n: 1 }]), 'application/vnd.apache.arrow.stream'],
    ['much CSV', `n\n${'1\n'.repeat(200_000)}`, 'text/csv'],
  ])('of %s is done once, and answered again as before', async (_, body, type) => {
    const first = await post({ body, type });
    const count = await rows();
    const again = await post({ body, type });
    expect(first).toMatchObject({ status: 200, isReplayed: null, answer: { rows: count } });
    expect(again).toEqual({ ...first, isReplayed: 'true' });
    expect(await rows()).toBe(count);
  });

  test('to /update_data is done once too', async () => {
    const path = `update_data?table=${table}&op=append`;
    const first = await post({ path });
    expect(await post({ path })).toEqual({ ...first, isReplayed: 'true' });
    expect(await rows()).toBe(1);
  });

  test('is done once where many come together', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => post()));
    expect(new Set(all.map(({ answer }) => answer.version)).size).toBe(1);
    expect(all.filter(({ isReplayed }) => isReplayed === null)).toHaveLength(1);
    expect(await rows()).toBe(1);
  });

  test('is 409 with another body, table, parameter or type under the same key', async () => {
    await post();
    const others: PostOptions[] = [
      { body: '[{"n":2}]' },
      { path: `tables/${table}-2?op=append` },
      { path: `tables/${table}?op=append&commit=hold` },
      { path: `update_data?table=${table}&op=append` },
      { type: 'application/x-ndjson' },
    ];
    for (const other of others)
      expect(await post(other)).toMatchObject({ status: 409, answer: { code: 'idempotency_conflict' } });
    expect(await rows()).toBe(1);
  });

  test('may give its parameters in another order', async () => {
    await post({ path: `tables/${table}?op=append&commit=auto` });
    expect(await post({ path: `tables/${table}?commit=auto&op=append` })).toMatchObject({
      isReplayed: 'true',
    });
  });

  test('that was refused is not remembered: mended, it is done under the same key', async () => {
    expect(await post({ body: '[{"n":1]' })).toMatchObject({ status: 400 });
    expect(await post()).toMatchObject({ status: 200, isReplayed: null });
  });

  test.each([
    ['empty', ''],
    ['too long', 'k'.repeat(257)],
  ])('whose key is %s is bad_parameter', async (_, idempotencyKey) => {
    expect(await post({ idempotencyKey })).toMatchObject({ status: 400, answer: { code: 'bad_parameter' } });
    expect(await post({ idempotencyKey: key.padStart(256, 'k') })).toMatchObject({ status: 200 });
  });
});
