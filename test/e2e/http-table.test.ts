import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import { readDocument, tableRows } from '../docs/markdown.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type Answer, exchange, exchangeBytes } from './http-exchange.ts';
import { HTTP_TABLE, MAX_MESSAGE_BYTES, MAX_STAGED_BYTES } from './http-table.ts';
import { MALFORMED } from './http-table-malformed.ts';
import { FRIEND, posted, rows, VIEW_TOKEN, WRITE_TOKEN } from './http-table-routes.ts';

let open: SpawnedGateway;
let guarded: SpawnedGateway;
const arrow = arrowOf(rows);
const right = { authorization: `Bearer ${WRITE_TOKEN}` };

beforeAll(async () => {
  const sockets = { connect: 'none', bind: 'none', pull: 'none' };
  const limits = ['--max-message-bytes', `${MAX_MESSAGE_BYTES}`, '--max-staged-bytes', `${MAX_STAGED_BYTES}`];
  const env = { TABLECAST_VIEW_TOKEN: VIEW_TOKEN, TABLECAST_WRITE_TOKEN: WRITE_TOKEN };
  [open, guarded] = await Promise.all([
    spawnGateway({ ...sockets, args: limits }),
    spawnGateway({ ...sockets, args: ['--allow-origin', FRIEND], env }),
  ]);
  for (const gateway of [open, guarded]) {
    await write(gateway, '/tables/words', arrowOf([{ w: 'text' }]));
    await write(gateway, '/tables/words?op=append', arrowOf([{ w: 'text' }]), { 'idempotency-key': 'used' });
  }
});
afterAll(async () => {
  await open?.close();
  await guarded?.close();
});

async function write(
  gateway: SpawnedGateway,
  path: string,
  body: Uint8Array,
  more: Record<string, string> = {},
) {
  const request = posted(body);
  const headers = { ...request.headers, ...more, ...right };
  const answer = await exchange(gateway.url, { ...request, path, headers });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as { version: number };
}

async function tables(gateway: SpawnedGateway): Promise<unknown> {
  const { body } = await exchange(gateway.url, { method: 'GET', path: '/tables', headers: right });
  const answer = JSON.parse(body) as { version: number; tables: { name: string; rows: number }[] };
  return { version: answer.version, tables: answer.tables.map((table) => [table.name, table.rows]) };
}

function expectProblem({ status, headers, body }: Answer, code: ErrorCode, names: RegExp): void {
  expect([status, headers['content-type']]).toEqual([
    ERRORS[code].status,
    expect.stringMatching(/^application\/problem\+json/),
  ]);
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code, title: ERRORS[code].meaning });
  expect(problem.detail).toMatch(names);
}

describe('the table of exchanges', () => {
  test.each(HTTP_TABLE)('$gateway: $method $path, $about: $status $code', async (one) => {
    const gateway = one.gateway === 'open' ? open : guarded;
    const { version } = await write(gateway, '/tables/cities?op=replace&key=k', arrow);
    const answer = await exchange(gateway.url, one);
    expect(answer.status, answer.body).toBe(one.status);
    if (one.status < 400) return;
    const untouched = {
      version,
      tables: expect.arrayContaining([
        ['cities', 2],
        ['words', 2],
      ]),
    };
    expect(await tables(gateway)).toEqual(untouched);
    expect(answer.headers['cache-control']).toBe('no-store');
    if (one.status === 405) expect(answer.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    if (one.status === 401)
      expect(answer.headers['www-authenticate'] ?? one.path).toMatch(/^Bearer|^\/login/);
    if (one.method === 'HEAD') expect(answer.body).toBe('');
    else if (one.code === null) expect(answer.body).toContain('<form method="post"');
    else expectProblem(answer, one.code!, one.names!);
  });

  test('has every route, and no answer of it is meant to be a fault of the gateway', async () => {
    const listed = tableRows(readDocument('README.md'), ['route', 'does']).map(([route = '']) =>
      route.slice(1, -1),
    );
    const described = await exchange(open.url, { method: 'GET', path: '/docs/json' });
    const { paths = {} } = (described.status === 200 ? JSON.parse(described.body) : {}) as {
      paths?: Record<string, object>;
    };
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods))
        listed.push(`${method.toUpperCase()} ${path.replace(/\{\w+\}/, 'NAME')}`);
    const tried = new Set(HTTP_TABLE.filter(({ status }) => status < 400).map(({ route }) => route));
    expect(listed.length).toBeGreaterThan(20);
    // What a saved dashboard answers depends on what was asked before; dashboards.test.ts goes through that.
    const isTriedElsewhere = (route: string) =>
      route.startsWith('HEAD') || route.endsWith('/dashboards/NAME');
    expect(listed.filter((route) => !tried.has(route) && !isTriedElsewhere(route))).toEqual([]);
    expect(HTTP_TABLE.filter(({ status }) => status >= 500)).toEqual([]);
  });

  test('lets pages of an allowed origin read what others may not', async () => {
    for (const [gateway, origin, allowed] of [
      [open, 'https://evil.example', undefined],
      [guarded, 'https://evil.example', undefined],
      [guarded, FRIEND, FRIEND],
    ] as const) {
      const { headers } = await exchange(gateway.url, {
        method: 'GET',
        path: '/tables',
        headers: { origin, ...right },
      });
      expect(headers['access-control-allow-origin']).toBe(allowed);
    }
  });
});

describe('bytes that are no request as it should be', () => {
  test.each(MALFORMED)('%s', async (_title, bytes, names) => {
    const answer = await exchangeBytes(open.url, bytes);
    if (names === null) expect(answer.status).toBe(200);
    else expectProblem(answer, 'bad_parameter', names);
    expect((await exchange(open.url, { method: 'GET', path: '/healthz' })).status).toBe(200);
  });
});
