import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postRows } from '../support/gateway-http.ts';
import { rawRequest } from '../support/raw-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

let gateway: SpawnedGateway;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
  const row = (n: number) => ({ n, text: `the ${n % 7}th word of seven` });
  await postRows(gateway.url, 'small', [row(1)]);
  for (const [name, count] of [
    ['middle', 200],
    ['large', 30_000],
  ] as const)
    await postRows(
      gateway.url,
      name,
      Array.from({ length: count }, (_, n) => row(n)),
    );
  // "H," reads like the header of a zlib stream (RFC 1950).
  await postRows(
    gateway.url,
    'lookalike',
    Array.from({ length: 500 }, (_, n) => ({ H: n, W: n })),
  );
});
afterAll(() => gateway?.close());

function get(path: string, accept?: string, more: Record<string, string> = {}, method = 'GET') {
  const headers = { ...(accept === undefined ? {} : { 'accept-encoding': accept }), ...more };
  return rawRequest(new URL(path, gateway.url), { headers, method });
}

/** Rates are others each second. */
const withoutRates = (body: Buffer) => body.toString().replaceAll(/"rows_per_s":[\d.]+/g, '');

const decoders = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync };
const encodings = Object.keys(decoders) as (keyof typeof decoders)[];
const bodies = ['middle', 'large', 'lookalike'].flatMap((table) =>
  ['arrow', 'json', 'csv'].map((format) => `tables/${table}.${format}`),
);

describe.each(encodings)('%s', (encoding) => {
  test.each(bodies)('of %s decodes to the same bytes and is smaller', async (path) => {
    const plain = await get(path);
    const encoded = await get(path, encoding);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(encoded.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
    expect(encoded.headers['content-type']).toBe(plain.headers['content-type']);
    expect(decoders[encoding](encoded.body).equals(plain.body)).toBe(true);
    expect(encoded.body.length).toBeLessThan(plain.body.length);
  });

  test('is revalidated by its own tag and has the same HEAD', async () => {
    for (const path of bodies) {
      const { headers } = await get(path, encoding);
      const same = await get(path, encoding, { 'if-none-match': headers.etag! });
      expect([same.status, same.headers.etag, same.headers.vary]).toEqual([
        304,
        headers.etag,
        'accept-encoding',
      ]);
      const { headers: head } = await get(path, encoding, {}, 'HEAD');
      expect({ ...head, 'transfer-encoding': '', date: '' }).toEqual({
        ...headers,
        'transfer-encoding': '',
        date: '',
      });
    }
  });
});

test('encodings are chosen by weight, and none where none is accepted', async () => {
  const chosen: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['zstd', undefined],
    ['gzip;q=0', undefined],
    ['*;q=0', undefined],
    ['gzip;q=0.5, identity;q=1', undefined],
    ['gzip, br', 'br'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *;q=0.5', 'gzip'],
    ['deflate;q=nonsense, gzip;q=0.001', 'gzip'],
  ];
  for (const [accept, encoding] of chosen) {
    const { headers, status } = await get('tables/middle.csv', accept);
    expect([accept, status, headers['content-encoding']]).toEqual([accept, 200, encoding]);
  }
});

test('a small body stays as it is and says its length, whatever is accepted', async () => {
  for (const format of ['arrow', 'json', 'csv']) {
    const { headers, body } = await get(`tables/small.${format}`, 'gzip');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers['content-length']).toBe(String(body.length));
  }
});

test('a body that was not made whole beforehand has no length, and ends', async () => {
  const { headers, body } = await get('tables/large.json');
  expect(headers).not.toHaveProperty('content-length');
  expect(JSON.parse(body.toString())).toHaveLength(30_000);
});

test('JSON answers and the page are encoded too, and the page revalidated', async () => {
  for (let n = 0; n < 10; n++) await postRows(gateway.url, `more-${n}`, [{ n }]);
  for (const path of ['tables', '']) {
    const plain = await get(path);
    const encoded = await get(path, 'gzip');
    expect(encoded.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(withoutRates(gunzipSync(encoded.body))).toBe(withoutRates(plain.body));
  }
  const page = (await get('')).body.toString();
  const assets = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, asset]) => asset!);
  expect(assets.length).toBeGreaterThan(1);
  for (const asset of assets) {
    const encoded = await get(asset, 'br');
    expect(encoded.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(encoded.body).equals((await get(asset)).body)).toBe(true);
    const same = await get(asset, 'br', { 'if-none-match': encoded.headers.etag! });
    expect([same.status, same.body.length]).toEqual([304, 0]);
  }
});
