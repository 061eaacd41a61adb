import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf } from '../support/arrow-messages.ts';
import { endsWithin } from '../support/ends-within.ts';
import { type EventSourceClient, openEvents } from '../support/event-source.ts';
import { readJson } from '../support/gateway-http.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

/** So long and so many names, so often, are 8 MB of events: more than kernel buffers hold for a client that stops reading. */
const NAMES = Array.from({ length: 1200 }, (_, i) => `${i}-`.padEnd(128, 'n'));
const ROUNDS = 50;
const ROW = arrowOf([{ n: 1 }]);

let gateway: SpawnedGateway;
let push: PushSocket;
let clients: EventSourceClient[] = [];

beforeEach(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none' });
  push = openPush(gateway.pull);
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  push.close();
  await gateway.close();
});

async function open(): Promise<EventSourceClient> {
  const client = await openEvents(gateway.url);
  clients.push(client);
  await client.next('commit');
  return client;
}

/**
 * The last version, once the client has heard of it. It hears of each round before the next: a gateway that is busy makes
 * one event of all that came meanwhile, and then there are few of them.
 */
async function publishAll(healthy: EventSourceClient): Promise<number> {
  const rounds = () => healthy.messages.filter(({ data }) => (data.tables as string[]).includes('last'));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const name of NAMES) await push.publish(name, ROW);
    await push.publish('last', ROW);
    await waitFor(() => rounds().length === round, { what: `round ${round}`, intervalMs: 2 });
  }
  return healthy.messages.at(-1)!.data.version as number;
}

describe('a client of /events that stops reading', () => {
  test('gets what it missed merged, holds nobody up, and misses no table', async () => {
    const [slow, healthy] = [await open(), await open()];
    slow.pause();
    const version = await publishAll(healthy);
    slow.resume();
    await waitFor(() => slow.lastEventId().endsWith(`:${version}`), {
      what: 'the slow client',
      timeoutMs: 20_000,
    });
    expect(slow.messages.length).toBeLessThan(healthy.messages.length);
    const told = (client: EventSourceClient) => {
      const known = new Map<string, number>();
      for (const { data } of client.messages)
        for (const table of data.tables as string[]) known.set(table, data.version as number);
      return known;
    };
    const [slowKnows, changed] = [told(slow), new Map<string, number>()];
    const { tables } = await readJson<{ tables: { name: string; changed: number }[] }>(gateway.url, 'tables');
    for (const table of tables) changed.set(table.name, table.changed);
    expect(changed.size).toBe(NAMES.length + 1);
    for (const [name, at] of changed) expect(slowKnows.get(name)).toBeGreaterThanOrEqual(at);
  });

  test.skipIf(process.platform === 'win32')(
    'does not keep the gateway from ending in two seconds; others are told the end in good order',
    async () => {
      const [slow, healthy] = [await open(), await open()];
      slow.pause();
      await publishAll(healthy);
      expect(await endsWithin(2000, gateway)).toEqual({ code: 0, signal: null, isInTime: true });
      expect(await healthy.ended).toBe('ended');
      expect(gateway.stderr()).toBe('');
    },
  );
});
