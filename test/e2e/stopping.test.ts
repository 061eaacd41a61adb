import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Push } from 'zeromq';
import { endsWithin } from '../support/ends-within.ts';
import { openEvents } from '../support/event-source.ts';
import { postRows, readTable } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { openPush } from '../support/push-socket.ts';
import { type SpawnedGateway, type SpawnGatewayOptions, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closedAfter<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

async function start(options: SpawnGatewayOptions = {}): Promise<SpawnedGateway> {
  return closedAfter(await spawnGateway({ connect: 'none', bind: 'none', ...options }));
}

/** A connection whose bytes are written and read by hand. */
async function openRaw(port: number, request: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  closedAfter({ close: () => socket.destroy() });
  await once(socket, 'connect');
  socket.write(request);
  return socket;
}

const largeRows = Array.from({ length: 40_000 }, (_, n) => ({
  n,
  text: `row ${n} ${'of much text '.repeat(20)}`,
}));

/** Promised. */
const MAX_STOP_MS = 5000;

async function expectStop(gateway: SpawnedGateway): Promise<void> {
  expect(await endsWithin(MAX_STOP_MS, gateway)).toEqual({ code: 0, signal: null, isInTime: true });
  expect(gateway.stderr()).toBe('');
}

/**
 * Resolves once what PUSH sockets of this process sent before has come to a gateway, though that may be busy: connections are made by the
 * same two threads that carry messages, in several steps each, and with each step those carry 8 KiB of every connection (libzmq, `in_batch_size`).
 */
async function carriedOver(address: string): Promise<void> {
  for (let line = 0; line < 20; line++) {
    const socket = new Push({ linger: 0 });
    const made = new Promise((resolve) => socket.events.on('handshake', resolve));
    socket.connect(address);
    await made;
    socket.close();
  }
}

/** Where other tests have the machine, starts alone may take half a minute each. */
const TWO_STARTS_MS = 180_000;
const canSignal = process.platform !== 'win32';

describe.runIf(canSignal)('SIGTERM ends the gateway in order, whatever its peers do', () => {
  test('one that reads a large answer and one that reads nothing of it', async () => {
    const gateway = await start();
    await postRows(gateway.url, 'large', largeRows);
    const read = readTable(gateway.url, 'large');
    const stuck = await openRaw(gateway.port, 'GET /tables/large.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
    stuck.once('data', () => stuck.pause());
    await once(stuck, 'data');
    await expectStop(gateway);
    // What was asked for before is answered whole.
    expect((await read)?.rows).toHaveLength(largeRows.length);
  });

  test('viewers that read nothing, on all kinds of lines', async () => {
    const gateway = await start();
    const viewer = await openLiveClient(gateway.wsUrl);
    closedAfter(viewer);
    await viewer.subscribe('*');
    viewer.socket.pause();
    const events = closedAfter(await openEvents(gateway.url, '?image=svg'));
    events.pause();
    await openRaw(
      gateway.port,
      'GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    for (let i = 0; i < 4; i++) await postRows(gateway.url, 'large', largeRows);
    await expectStop(gateway);
  });

  test('while it drains it is alive and not ready, and takes no publication, no viewer and no reader', async () => {
    const gateway = await start();
    await postRows(gateway.url, 'large', largeRows);
    // Keeps it busy until it is cut off.
    const slow = await openRaw(gateway.port, 'GET /tables/large.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(slow, 'data');
    slow.pause();
    gateway.kill('SIGTERM');
    const ready = await waitFor(
      async () => {
        const response = await fetch(new URL('readyz', gateway.url));
        return response.status === 503 && response;
      },
      { what: 'the gateway to say that it stops', intervalMs: 5 },
    );
    expect(ready.headers.get('content-type')).toContain('application/problem+json');
    expect(ready.headers.get('retry-after')).toBe('1');
    expect(await ready.json()).toMatchObject({ code: 'shutting_down' });
    const asked: [string, RequestInit][] = [
      ['tables/t', { method: 'POST', body: 'n\n1\n', headers: { 'content-type': 'text/csv' } }],
      ['update_data', {}],
      ['tables', {}],
      ['events', {}],
    ];
    // All at once, for it has but its time.
    const refused = new WebSocket(gateway.wsUrl, 'tablecast.v1').on('error', () => undefined);
    const [[, response], healthy, ...answers] = await Promise.all([
      once(refused, 'unexpected-response') as Promise<[unknown, { statusCode: number }]>,
      fetch(new URL('healthz', gateway.url)),
      ...asked.map(([route, init]) => fetch(new URL(route, gateway.url), init)),
    ]);
    expect(response.statusCode).toBe(503);
    expect(healthy.status).toBe(200);
    expect(answers.map(({ status }, i) => [asked[i]![0], status])).toEqual(
      asked.map(([route]) => [route, 503]),
    );
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  test(
    'what was answered before is there after the next start',
    async () => {
      const dataDir = mkdtempSync(path.join(tmpdir(), 'tablecast-stop-'));
      closedAfter({ close: () => rmSync(dataDir, { recursive: true, force: true }) });
      const gateway = await start({ args: ['--data-dir', dataDir] });
      const answers = Array.from({ length: 200 }, (_, n) =>
        postRows(gateway.url, 't', [{ n }], '?op=append').then(
          () => n,
          () => null,
        ),
      );
      await answers[0];
      gateway.kill('SIGTERM');
      const taken = (await Promise.all(answers)).filter((n) => n !== null);
      expect(await gateway.ended).toEqual({ code: 0, signal: null });
      const again = await start({ args: ['--data-dir', dataDir] });
      const stored = (await readTable(again.url, 't'))?.rows.map(({ n }) => n) ?? [];
      expect(taken.filter((n) => !stored.includes(n))).toEqual([]);
      expect(taken.length).toBeGreaterThan(0);
    },
    TWO_STARTS_MS,
  );
});

describe.runIf(canSignal)('a gateway that stops', () => {
  test(
    'stores what its sockets had received of PUSH sockets',
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'tablecast-push-'));
      closedAfter({ close: () => rmSync(folder, { recursive: true, force: true }) });
      // While its main thread is busy, ZeroMQ's own goes on receiving.
      const preload = path.join(folder, 'busy.mjs');
      const freed = path.join(folder, 'freed');
      writeFileSync(
        preload,
        `import { existsSync } from 'node:fs';
        process.on('SIGUSR2', () => { process.stdout.write('busy'); while (!existsSync(${JSON.stringify(freed)})); });`,
      );
      const args = ['--data-dir', path.join(folder, 'data')];
      const gateway = await start({ args, env: { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` } });
      const push = closedAfter(openPush(gateway.pull));
      await push.publish('pushed', [{ n: -1 }], { op: 'append' });
      await waitFor(async () => (await readTable(gateway.url, 'pushed'))?.rows.length === 1, {
        what: 'the first message',
      });
      gateway.kill('SIGUSR2');
      await gateway.printed(/busy/);
      const sent = Array.from({ length: 200 }, (_, n) => n);
      for (const n of sent) await push.publish('pushed', [{ n }], { op: 'append' });
      await carriedOver(gateway.pull);
      gateway.kill('SIGTERM');
      writeFileSync(freed, '');
      expect(await gateway.ended).toEqual({ code: 0, signal: null });
      const again = await start({ args });
      const rows = (await readTable(again.url, 'pushed'))?.rows.map(({ n }) => n);
      expect(rows).toEqual([-1, ...sent]);
    },
    TWO_STARTS_MS,
  );

  test('V18: tells each viewer a time of its own to come back, spread over 2 ms for each', async () => {
    const count = 100;
    const gateway = await start();
    const viewers = await Promise.all(Array.from({ length: count }, () => openLiveClient(gateway.wsUrl)));
    for (const viewer of viewers) closedAfter(viewer);
    await expectStop(gateway);
    const closes = await Promise.all(viewers.map(({ closed }) => closed));
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]));
    const delaysMs = closes
      .map(({ reason }) => Number(/^retry_after_ms=(\d+)$/.exec(reason)?.[1]))
      .sort((a, b) => a - b);
    // One in each slot.
    delaysMs.forEach((delayMs, i) => {
      expect(delayMs).toBeGreaterThanOrEqual(2 * i);
      expect(delayMs).toBeLessThan(2 * (i + 1));
    });
  });

  test('V22: tells clients of /events so too', async () => {
    const gateway = await start();
    const clients = await Promise.all(Array.from({ length: 3 }, () => openEvents(gateway.url)));
    for (const client of clients) closedAfter(client);
    await Promise.all(clients.map((client) => client.next('commit')));
    await expectStop(gateway);
    for (const client of clients) {
      expect(await client.ended).toBe('ended');
      expect(client.text()).toMatch(/retry: 100[0-5]\n\n$/);
    }
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with another code, and without its drain, on a %s some time after the first',
    async (signal) => {
      const gateway = await start();
      await postRows(gateway.url, 'large', largeRows);
      const slow = await openRaw(gateway.port, 'GET /tables/large.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(slow, 'data');
      slow.pause();
      gateway.kill('SIGTERM');
      await waitFor(async () => (await fetch(new URL('readyz', gateway.url))).status === 503, {
        what: 'the gateway to stop',
        intervalMs: 5,
      });
      // What comes with the first is the same wish: npm and the terminal both send it.
      let end: unknown = null;
      void gateway.ended.then((ended) => {
        end = ended;
      });
      gateway.kill(signal);
      gateway.kill(signal);
      await waitFor(
        () => {
          gateway.kill(signal);
          return end;
        },
        { what: 'the gateway to end', intervalMs: 200 },
      );
      expect(end).toEqual({ code: 1, signal: null });
    },
  );
});

describe.runIf(canSignal)('a fault that nobody caught', () => {
  const FAULTS = {
    'a thrown error': "setImmediate(() => { throw new Error('a fault'); })",
    'a rejected promise': "void Promise.reject(new Error('a fault'))",
    'several of them': "for (const i of [1, 2]) setImmediate(() => { throw new Error('a fault ' + i); })",
  };

  test.each(Object.entries(FAULTS))(
    '%s ends the gateway with code 1 once its log is safe',
    async (_, fault) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'tablecast-fault-'));
      closedAfter({ close: () => rmSync(folder, { recursive: true, force: true }) });
      const preload = path.join(folder, 'fault.mjs');
      writeFileSync(preload, `process.on('SIGUSR2', () => { ${fault}; });`);
      const args = ['--data-dir', path.join(folder, 'data')];
      const gateway = await start({ args, env: { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` } });
      await postRows(gateway.url, 't', [{ n: 1 }]);
      gateway.kill('SIGUSR2');
      const end = await Promise.race([gateway.ended, delay(60_000, 'still running', { ref: false })]);
      expect(end).toEqual({ code: 1, signal: null });
      expect(gateway.stderr()).toContain('a fault');
      const again = await start({ args });
      expect((await readTable(again.url, 't'))?.rows).toEqual([{ n: 1 }]);
    },
    TWO_STARTS_MS,
  );
});
