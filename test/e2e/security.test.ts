import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { builtProgram, projectRoot } from '../../scripts/prepare/project.mjs';
import { freeAddress } from '../support/free-port.ts';
import { SELF_SIGNED_CERT, SELF_SIGNED_KEY } from '../support/self-signed.ts';
import {
  livePattern,
  type SpawnedGateway,
  type SpawnGatewayOptions,
  spawnGateway,
} from '../support/spawn-gateway.ts';
import { spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

const viewToken = 'token-that-views-7d1f';
const writeToken = 'token-that-writes-93ab';
const folder = mkdtempSync(join(tmpdir(), 'tablecast-security-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closedAfter<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}
async function start(options: SpawnGatewayOptions = {}): Promise<SpawnedGateway> {
  return closedAfter(await spawnGateway({ connect: 'none', bind: 'none', pull: 'none', ...options }));
}

/** `open` once the gateway has said hello, else the status with which it refused the upgrade. */
function lineTo(wsUrl: string, headers: Record<string, string> = {}, ca?: string): Promise<number | 'open'> {
  const socket = new WebSocket(wsUrl, 'tablecast.v1', { headers, ...(ca === undefined ? {} : { ca }) });
  closedAfter({ close: () => socket.terminate() });
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve('open'));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('with tokens', () => {
  const env = { TABLECAST_VIEW_TOKEN: viewToken, TABLECAST_WRITE_TOKEN: writeToken };

  test('the address is followed by a link that logs one browser in, for page, /live and /events', async () => {
    const gateway = await start({ env });
    const [, link = ''] = await gateway.printed(/link, once and within 10 minutes: (\S+)/);
    expect(link.startsWith(`${gateway.url}login?code=`)).toBe(true);
    const login = await fetch(link, { redirect: 'manual' });
    expect(login.status).toBe(303);
    const own = { cookie: login.headers.get('set-cookie')!.split(';')[0]! };
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401);
    const at = async (path: string, headers: Record<string, string>) => {
      const response = await fetch(new URL(path, gateway.url), { headers });
      await response.body?.cancel();
      return response.status;
    };
    for (const [path, status] of [
      ['', 200],
      ['tables', 200],
      ['events', 200],
      ['update_data', 403],
    ] as const) {
      expect(await at(path, {}), path).toBe(401);
      expect(await at(path, own), path).toBe(status);
    }
    expect(await lineTo(gateway.wsUrl)).toBe(401);
    expect(await lineTo(gateway.wsUrl, own)).toBe('open');
    expect(await lineTo(gateway.wsUrl, bearer(viewToken))).toBe('open');
    expect(await lineTo(gateway.wsUrl, bearer('unknown-token'))).toBe(401);
    expect(await lineTo(gateway.wsUrl, { ...own, origin: 'https://evil.example' })).toBe(403);
  });

  test('the flag wins over the environment', async () => {
    const gateway = await start({ env, args: ['--view-token', 'another-view-token'] });
    const status = async (token: string) =>
      (await fetch(new URL('tables', gateway.url), { headers: bearer(token) })).status;
    expect([await status(viewToken), await status('another-view-token')]).toEqual([401, 200]);
  });

  test.runIf(process.platform === 'linux')(
    'none is printed, logged, or to be seen among the arguments, by npm start either',
    async () => {
      const flags = ['--view-token', viewToken, `--write-token=${writeToken}`, '--log-level', 'debug'];
      const sockets = ['--connect', await freeAddress(), '--bind', 'none', '--pull', 'none'];
      const gateway = await start({ args: flags });
      const module = join(projectRoot, 'scripts', 'start.mjs');
      const both = closedAfter(spawnProgram({ module, args: ['--port', '0', ...sockets, ...flags] }));
      const [, url = ''] = await both.printed(livePattern);
      for (const address of [gateway.url, url]) {
        for (const token of [viewToken, writeToken, 'guess-of-a-token'])
          await fetch(new URL('update_data', address), { headers: bearer(token) });
        expect((await fetch(new URL('tables', address), { headers: bearer(viewToken) })).status).toBe(200);
      }
      const childrenOf = (pid: number) =>
        readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      const children = await waitFor(
        () => {
          const pids = childrenOf(both.pid);
          return pids.length > 1 && pids;
        },
        { what: 'gateway and producer' },
      );
      const seen = [gateway.pid, both.pid, ...children].map((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      );
      expect(seen.length).toBeGreaterThan(3);
      const said = [gateway, both].flatMap((program) => [program.stdout(), program.stderr()]);
      for (const text of [...seen, ...said])
        for (const token of [viewToken, writeToken, 'guess-of-a-token']) expect(text).not.toContain(token);
    },
  );
});

test('more viewers than allowed are told to come back later', async () => {
  const gateway = await start({ args: ['--max-viewers', '2'] });
  expect([await lineTo(gateway.wsUrl), await lineTo(gateway.wsUrl)]).toEqual(['open', 'open']);
  expect(await lineTo(gateway.wsUrl)).toBe(503);
  expect((await fetch(new URL('events', gateway.url))).status).toBe(503);
});

describe('HTTPS', () => {
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  writeFileSync(cert, SELF_SIGNED_CERT);
  writeFileSync(key, SELF_SIGNED_KEY);
  const ca = SELF_SIGNED_CERT;

  interface Answer {
    readonly status: number | undefined;
    readonly headers: Record<string, unknown>;
  }
  function get(url: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(url, { ca }, (response) => {
        response
          .resume()
          .once('end', () => resolve({ status: response.statusCode, headers: response.headers }));
      });
      request.once('error', reject).end();
    });
  }

  test('serves page, WebSocket and logins, which are for HTTPS alone', async () => {
    const gateway = await start({
      args: ['--tls-cert', cert, '--tls-key', key],
      env: { TABLECAST_VIEW_TOKEN: viewToken },
    });
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await get(`${gateway.url}healthz`)).status).toBe(200);
    expect((await get(`${gateway.url}tables`)).status).toBe(401);
    const [, link = ''] = await gateway.printed(/10 minutes: (\S+)/);
    const { headers } = await get(link);
    expect(String(headers['set-cookie'])).toContain('; Secure');
    expect(gateway.wsUrl).toMatch(/^wss:/);
    const origin = new URL(gateway.url).origin;
    expect(await lineTo(gateway.wsUrl, { ...bearer(viewToken), origin }, ca)).toBe('open');
    const plain = origin.replace('https', 'http');
    expect(await lineTo(gateway.wsUrl, { ...bearer(viewToken), origin: plain }, ca)).toBe(403);
    await expect(fetch(plain)).rejects.toThrow();
  });

  test.each([
    ['a certificate that is not there', join(folder, 'nowhere.pem'), key],
    ['a key that is none', cert, cert],
    ['a certificate that is none', key, key],
  ])('ends at once with one line for %s', async (_title, certificate, privateKey) => {
    const args = ['--port', '0', '--connect', 'none', '--bind', 'none', '--pull', 'none'];
    const program = closedAfter(
      spawnProgram({
        module: builtProgram('gateway'),
        args: [...args, '--tls-cert', certificate, '--tls-key', privateKey],
      }),
    );
    expect((await program.ended).code).toBe(1);
    expect(program.stderr().trim().split('\n')).toHaveLength(1);
    expect(program.stderr()).toContain(`--tls-cert ${certificate}`);
  });
});
