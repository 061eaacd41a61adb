import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postRows, readJson } from '../support/gateway-http.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway;
let clients: LiveClient[] = [];
let testCount = 0;
/** Of this test alone. */
let table: string;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
beforeEach(() => {
  table = `table-${++testCount}`;
});
afterEach(() => {
  for (const client of clients) {
    expect(client.faults).toEqual([]);
    client.close();
  }
  clients = [];
});
afterAll(() => gateway?.close());

async function open(): Promise<LiveClient> {
  const client = await openLiveClient(gateway.wsUrl);
  clients.push(client);
  return client;
}

describe('the connection', () => {
  test('a heartbeat comes each second, with the version', async () => {
    const version = await postRows(gateway.url, table, [{ n: 1 }]);
    const startedAt = performance.now();
    const client = await open();
    const cameMs: number[] = [];
    for (let n = 0; n < 4; n++) {
      expect(await client.next('heartbeat')).toEqual({ type: 'heartbeat', version });
      cameMs.push(performance.now() - startedAt);
    }
    // One may come late, and the next one not, but never early.
    const twoTookMs = [0, 1].map((n) => cameMs[n + 2]! - cameMs[n]!);
    expect(Math.min(...twoTookMs)).toBeLessThan(4000);
    expect(cameMs[2]).toBeGreaterThan(1500);
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"dance"}'],
    ['no tables', '{"type":"subscribe"}'],
    ['tables of numbers', '{"type":"subscribe","tables":[1]}'],
    ['half a since', '{"type":"subscribe","tables":"*","since":{"version":1}}'],
    ['a negative version', '{"type":"rendered","version":-1}'],
    ['a visibility of no kind', '{"type":"visibility","visible":"yes"}'],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('%s gets an error message, and the session lives on', async (_, message) => {
    const version = await postRows(gateway.url, table, [{ n: 1 }]);
    const client = await open();
    client.socket.send(message);
    const error = await client.next('error');
    expect(error.code).toBe('bad_message');
    expect(error.detail).not.toBe('');
    expect((await client.subscribe([table])).version).toBe(version);
    expect(client.rows(table)).toEqual([{ n: 1 }]);
  });

  test('64 KiB are taken, one byte more ends this connection alone', async () => {
    const client = await open();
    const message = JSON.stringify({ type: 'subscribe', tables: [table], padding: '' });
    const padded = (byteLength: number) =>
      message.replace('""', `"${'x'.repeat(byteLength - message.length)}"`);
    client.send(padded(64 * 1024));
    expect((await client.next('commit')).changes).toEqual([]);
    client.send(padded(64 * 1024 + 1));
    expect((await client.closed).code).toBe(1009);
    expect(await postRows(gateway.url, table, [{ n: 1 }])).toBeGreaterThan(0);
  });

  test('the subprotocol is tablecast.v1', async () => {
    expect((await open()).socket.protocol).toBe('tablecast.v1');
  });

  test('a GET that asks for no WebSocket is told so', async () => {
    const response = await fetch(new URL('live', gateway.url));
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'bad_parameter' }]);
  });

  test('viewers that come and go leave nothing behind', async () => {
    for (let n = 0; n < 50; n++) {
      const client = await open();
      client.send({ type: 'subscribe', tables: '*', renders: true });
      client.close();
    }
    await waitFor(
      async () => (await readJson<{ viewers: number }>(gateway.url, 'update_data')).viewers === 0,
      { what: 'all viewers to have left' },
    );
  });
});
