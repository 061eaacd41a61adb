import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { startInProcess } from '../docs/in-process-gateway.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import {
  type OpenApiDocument,
  type Operation,
  operationsOf,
  undescribed,
} from '../support/openapi-document.ts';
import { routesOf } from '../support/routes-of.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type Answer, exchange } from './http-exchange.ts';
import {
  BODIES,
  EXCHANGES,
  type Exchange,
  MAX_MESSAGE_BYTES,
  MEANT,
  rows,
  VIEW_TOKEN,
  WRITE_TOKEN,
} from './openapi-exchanges.ts';

const sockets = { connect: 'none', bind: 'none', pull: 'none' };
const env = { TABLECAST_VIEW_TOKEN: VIEW_TOKEN, TABLECAST_WRITE_TOKEN: WRITE_TOKEN };
const right = { authorization: `Bearer ${WRITE_TOKEN}` };
/** Faults, and what takes many requests at once or a broken disk. */
const UNPROVOKED = /^(500|503) /;

/** Kept, for a connection ends with its answer. */
let onlyViewer: Response | undefined;
let gateways: Record<'open' | 'guarded' | 'narrow', SpawnedGateway>;
let document: OpenApiDocument;
let operations: ReadonlyMap<string, Operation>;
/** Statuses and operations that came, such as `200 GET /tables`. */
const tried = new Set<string>();

beforeAll(async () => {
  const [open, guarded, narrow] = await Promise.all([
    spawnGateway({ ...sockets, args: ['--max-message-bytes', `${MAX_MESSAGE_BYTES}`] }),
    spawnGateway({ ...sockets, env }),
    spawnGateway({ ...sockets, env, args: ['--max-requests-per-second', '1', '--max-viewers', '1'] }),
  ]);
  gateways = { open, guarded, narrow };
  onlyViewer = await fetch(new URL('events', narrow.url), { headers: right });
  for (const path of ['/tables/cities?key=k', '/tables/gone?key=k', '/tables/words'])
    await publish(path, path.includes('words') ? [{ w: 'text' }] : rows);
  const answer = await exchange(open.url, { method: 'GET', path: '/docs/json' });
  document = JSON.parse(answer.body) as OpenApiDocument;
  operations = operationsOf(document);
});
afterAll(async () => {
  await onlyViewer?.body?.cancel();
  for (const gateway of Object.values(gateways ?? {})) await gateway.close();
});

async function publish(path: string, some: readonly Record<string, unknown>[]): Promise<void> {
  const headers = { 'content-type': 'application/vnd.apache.arrow.stream' };
  const answer = await exchange(gateways.open.url, {
    method: 'POST',
    path,
    headers,
    body: arrowOf(some as typeof rows),
  });
  expect(answer.status).toBe(200);
}

async function ask({ operation, gateway = 'open', headers = {}, ...options }: Exchange): Promise<Answer> {
  const [method = ''] = operation.split(' ');
  const own = gateway === 'guarded' ? right : {};
  const answer = await exchange(gateways[gateway].url, {
    ...options,
    method,
    headers: { ...own, ...headers },
  });
  tried.add(`${answer.status} ${operation}`);
  return answer;
}

function expectDescribed(operation: string, answer: Answer): void {
  expect(undescribed(document, operations.get(operation)!, answer)).toEqual([]);
}

