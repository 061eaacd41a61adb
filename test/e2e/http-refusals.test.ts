import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf } from '../support/arrow-messages.ts';
import { postRows, readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

const maxMessageBytes = 100_000;
const stream = 'application/vnd.apache.arrow.stream';
let gateway: SpawnedGateway;
let testCount = 0;
/** Keyed by `k`, with two rows, of this test alone. */
let table: string;

beforeAll(async () => {
  gateway = await spawnGateway({
    connect: 'none',
    bind: 'none',
    pull: 'none',
    args: ['--max-message-bytes', `${maxMessageBytes}`],
  });
});
beforeEach(async () => {
  table = `table-${++testCount}`;
  const rows = [
    { k: 'x', n: 1 },
    { k: 'y', n: 2 },
  ];
  await postRows(gateway.url, table, rows, '?op=upsert&key=k');
});
afterAll(() => gateway?.close());

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path.replaceAll('TABLE', table), gateway.url), init);
}
const info = () => readJson<{ version: number; rows: number }>(gateway.url, `tables/${table}`);

const arrow = () => arrowOf([{ k: 'x', n: 1 }]);
const posted = (body: () => Uint8Array | string, type = stream): (() => RequestInit) => {
  return () => ({ method: 'POST', headers: { 'content-type': type }, body: body() as BodyInit });
};
const crossSite: HeadersInit = { 'sec-fetch-site': 'cross-site' };

const refusals: [number, string, string, () => RequestInit][] = [
  [400, 'bad_parameter', 'tables/TABLE.json?limit=-1', () => ({})],
  [400, 'bad_parameter', 'tables/TABLE.json?offset=1.5', () => ({})],
  [400, 'bad_parameter', 'tables/TABLE.csv?columns=nowhere', () => ({})],
  [400, 'bad_parameter', 'tables/TABLE.arrow?since=yesterday', () => ({})],
  [400, 'bad_parameter', 'update_data?wait=drawn', () => ({})],
  [400, 'bad_parameter', 'update_data?wait=rendered&timeout_ms=soon', () => ({})],
  [400, 'bad_parameter', 'tables/TABLE?commit=later', posted(arrow)],
  [400, 'bad_parameter', 'update_data', posted(arrow)],
  [400, 'bad_name', 'tables/two%20words', posted(arrow)],
  [400, 'bad_name', 'tables/%24control', posted(arrow)],
  [400, 'bad_name', 'tables/prices.csv', posted(arrow)],
  [400, 'bad_name', 'update_data?table=%00', () => ({})],
  [400, 'bad_parameter', 'tables/%FF', () => ({})],
  [400, 'not_arrow', 'tables/TABLE', posted(() => 'k,n\nx,1\n')],
  [400, 'arrow_truncated', 'tables/TABLE', posted(() => arrow().subarray(0, 300))],
  [403, 'cross_site', 'update_data', () => ({ headers: crossSite })],
  [403, 'cross_site', 'tables/TABLE', () => ({ method: 'DELETE', headers: crossSite })],
  [403, 'cross_site', 'tables/TABLE', () => ({ method: 'POST', headers: crossSite, body: 'x' })],
  [404, 'no_such_table', 'tables/nowhere', () => ({})],
  [404, 'no_such_table', 'tables/nowhere.csv', () => ({})],
  [404, 'no_such_table', 'tables/nowhere', () => ({ method: 'DELETE' })],
  [404, 'no_such_table', 'update_data?table=nowhere', () => ({})],
  [404, 'no_such_route', 'no/such/route', () => ({})],
  [405, 'method_not_allowed', 'update_data', () => ({ method: 'PUT' })],
  [405, 'method_not_allowed', 'update_data', () => ({ method: 'DELETE' })],
  [405, 'method_not_allowed', 'tables', () => ({ method: 'DELETE' })],
  [405, 'method_not_allowed', 'tables/TABLE', () => ({ method: 'PUT' })],
  [405, 'method_not_allowed', 'healthz', () => ({ method: 'POST' })],
  [409, 'key_mismatch', 'tables/TABLE?op=upsert&key=n', posted(arrow)],
  [413, 'too_large', 'tables/TABLE', posted(() => 'x'.repeat(maxMessageBytes + 1))],
  [415, 'unsupported_media_type', 'tables/TABLE', posted(() => '<k/>', 'application/xml')],
  [422, 'type_mismatch', 'tables/TABLE', posted(() => arrowOf([{ k: 'x', n: 'one' }]))],
  [422, 'missing_key_column', 'tables/TABLE', posted(() => arrowOf([{ n: 1 }]))],
  [422, 'unknown_op', 'tables/TABLE?op=merge', posted(arrow)],
  [422, 'missing_key', 'tables/TABLE-2?op=upsert', posted(arrow)],
];

describe('refusals', () => {
  test.each(refusals)('%i %s for %s, as a problem that no cache keeps', async (status, code, path, init) => {
    const { version } = await info();
    const response = await request(path, init());
    const problem = (await response.json()) as { status: number; code: string; detail: string };
    expect([response.status, problem]).toMatchObject([status, { status, code }]);
    expect(problem.detail.length).toBeGreaterThan(10);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    if (status === 405) expect(response.headers.get('allow')).toMatch(/GET/);
    expect(await info()).toMatchObject({ version, rows: 2 });
  });

  test('HEAD of /update_data is 405 and commits nothing', async () => {
    const { version } = await info();
    expect((await request('update_data', { method: 'HEAD' })).status).toBe(405);
    expect((await info()).version).toBe(version);
  });

  test('/update_data is no-store, and taken from the same site and from programs', async () => {
    for (const site of ['same-origin', 'none']) {
      const response = await request('update_data', { headers: { 'sec-fetch-site': site } });
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
  });
});
