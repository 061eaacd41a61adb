import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GatewayConfig } from '../../gateway/config.ts';
import { Access } from '../../gateway/http/auth/access.ts';
import { LOGIN_LIFETIME_S, LoginCookies } from '../../gateway/http/auth/login-cookies.ts';
import { LINK_LIFETIME_MS, LoginLinks } from '../../gateway/http/auth/login-links.ts';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { type InProcessGateway, startInProcess } from '../docs/in-process-gateway.ts';
import { routesOf } from '../support/routes-of.ts';

const viewToken = 'token-that-views';
const writeToken = 'token-that-writes';

interface Server {
  readonly app: FastifyInstance;
  readonly gateway: InProcessGateway;
}

/** Its routes alone, into which requests are injected. */
async function startServer(config: Partial<GatewayConfig>): Promise<Server> {
  const gateway = await startInProcess(config);
  gateway.publish('t', [{ n: 1 }]);
  const options = { pageDirectory: '/there/is/no/page', logger: pino({ level: 'silent' }) };
  const app = await createHttpServer(gateway.gateway.parts, options);
  return { app, gateway };
}

async function closeServer(server: Server | undefined): Promise<void> {
  await server?.app.close();
  await server?.gateway.close();
}

const now = { ms: Date.now() };
const cookies = new LoginCookies({ viewToken, writeToken, nowMs: () => now.ms });
const cookie = (value: string | null) => ({ cookie: `other=1; tablecast=${value}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** How a request says who it is → what it may. */
const CREDENTIALS: readonly [string, Record<string, string>, 'nothing' | 'view' | 'write'][] = [
  ['no token', {}, 'nothing'],
  ['an unknown token', bearer('token-that-nobody-has'), 'nothing'],
  ['a part of a token', bearer(writeToken.slice(0, -1)), 'nothing'],
  ['the name and password of Basic', { authorization: `Basic ${btoa(`x:${writeToken}`)}` }, 'nothing'],
  ['the view token', bearer(viewToken), 'view'],
  ['the write token', bearer(writeToken), 'write'],
  ["a viewer's login", cookie(cookies.issue('view')), 'view'],
  ["a writer's login", cookie(cookies.issue('write')), 'write'],
  ['a login made up', cookie('write.99999999999.AAAA.BBBB'), 'nothing'],
  ["a viewer's login made a writer's", cookie(cookies.issue('view')!.replace('view', 'write')), 'nothing'],
  ['an unknown token beside a login', { ...bearer('unknown'), ...cookie(cookies.issue('write')) }, 'nothing'],
];

type Kind = 'open' | 'read' | 'write';
const body = { payload: Buffer.from(fromValues([{ n: 1 }])) };
const arrow = { 'content-type': 'application/vnd.apache.arrow.stream' };

const ROUTES: readonly [Kind, InjectOptions][] = [
  ['open', { method: 'GET', url: '/healthz' }],
  ['open', { method: 'GET', url: '/readyz' }],
  ['open', { method: 'GET', url: '/login' }],
  ['read', { method: 'GET', url: '/' }],
  ['read', { method: 'GET', url: '/?table=t' }],
  ['read', { method: 'GET', url: '/tables' }],
  ['read', { method: 'HEAD', url: '/tables' }],
  ['read', { method: 'GET', url: '/tables/t' }],
  ['read', { method: 'GET', url: '/%74ables/t.json' }],
  ['read', { method: 'GET', url: '/tables/t.arrow' }],
  ['read', { method: 'GET', url: '/rejections' }],
  ['read', { method: 'GET', url: '/metrics' }],
  ['read', { method: 'GET', url: '/live' }],
  ['read', { method: 'GET', url: '/no/such/route' }],
  ['write', { method: 'GET', url: '/update_data' }],
  ['write', { method: 'GET', url: '/%75pdate_data?table=t' }],
  ['write', { method: 'POST', url: '/update_data' }],
  ['write', { method: 'POST', url: '/tables/u', headers: arrow, ...body }],
  ['write', { method: 'DELETE', url: '/tables/u' }],
  ['write', { method: 'PUT', url: '/tables/t' }],
];

/** Tokens that the gateway is given → the right that each kind of route takes. */
const GATEWAYS: readonly [string, Partial<GatewayConfig>, Record<Kind, 'view' | 'write' | null>][] = [
  ['both tokens', { viewToken, writeToken }, { open: null, read: 'view', write: 'write' }],
  ['a write token alone', { writeToken }, { open: null, read: null, write: 'write' }],
  ['a view token alone', { viewToken }, { open: null, read: 'view', write: 'view' }],
  ['no token', {}, { open: null, read: null, write: null }],
];

describe.each(GATEWAYS)('a gateway with %s', (_title, config, rights) => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(config);
  });
  afterAll(() => closeServer(server));

  const isKnown = (right: string) =>
    right === 'view' ? 'viewToken' in config : right === 'write' && 'writeToken' in config;

  test.each(CREDENTIALS)('shown %s', async (_who, credentials, claimed) => {
    const right = isKnown(claimed) ? claimed : 'nothing';
    for (const [kind, request] of ROUTES) {
      const needed = rights[kind];
      const headers = { ...request.headers, ...credentials };
      const { statusCode, headers: answered, body: text } = await server.app.inject({ ...request, headers });
      const what = `${request.method} ${request.url}: ${statusCode}`;
      if (needed === null || right === needed || right === 'write') {
        expect([401, 403], what).not.toContain(statusCode);
        continue;
      }
      const code = right === 'nothing' ? 'unauthorized' : 'forbidden';
      expect(statusCode, what).toBe(right === 'nothing' ? 401 : 403);
      if (request.method !== 'HEAD') expect(JSON.parse(text), what).toMatchObject({ code });
      if (code === 'unauthorized') expect(String(answered['www-authenticate'])).toMatch(/^Bearer/);
      for (const token of [viewToken, writeToken]) expect(text).not.toContain(token);
    }
  });

  test('refuses without a token every route that it has, but the open ones', async () => {
    if (!('viewToken' in config)) return;
    const routes = routesOf(server.app.printRoutes({ commonPrefix: false }));
    expect(routes.length).toBeGreaterThan(12);
    for (const { method, path } of routes as { method: 'GET'; path: string }[]) {
      const { statusCode } = await server.app.inject({ method, url: path.replace('NAME', 't') });
      const isOpen = ['/healthz', '/readyz'].includes(path) || (path === '/login' && method === 'GET');
      if (isOpen) expect([200, 404], path).toContain(statusCode);
      else expect(statusCode, `${method} ${path}`).toBe(401);
    }
  });
});

describe('a browser', () => {
  let server: Server;
  const html = { accept: 'text/html,application/xhtml+xml' };
  beforeAll(async () => {
    server = await startServer({ viewToken, writeToken });
  });
  afterAll(() => closeServer(server));

  const linkFor = async (token: string): Promise<string> => {
    const { body: text } = await server.app.inject({
      method: 'POST',
      url: '/login-link',
      headers: bearer(token),
    });
    const { pathname, search } = new URL((JSON.parse(text) as { url: string }).url);
    return pathname + search;
  };
  const cookieOf = (headers: Record<string, unknown>) => String(headers['set-cookie']).split(';')[0]!;

  test('without a login is shown a form, which leads back to the table and holds no script', async () => {
    const {
      statusCode,
      body: text,
      headers,
    } = await server.app.inject({
      url: '/?table=%22%3E%3Cscript%3E',
      headers: html,
    });
    expect(statusCode).toBe(401);
    expect(text).toContain('<form method="post" action="./login">');
    expect(text).toContain('value="&quot;>&lt;script>"');
    expect(text).not.toContain('<script');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
    const deeper = await server.app.inject({ url: '/tables/t.csv', headers: html });
    expect(deeper.body).toContain('action="../login"');
  });

  test('is logged in by a link once, with the right of the token that the link was made with', async () => {
    for (const [token, status] of [
      [viewToken, 403],
      [writeToken, 200],
    ] as const) {
      const link = await linkFor(token);
      const first = await server.app.inject({ url: link, headers: html });
      expect([first.statusCode, first.headers.location]).toEqual([303, './']);
      const set = String(first.headers['set-cookie']);
      for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(set).toContain(part);
      expect(set).not.toContain('Secure');
      expect(set).not.toContain(token);
      const own = { cookie: cookieOf(first.headers) };
      expect((await server.app.inject({ url: '/tables', headers: own })).statusCode).toBe(200);
      expect((await server.app.inject({ url: '/update_data', headers: own })).statusCode).toBe(status);
      const second = await server.app.inject({ url: link, headers: html });
      expect([second.statusCode, second.headers['set-cookie']]).toEqual([401, undefined]);
    }
  });

  test('is logged in by a token in the form, and by no other', async () => {
    const form = { ...html, 'content-type': 'application/x-www-form-urlencoded' };
    const post = (payload: string, headers: Record<string, string> = form) =>
      server.app.inject({ method: 'POST', url: '/login', headers, payload });
    const good = await post(`token=${viewToken}&table=a%20b`);
    expect([good.statusCode, good.headers.location]).toEqual([303, './?table=a%20b']);
    const bad = await post('token=token-that-nobody-has');
    expect([bad.statusCode, bad.headers['set-cookie']]).toEqual([401, undefined]);
    expect(bad.body).toContain('This token is unknown.');
    expect((await post('', { 'content-type': form['content-type'] })).json()).toMatchObject({
      code: 'unauthorized',
    });
    expect((await post(`token=${'x'.repeat(10_000)}`)).statusCode).toBe(413);
    const foreign = await post(`token=${viewToken}`, { ...form, origin: 'https://evil.example' });
    expect(foreign.statusCode).toBe(403);
  });

  test('sends its login along from another port of the same host: such a request writes nothing', async () => {
    const login = cookie(cookies.issue('write'));
    const sites: readonly [string, Record<string, string>, number][] = [
      ['an image on another port', { 'sec-fetch-site': 'same-site' }, 403],
      ['an image on another site', { 'sec-fetch-site': 'cross-site' }, 403],
      ['a script on another port', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }, 403],
      ['its own page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' }, 200],
      ['its address bar', { 'sec-fetch-site': 'none' }, 200],
    ];
    for (const [what, headers, status] of sites) {
      const { statusCode } = await server.app.inject({
        url: '/update_data',
        headers: { ...login, ...headers },
      });
      expect(statusCode, what).toBe(status);
    }
  });
});

describe('a login', () => {
  test('ends after its time, with its token, and where a character differs', () => {
    const start = now.ms;
    const value = cookies.issue('view')!;
    expect(cookies.rightOf(value)).toBe('view');
    for (const [index, character] of [...value].entries()) {
      const other = character === 'A' ? 'B' : 'A';
      const changed = value.slice(0, index) + other + value.slice(index + 1);
      // The last character of Base64 has bits that say nothing.
      if (index < value.length - 1) expect(cookies.rightOf(changed), changed).toBeNull();
    }
    for (const viewers of ['another-token', null]) {
      const others = new LoginCookies({ viewToken: viewers, writeToken, nowMs: () => now.ms });
      expect(others.rightOf(value)).toBeNull();
    }
    const restarted = new LoginCookies({ viewToken, writeToken: null, nowMs: () => now.ms });
    expect(restarted.rightOf(value)).toBe('view');
    now.ms += LOGIN_LIFETIME_S * 1000 - 1000;
    expect(cookies.rightOf(value)).toBe('view');
    now.ms += 2000;
    expect(cookies.rightOf(value)).toBeNull();
    now.ms = start;
    for (const nonsense of ['', '...', 'view', 'x'.repeat(100_000)])
      expect(cookies.rightOf(nonsense)).toBeNull();
  });

  test('by link takes a code once, for ten minutes, and the oldest codes go first', () => {
    const clock = { ms: 0 };
    const links = new LoginLinks({ nowMs: () => clock.ms, maxLinks: 3 });
    const code = links.create('view');
    expect([links.redeem(`${code}x`), links.redeem(code), links.redeem(code)]).toEqual([null, 'view', null]);
    const late = links.create('write');
    clock.ms += LINK_LIFETIME_MS;
    expect(links.redeem(late)).toBeNull();
    const codes = [1, 2, 3, 4].map(() => links.create('view'));
    expect(codes.map((one) => links.redeem(one))).toEqual([null, 'view', 'view', 'view']);
  });

  test('at the start is there for viewers, where viewers need one', () => {
    const rights = [
      { viewToken, writeToken },
      { viewToken: null, writeToken },
    ].map((tokens) => new Access({ ...tokens, nowMs: () => 0 }).startRight);
    expect(rights).toEqual(['view', null]);
  });
});