describe('the OpenAPI document', () => {
  test('has all routes but the page and the WebSocket, and no others', async () => {
    const gateway = await startInProcess();
    const app = await createHttpServer(gateway.gateway.parts, {
      pageDirectory: '/there/is/no/page',
      logger: pino({ level: 'silent' }),
    });
    await app.ready();
    const routes = routesOf(app.printRoutes({ commonPrefix: false }))
      .filter(({ method, path }) => method !== 'HEAD' && !/^\/(live|docs.*)?$/.test(path))
      .map(({ method, path }) => `${method} ${path.replace('NAME', '{name}')}`);
    await app.close();
    await gateway.close();
    expect([...operations.keys()].toSorted()).toEqual(routes.toSorted());
  });

  test('says of each operation what it is, and what each parameter means', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const ids = [...operations.values()].map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { summary, tags, security, parameters = [] } of operations.values()) {
      expect([summary.length > 5, tags.length, Array.isArray(security)]).toEqual([true, 1, true]);
      for (const { name, description } of parameters) expect(description, name).toMatch(/\.$/);
    }
  });

  test.each(EXCHANGES)('describes $status of $operation: $path', async (one) => {
    const answer = await ask(one);
    expect(answer.status, answer.body).toBe(one.status);
    expectDescribed(one.operation, answer);
  });

  test.each(MEANT)('describes who may not do $operation', async ({ operation, path, headers = {}, body }) => {
    const { responses } = operations.get(operation)!;
    const one = { operation, path, status: 0, ...(body === undefined ? {} : { body }) };
    const refusals: [number, Partial<Exchange>][] = [
      [401, { gateway: 'guarded', headers: { ...headers, authorization: 'Bearer wrong' } }],
      [403, { headers: { ...headers, host: 'evil.example' } }],
    ];
    for (const [status, more] of refusals) {
      const isLogin = status === 401 && operation.endsWith(' /login');
      if (responses[status] === undefined || isLogin) continue;
      const answer = await ask({ ...one, ...more });
      expect(answer.status).toBe(status);
      expectDescribed(operation, answer);
    }
    if (responses[429] === undefined) return;
    let answer: Answer | null = null;
    for (let request = 0; answer?.status !== 429 && request < 100; request++)
      answer = await ask({
        ...one,
        gateway: 'narrow',
        headers: { ...headers, authorization: 'Bearer wrong' },
      });
    expect(answer!.status).toBe(429);
    expectDescribed(operation, answer!);
  });

  test('describes a link that logs in, once', async () => {
    const { body } = await ask({
      operation: 'POST /login-link',
      path: '/login-link',
      status: 200,
      gateway: 'guarded',
    });
    const { pathname, search } = new URL((JSON.parse(body) as { url: string }).url);
    const path = pathname + search;
    for (const status of [303, 401]) {
      const answer = await ask({ operation: 'GET /login', path, status, gateway: 'guarded' });
      expect(answer.status).toBe(status);
      expectDescribed('GET /login', answer);
    }
  });

  test.each(['POST /tables/{name}', 'POST /update_data'])(
    'names the bodies that %s takes',
    async (operation) => {
      const { requestBody } = operations.get(operation)!;
      expect(requestBody!.required).toBe(operation !== 'POST /update_data');
      expect(Object.keys(requestBody!.content)).toEqual(Object.keys(BODIES));
      const path = operation === 'POST /update_data' ? '/update_data?table=cities' : '/tables/cities';
      for (const [type, body] of Object.entries(BODIES)) {
        const answer = await ask({ operation, path, status: 200, headers: { 'content-type': type }, body });
        expect(answer.status, `${type}: ${answer.body}`).toBe(200);
      }
    },
  );

  test('has no status that was not tried above, but those of faults and of crowds', () => {
    const all = [...operations].flatMap(([operation, { responses }]) =>
      Object.keys(responses).map((status) => `${status} ${operation}`),
    );
    expect(all.filter((one) => !tried.has(one) && !UNPROVOKED.test(one))).toEqual([]);
  });
});

describe('the page at /docs', () => {
  test.each(['', '/some/path'])(
    'is all there under the base path %j, and takes the view right',
    async (basePath) => {
      const args = basePath === '' ? [] : ['--base-path', basePath];
      const gateway = await spawnGateway({ ...sockets, env, args });
      const get = (path: string, headers: Record<string, string> = right) =>
        exchange(gateway.url, { method: 'GET', path: basePath + path, headers });
      try {
        expect((await get('/docs', {})).status).toBe(401);
        expect((await get('/docs/json', {})).status).toBe(401);
        expect((await get('/docs/static/swagger-ui.css', {})).status).toBe(401);
        const moved = await get('/docs');
        expect(new URL(moved.headers.location!, `http://host${basePath}/docs`).pathname).toBe(
          `${basePath}/docs/`,
        );
        const page = await get('/docs/', { authorization: `Bearer ${VIEW_TOKEN}` });
        expect([page.status, page.headers['content-security-policy']]).toEqual([
          200,
          expect.stringContaining("default-src 'self';"),
        ]);
        expect(page.body).not.toMatch(/https?:|<style|<script>/);
        const files = [...page.body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file!);
        expect(files.length).toBeGreaterThan(4);
        for (const file of files) {
          const { pathname } = new URL(file, `http://host${basePath}/docs/`);
          const answer = await exchange(gateway.url, { method: 'GET', path: pathname, headers: right });
          expect(answer.status, pathname).toBe(200);
        }
      } finally {
        await gateway.close();
      }
    },
  );
});
