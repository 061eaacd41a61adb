import { cpSync, renameSync, rmSync } from 'node:fs';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { waitFor } from '../support/wait-for.ts';
import { SharedGateways, sameState } from './shared-gateways.ts';

describe.skipIf(natsServerPath === null)(`snapshots of a shared log${natsTitle}`, () => {
  let server: NatsServer;
  const shared = new SharedGateways(() => server.url);
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterEach(() => shared.closeAll());
  afterAll(() => server.close());

  const withManager = async <T>(
    work: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>,
  ) => {
    const connection = await connect({ servers: server.url });
    try {
      return await work(await jetstreamManager(connection));
    } finally {
      await connection.close();
    }
  };
  const firstSequence = (name: string) =>
    withManager(async (manager) => (await manager.streams.info(name)).state.first_seq);
  const leader = (gateways: readonly { log: { shared: { leads: boolean } | null } }[]) =>
    waitFor(() => gateways.some(({ log }) => log.shared?.leads), { what: 'a leader' });

  test('the stream is trimmed below them, and a gateway that begins later has everything all the same', async () => {
    const { name, gateways } = await shared.pair({ minLoggedBytes: 2000 });
    await leader(gateways);
    const [a, b] = gateways;
    await a.publish('keyed', [{ k: 'x', n: 0 }], { key: ['k'], retention: { max_rows: 5 } });
    await b.publish('held', [{ n: 1 }], { commit: 'hold' });
    await a.publish('gone', [{ n: 1 }]);
    await b.commit({ type: 'drop', table: 'gone' });
    const isTrimmed = async () => {
      for (let i = 0; i < 20; i++) {
        await (i % 2 === 0 ? a : b).publish('keyed', [{ k: `key ${i}`, n: i }]);
        await a.publish('rows', [{ i, text: 'x'.repeat(100) }], { op: 'append' });
      }
      return (await firstSequence(name)) > 1;
    };
    await waitFor(isTrimmed, { what: 'a trimmed stream' });
    const c = await shared.open(name);
    await sameState([...gateways, c]);
    expect(c.store.droppedAfter(0)).toEqual(['gone']);
    expect(c.told).toEqual([]);
    const last = await c.commit({ type: 'all' });
    expect(last).toMatchObject({ commit: { tables: ['held'], rows: 1 } });
    await sameState([...gateways, c]);
    expect(shared.faults).toEqual([]);
  });

  test('a stream whose beginning is gone and nowhere else is refused', async () => {
    const { name, gateways } = await shared.pair();
    const [a] = gateways;
    for (let i = 0; i < 5; i++) await a.publish('t', [{ i }], { op: 'append' });
    await sameState(gateways);
    await withManager((manager) => manager.streams.purge(name, { seq: 4 }));
    await expect(shared.open(name)).rejects.toMatchObject({ code: 'log_damaged' });
  });

  test('a stream that is made anew while gateways run is noticed', async () => {
    const { name, gateways } = await shared.pair();
    const [a, b] = gateways;
    await a.publish('t', [{ n: 1 }]);
    await sameState(gateways);
    await server.stop();
    await server.start();
    await withManager((manager) => manager.streams.delete(name));
    const c = await shared.open(name);
    expect(c.state()).toMatchObject({ version: 0 });
    expect(c.log.epoch).not.toBe(a.log.epoch);
    // The next break of the line, at the latest.
    await server.stop();
    await server.start();
    for (const { log } of [a, b]) expect(await log.shared?.lost).toMatchObject({ code: 'log_lost' });
  });

  test('a stream that has lost its end begins a new epoch, with what is left', async () => {
    const { name, gateways } = await shared.pair();
    const publish = async (n: number) =>
      expect(await gateways[0].publish('t', [{ n }], { op: 'append' })).toHaveProperty('commit');
    for (const n of [1, 2]) await publish(n);
    await server.stop();
    const copy = `${server.directory}-copy`;
    cpSync(server.directory, copy, { recursive: true });
    await server.start();
    await waitFor(() => gateways[0].log.shared?.notReady === null, { what: 'the line' });
    for (const n of [3, 4]) await publish(n);
    await sameState(gateways);
    // As a server whose power was cut before it had written its last messages.
    await server.stop('SIGKILL');
    rmSync(server.directory, { recursive: true });
    renameSync(copy, server.directory);
    await server.start();
    for (const { log } of gateways) expect(await log.shared?.lost).toMatchObject({ code: 'log_lost' });
    const again = [await shared.open(name), await shared.open(name)];
    await sameState(again);
    const [{ log, store } = gateways[0]] = again;
    expect(log.epoch).not.toBe(gateways[0].log.epoch);
    expect(store.version).toBe(2);
  });
});
