import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { arrowOf } from '../support/arrow-messages.ts';
import { freePort } from '../support/free-port.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const name = 'tables.example.org';
const origin = `http://${name}`;
const viewToken = 'token-that-views';
const writeToken = 'token-that-writes';
const bearer = { authorization: `Bearer ${writeToken}` };

interface Proxy {
  readonly program: string;
  readonly example: string;
  /** Writes its configuration into the folder; the arguments that start it there. */
  configure(folder: string, example: string, port: number): readonly string[];
}

const PROXIES: readonly Proxy[] = [
  {
    program: 'nginx',
    example: 'deploy/nginx/tablecast.conf',
    configure(folder, example, port) {
      writeFileSync(
        join(folder, 'tablecast.conf'),
        example.replace('listen 80;', `listen 127.0.0.1:${port};`),
      );
      const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `${kind}_temp_path ${folder}/temp;`)
        .join(' ');
      const conf = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
        events {} http { access_log off; ${temp} include ${folder}/tablecast.conf; }`;
      writeFileSync(join(folder, 'nginx.conf'), conf);
      return ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    },
  },
  {
    program: 'caddy',
    example: 'deploy/caddy/Caddyfile',
    configure(folder, example, port) {
      const site = example.replace(`\n${name} {`, `\nhttp://${name}:${port} {\n\tbind 127.0.0.1`);
      const path = join(folder, 'Caddyfile');
      writeFileSync(path, `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
      return ['run', '--adapter', 'caddyfile', '--config', path];
    },
  },
];

const isInstalled = (program: string): boolean =>
  spawnSync(program, [program === 'nginx' ? '-v' : 'version'], { stdio: 'ignore' }).status === 0;

describe.each(PROXIES)('behind $program, with its example configuration', (proxy) => {
  const installed = isInstalled(proxy.program);
  if (!installed) console.warn(`${proxy.program} is not installed: ${proxy.example} is not tested.`);
  const folder = mkdtempSync(join(tmpdir(), `tablecast-${proxy.program}-`));
  let gateway: SpawnedGateway | undefined;
  let process_: ChildProcess | undefined;
  let port = 0;
  let said = '';

  const kill = () => void process_?.kill('SIGKILL');
  beforeAll(async () => {
    if (!installed) return;
    gateway = await spawnGateway({
      connect: 'none',
      bind: 'none',
      pull: 'none',
      args: ['--base-path', '/tablecast', '--trust-proxy', '127.0.0.1', '--allow-origin', `https://${name}`],
      env: { TABLECAST_VIEW_TOKEN: viewToken, TABLECAST_WRITE_TOKEN: writeToken },
    });
    port = await freePort();
    mkdirSync(join(folder, 'temp'));
    const text = readFileSync(join(projectRoot, proxy.example), 'utf8');
    const example = text.replace('127.0.0.1:8080', `127.0.0.1:${gateway.port}`);
    const args = proxy.configure(folder, example, port);
    const env = { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
    process_ = spawn(proxy.program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    process.once('exit', kill);
    for (const stream of [process_.stdout, process_.stderr])
      stream?.on('data', (bytes: Buffer) => {
        said += bytes.toString();
      });
    await waitFor(async () => (await get('healthz')).statusCode === 200, {
      what: `${proxy.program} to serve: ${said}`,
    });
  });
  afterAll(async () => {
    process.off('exit', kill);
    if (process_?.exitCode === null) {
      const ended = new Promise((resolve) => process_?.once('exit', resolve));
      // In good order Caddy would wait for idle connections; nothing of it is kept.
      kill();
      await ended;
    }
    await gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Uint8Array,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port,
        method,
        path: path.startsWith('/') ? path : `/tablecast/${path}`,
      };
      // fetch would not send another Host than the one that it connects to.
      const request = httpRequest({ ...options, headers: { host: `${name}`, ...headers } }, resolve);
      request.once('error', reject).end(body);
    });
  }
  const get = (path: string, headers?: Record<string, string>) => send('GET', path, headers);
  async function textOf(message: IncomingMessage): Promise<string> {
    let text = '';
    for await (const bytes of message) text += String(bytes);
    return text;
  }
  const arrowType = { 'content-type': 'application/vnd.apache.arrow.stream' };

  test.skipIf(!installed)('the page is there, under its path, for who is logged in', async () => {
    const bare = await get('', { accept: 'text/html' });
    expect([bare.statusCode, (await textOf(bare)).includes('<form')]).toEqual([401, true]);
    const link = JSON.parse(await textOf(await send('POST', 'login-link', bearer))) as { url: string };
    expect(link.url.startsWith(`http://${name}`)).toBe(true);
    const { search } = new URL(link.url);
    const login = await get(`login${search}`);
    expect(login.statusCode).toBe(303);
    const cookie = login.headers['set-cookie']![0]!;
    expect(cookie).toContain('Path=/tablecast/');
    const page = await get('', { cookie: cookie.split(';')[0]! });
    expect(page.statusCode).toBe(200);
    const html = await textOf(page);
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1];
    expect((await get(script ?? 'nowhere', { cookie: cookie.split(';')[0]! })).statusCode).toBe(200);
    const slashless = await send('GET', '/tablecast?table=t');
    expect([slashless.statusCode, slashless.headers.location]).toEqual([308, '/tablecast/?table=t']);
  });

  test.skipIf(!installed)('publications reach /live and /events at once, large ones too', async () => {
    const headers = { host: name, origin, ...bearer };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/tablecast/live`, 'tablecast.v1', { headers });
    const seen: string[] = [];
    socket.on('message', (data, isBinary) => {
      if (!isBinary) seen.push(String(data));
    });
    await waitFor(() => seen.some((text) => text.includes('"hello"')), { what: 'hello' });
    socket.send('{"type":"subscribe","tables":"*"}');
    const events = await get('events', bearer);
    expect(events.statusCode).toBe(200);
    let told = '';
    events.on('data', (bytes: Buffer) => {
      told += bytes.toString();
    });
    await waitFor(() => told.includes('event: commit'), { what: 'the first event' });
    for (const [table, rows] of [
      ['small', [{ n: 1 }]],
      ['large', Array.from({ length: 50_000 }, (_, n) => ({ n, text: `the text of the row number ${n}` }))],
    ] as const) {
      const posted = await send('POST', `tables/${table}`, { ...arrowType, ...headers }, arrowOf(rows));
      expect([posted.statusCode, await textOf(posted)]).toMatchObject([200, expect.stringContaining(table)]);
      await waitFor(() => seen.some((text) => text.includes(`"table":"${table}"`)), { what: 'the commit' });
      await waitFor(() => told.includes(`"${table}"`), { what: 'the event' });
    }
    const read = await get('tables/large.csv', bearer);
    expect((await textOf(read)).split('\n').length).toBeGreaterThan(50_000);
    const updated = await send('POST', 'update_data', headers);
    expect(JSON.parse(await textOf(updated))).toMatchObject({ viewers: 2 });
    events.destroy();
    socket.terminate();
  });

  test.skipIf(!installed)('pages of other sites are refused, and so is who has no token', async () => {
    const foreign = { ...bearer, origin: 'http://evil.example' };
    expect((await send('POST', 'update_data', foreign)).statusCode).toBe(403);
    const spoofed = { ...foreign, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    expect((await send('POST', 'update_data', spoofed)).statusCode).toBe(403);
    expect((await send('POST', 'update_data')).statusCode).toBe(401);
    expect((await get('tables')).statusCode).toBe(401);
  });
});
