import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { postRows, readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const sockets = { connect: 'none', bind: 'none', pull: 'none' };

interface Told {
  readonly [field: string]: unknown;
}

interface Receiver {
  readonly url: string;
  readonly told: Told[];
  readonly paths: string[];
  close(): void;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A program that takes calls, and answers the nth as it is told. */
async function receive(answer: (response: ServerResponse, call: number) => void): Promise<Receiver> {
  const told: Told[] = [];
  const paths: string[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    paths.push(`${request.method} ${request.url}`);
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.once('end', () => {
      told.push(text === '' ? {} : (JSON.parse(text) as Told));
      answer(response, told.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  closers.push(close);
  return { url: `http://127.0.0.1:${port}/hook?key=secret`, told, paths, close };
}

async function start(webhook: string, more: readonly string[] = []): Promise<SpawnedGateway> {
  const gateway = await spawnGateway({ ...sockets, args: ['--webhook', webhook, ...more] });
  closers.push(() => gateway.close());
  return gateway;
}

async function save(gateway: SpawnedGateway, name: string, thresholds: readonly object[]): Promise<void> {
  const made = await fetch(new URL(`dashboards/${name}`, gateway.url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ panels: [], thresholds }),
  });
  expect(made.status).toBe(201);
}

const over = { table: 'prices', column: 'price', is: '>', value: '100', level: 'warning' };
const several = (receiver: Receiver, count: number) =>
  waitFor(() => receiver.told.length >= count, { what: `${count} calls`, timeoutMs: 20_000 });

test('the webhook is told of each row that begins and ceases to be over a threshold', async () => {
  const receiver = await receive((response) => response.writeHead(204).end());
  const gateway = await start(receiver.url);
  await save(gateway, 'floor', [over]);
  await postRows(
    gateway.url,
    'prices',
    [
      { symbol: 'A', price: 1 },
      { symbol: 'B', price: 2 },
    ],
    '?key=symbol',
  );
  const version = await postRows(gateway.url, 'prices', [{ symbol: 'B', price: 103.5 }]);
  await several(receiver, 1);
  expect(receiver.paths[0]).toBe('POST /hook?key=secret');
  expect(receiver.told[0]).toEqual({
    text: 'warning: prices.price > 100 (symbol B): 103.5 [floor]',
    dashboard: 'floor',
    table: 'prices',
    column: 'price',
    condition: '> 100',
    level: 'warning',
    state: 'started',
    key: { symbol: 'B' },
    row: null,
    value: 103.5,
    version,
    at_ms: expect.any(Number),
  });
  await postRows(gateway.url, 'prices', [{ symbol: 'B', price: 104 }]);
  await postRows(gateway.url, 'prices', [{ symbol: 'B', price: 100 }]);
  await several(receiver, 2);
  expect(receiver.told[1]).toMatchObject({ state: 'stopped', key: { symbol: 'B' }, value: 100 });
  await postRows(gateway.url, 'log', [{ n: 1 }], '?op=append');
  await save(gateway, 'log', [{ ...over, table: 'log', column: 'n', value: '5' }]);
  await postRows(gateway.url, 'log', [{ n: 7 }, { n: 8 }], '?op=append');
  await several(receiver, 3);
  expect(receiver.told[2]).toMatchObject({ dashboard: 'log', state: 'started', key: null, row: 2, value: 7 });
  await fetch(new URL('tables/log', gateway.url), { method: 'DELETE' });
  await several(receiver, 4);
  expect(receiver.told[3]).toMatchObject({ dashboard: 'log', state: 'stopped', value: null });
});

test('a receiver that fails is called again, and what it was not told comes later', async () => {
  const receiver = await receive((response, call) => response.writeHead(call === 1 ? 500 : 200).end('x'));
  const gateway = await start(receiver.url);
  await save(gateway, 'floor', [over]);
  await postRows(gateway.url, 'prices', [{ price: 101 }]);
  await several(receiver, 2);
  expect(receiver.told[1]).toEqual(receiver.told[0]);
  const metrics = async () => (await fetch(new URL('metrics', gateway.url))).text();
  // It is counted once the answer has come.
  await waitFor(
    async () => /^tablecast_webhook_calls_total\{outcome="delivered"\} 1$/m.test(await metrics()),
    {
      what: 'the call to be counted',
    },
  );
});

test('a receiver that hangs holds no commit and no end of the gateway up', async () => {
  const receiver = await receive(() => {});
  const gateway = await start(receiver.url);
  await save(gateway, 'floor', [over]);
  for (let i = 0; i < 40; i++) await postRows(gateway.url, 'prices', [{ price: i % 2 === 0 ? 101 : 99 }]);
  await several(receiver, 1);
  const { version } = await readJson<{ version: number }>(gateway.url, 'tables');
  expect(version).toBe(40);
  expect((await gateway.close()).code).toBe(0);
  expect(receiver.told).toHaveLength(1);
});

test('a redirect is not followed, and the address is not logged', async () => {
  const inner = await receive((response) => response.end());
  const receiver = await receive((response) => response.writeHead(307, { location: inner.url }).end());
  const gateway = await start(receiver.url, ['--log-level', 'warn']);
  await save(gateway, 'floor', [over]);
  await postRows(gateway.url, 'prices', [{ price: 101 }]);
  await waitFor(() => gateway.stderr().includes('It answered 307'), {
    what: 'the failure',
    timeoutMs: 20_000,
  });
  expect(inner.paths).toEqual([]);
  expect(gateway.stderr()).not.toContain('secret');
});

test('what held before a restart is told again after it, from the data directory', async () => {
  const receiver = await receive((response) => response.end());
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-webhook-'));
  closers.push(() => rmSync(directory, { recursive: true, force: true }));
  const first = await start(receiver.url, ['--data-dir', directory]);
  await save(first, 'floor', [over]);
  await postRows(first.url, 'prices', [{ symbol: 'A', price: 101 }], '?key=symbol');
  await several(receiver, 1);
  await first.close();
  await start(receiver.url, ['--data-dir', directory]);
  await several(receiver, 2);
  expect(receiver.told[1]).toMatchObject({ state: 'started', key: { symbol: 'A' } });
});
