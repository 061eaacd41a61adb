import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { GatewayConfig } from '../../gateway/config.ts';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { SERVER_TIMEOUTS, type ServerTimeouts } from '../../gateway/http/server-options.ts';
import { startInProcess } from '../docs/in-process-gateway.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The routes alone, into which requests are injected. */
async function server(
  config: Partial<GatewayConfig> = {},
  timeouts: ServerTimeouts = SERVER_TIMEOUTS,
): Promise<FastifyInstance> {
  const gateway = await startInProcess(config);
  opened.push(() => gateway.close());
  const logger = pino({ level: 'silent' });
  const options = { pageDirectory: '/there/is/no/page', logger, timeouts };
  const app = await createHttpServer(gateway.gateway.parts, options);
  opened.push(() => app.close());
  return app;
}

const site = 'https://tables.example';

describe('the Host', () => {
  const cases: readonly [string, Partial<GatewayConfig>, string, number][] = [
    ['of this machine is taken', {}, 'localhost:8080', 200],
    ['of this machine is taken', {}, '[::1]:8080', 200],
    ['of this machine is taken', {}, 'LOCALHOST', 200],
    ['of another name is refused on loopback', {}, 'rebound.example:8080', 403],
    ['of another name is refused on loopback', {}, '127.0.0.1.rebound.example', 403],
    ['of an allowed origin is taken', { allowOrigin: [site] }, 'tables.example', 200],
    ['of another name is refused beside it', { allowOrigin: [site] }, 'rebound.example', 403],
    ['of any name is taken off loopback', { host: '0.0.0.0' }, 'gateway.lan:8080', 200],
  ];
  test.each(cases)('%s: %j %s', async (_title, config, host, status) => {
    const app = await server(config);
    expect((await app.inject({ url: '/tables', headers: { host } })).statusCode).toBe(status);
  });

  test('is what the header says, not what a proxy does: a rebound page can say that too', async () => {
    const app = await server({ trustProxy: ['127.0.0.1'] });
    const headers = { host: 'rebound.example', 'x-forwarded-host': 'localhost' };
    expect((await app.inject({ url: '/tables', headers })).statusCode).toBe(403);
  });
});

describe('the Origin of a request that writes', () => {
  const own = { host: 'localhost:8080' };
  const proxied = { host: '127.0.0.1:8080', 'x-forwarded-host': 'tables.example' };
  const proxy = { trustProxy: ['127.0.0.1'] };
  const cases: readonly [string, Partial<GatewayConfig>, Record<string, string>, number][] = [
    ['is missing from programs', {}, own, 200],
    ['is its own', {}, { ...own, origin: 'http://localhost:8080' }, 200],
    ['is its own, its port written out', {}, { host: 'localhost:80', origin: 'http://localhost' }, 200],
    ['is another port', {}, { ...own, origin: 'http://localhost:3000' }, 403],
    ['is another name of this machine', {}, { ...own, origin: 'http://127.0.0.1:8080' }, 403],
    ['is that of a page without one', {}, { ...own, origin: 'null' }, 403],
    ['is another site', {}, { ...own, origin: site }, 403],
    [
      'is an allowed site',
      { allowOrigin: [site] },
      { ...own, origin: site, 'sec-fetch-site': 'cross-site' },
      200,
    ],
    [
      'is an allowed site of another scheme',
      { allowOrigin: [site] },
      { ...own, origin: 'http://tables.example' },
      403,
    ],
    ['is any, where any is allowed', { allowOrigin: ['*'] }, { ...own, origin: 'https://x.example' }, 200],
    ['is its own behind a trusted proxy', proxy, { ...proxied, origin: site }, 200],
    ['is not what an untrusted proxy says', {}, { ...proxied, origin: site }, 403],
    [
      'is not plain where the proxy speaks TLS',
      proxy,
      { ...proxied, 'x-forwarded-proto': 'https', origin: 'http://tables.example' },
      403,
    ],
  ];
  test.each(cases)('%s', async (_title, config, headers, status) => {
    const app = await server(config);
    for (const request of [
      { method: 'GET', url: '/update_data' },
      { method: 'POST', url: '/update_data' },
    ] as const) {
      expect((await app.inject({ ...request, headers })).statusCode).toBe(status);
    }
    const line = await app.inject({ url: '/live', headers });
    expect(line.statusCode).toBe(status === 200 ? 400 : 403);
  });
});

describe('a page of an allowed site', () => {
  test('may call: preflights are answered, and it reads the headers that say the version', async () => {
    const app = await server({ allowOrigin: [site], writeToken: 'a-token-that-writes' });
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/tables/t',
      headers: {
        origin: site,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': site,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,content-type',
    });
    expect(preflight.headers['access-control-allow-methods']).toContain('DELETE');
    const read = await app.inject({ url: '/tables', headers: { origin: site } });
    expect(read.headers['access-control-allow-origin']).toBe(site);
    const exposed = String(read.headers['access-control-expose-headers']).toLowerCase();
    for (const name of ['version', 'epoch', 'change', 'drop-first'])
      expect(exposed).toContain(`tablecast-${name}`);
    const other = await app.inject({ url: '/tables', headers: { origin: 'https://other.example' } });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const missing = await app.inject({ url: '/no/such/route' });
    expect(missing.json()).toMatchObject({ code: 'no_such_route' });
  });
});

describe('every answer', () => {
  test('has a policy under which only the page itself runs, by plain HTTP too', async () => {
    const app = await server({ host: '0.0.0.0' });
    for (const url of ['/', '/tables', '/no/such/route', '/live']) {
      const { headers } = await app.inject({ url, headers: { host: 'gateway.lan:8080' } });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("connect-src 'self' ws://gateway.lan:8080 wss://gateway.lan:8080;");
      expect(policy).toContain("frame-ancestors 'self'");
      for (const word of ['unsafe', 'upgrade-insecure-requests', 'https:', ' *'])
        expect(policy).not.toContain(word);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    const odd = await app.inject({ url: '/', headers: { host: "x; script-src 'unsafe-inline'" } });
    expect(String(odd.headers['content-security-policy'])).not.toContain('unsafe');
  });

  test.each([
    [[], "frame-ancestors 'self'"],
    [
      ['https://a.example', 'http://b.example:81'],
      "frame-ancestors 'self' https://a.example http://b.example:81",
    ],
    [['*'], 'frame-ancestors *'],
  ])('may be shown in a frame of %j', async (allowFrame, expected) => {
    const { headers } = await (await server({ allowFrame })).inject({ url: '/' });
    expect(String(headers['content-security-policy'])).toMatch(
      new RegExp(`; ${expected.replace('*', '\\*')}$`),
    );
  });
});

describe('under a base path', () => {
  test('everything is there, and nothing elsewhere', async () => {
    const app = await server({ basePath: '/table/cast', viewToken: 'a-token-that-views' });
    const at = (url: string, headers = {}) => app.inject({ url, headers });
    const authorization = 'Bearer a-token-that-views';
    expect((await at('/table/cast/healthz')).statusCode).toBe(200);
    expect((await at('/table/cast/tables')).statusCode).toBe(401);
    expect((await at('/table/cast/tables', { authorization })).statusCode).toBe(200);
    expect((await at('/table/cast?table=a%20b')).headers.location).toBe('/table/cast/?table=a%20b');
    for (const url of ['/', '/healthz', '/tables', '/table', '/table/castle/tables', '/table//cast/tables'])
      expect((await at(url, { authorization })).statusCode, url).toBe(404);
    const link = await app.inject({
      method: 'POST',
      url: '/table/cast/login-link',
      headers: { authorization },
    });
    const { pathname, search } = new URL((link.json() as { url: string }).url);
    expect(pathname).toBe('/table/cast/login');
    const login = await at(pathname + search);
    expect([login.statusCode, login.headers.location]).toEqual([303, './']);
    expect(String(login.headers['set-cookie'])).toContain('Path=/table/cast/');
  });
});

describe('requests that write', () => {
  // They all come within one second, however long they take here.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  const many = (app: FastifyInstance, url: string, headers = {}) =>
    Promise.all(Array.from({ length: 40 }, () => app.inject({ url, headers })));
  const statuses = (answers: readonly { statusCode: number }[]) =>
    [...new Set(answers.map(({ statusCode }) => statusCode))].sort();

  test('are limited where that is asked for, per client; those that read are not', async () => {
    const app = await server({ maxRequestsPerSecond: 2, trustProxy: ['127.0.0.1'] });
    const answers = await many(app, '/update_data');
    expect(statuses(answers)).toEqual([200, 429]);
    const refused = answers.find(({ statusCode }) => statusCode === 429)!;
    expect(refused.json()).toMatchObject({ code: 'rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(statuses(await many(app, '/tables'))).toEqual([200]);
    const another = await app.inject({ url: '/update_data', headers: { 'x-forwarded-for': '192.0.2.9' } });
    expect(another.statusCode).toBe(200);
  });

  test('are limited off loopback by themselves, and with them guesses at tokens', async () => {
    const app = await server({ host: '0.0.0.0', viewToken: 'a-token-that-views', maxRequestsPerSecond: 1 });
    const headers = { authorization: 'Bearer a-guess-at-a-token' };
    expect(statuses(await many(app, '/tables', headers))).toEqual([401, 429]);
    const answers = await Promise.all(
      [await server({ host: '0.0.0.0' }), await server()].map(async (one) => {
        const hundred = await Promise.all([1, 2, 3].map(() => many(one, '/update_data')));
        return statuses(hundred.flat());
      }),
    );
    expect(answers).toEqual([[200, 429], [200]]);
  });
});

describe('a connection', () => {
  const quick = { headersMs: 100, requestMs: 200, keepAliveMs: 100, checkMs: 20 };

  /** What the server writes until it ends the connection. */
  async function answerTo(app: FastifyInstance, sent: string): Promise<string> {
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(port), '127.0.0.1');
    opened.push(() => socket.destroy());
    socket.write(sent);
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  }

  test.each([
    ['whose headers do not end', 'GET /tables HTTP/1.1\r\nHost: localhost\r\n'],
    [
      'whose body does not come',
      'POST /update_data HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx',
    ],
  ])('%s is closed', async (_title, sent) => {
    expect(await answerTo(await server({}, quick), sent)).not.toContain('HTTP/1.1 2');
  });

  test('without a request is closed without an answer, which a browser would take for that to what it asks next', async () => {
    expect(await answerTo(await server({}, quick), '')).toBe('');
  });

  test('whose headers are too long is closed', async () => {
    const header = `X: ${'x'.repeat(17 * 1024)}\r\n`;
    const sent = `GET /tables HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`;
    expect(await answerTo(await server(), sent)).toMatch(/^HTTP\/1\.1 4/);
  });

  test('has the time that the largest publication takes at a megabyte a second', () => {
    const { headersMs, requestMs, checkMs } = SERVER_TIMEOUTS;
    expect(requestMs / 1000).toBeGreaterThanOrEqual(256);
    expect(headersMs + checkMs).toBeLessThanOrEqual(30_000);
  });
});
