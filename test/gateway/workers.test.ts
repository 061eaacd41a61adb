import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../gateway/log/log.ts';
import { prepareRecord } from '../../gateway/log/log-record.ts';
import { createMemoryLog } from '../../gateway/log/memory-log.ts';
import { cutStore } from '../../gateway/tables/table-state.ts';
import type { TableStore } from '../../gateway/tables/table-store.ts';
import { fedLog } from '../../gateway/workers/fed-log.ts';
import { Feed } from '../../gateway/workers/feed.ts';
import { FeedFrames, feedFrame } from '../../gateway/workers/feed-frames.ts';
import { openWorkerLog, type WorkerLog } from '../../gateway/workers/worker-log.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { waitFor } from '../support/wait-for.ts';
import { LoggedTables, logBehaviour, type OpenLogOf } from './log-behaviour.ts';

const EPOCH = 'epoch';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Both ends of one connection. */
async function openLine(): Promise<readonly [first: Socket, second: Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const second = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [first] = await accepted;
  server.close();
  for (const socket of [first, second]) {
    socket.on('error', () => {});
    closing.push(() => socket.destroy());
  }
  return [first, second];
}

/** The tables of a worker that has begun. */
async function follow(feed: Feed, from: TableStore): Promise<{ store: TableStore; log: WorkerLog }> {
  const [ours, theirs] = await openLine();
  const line = feed.begin(ours, cutStore(from, 1000));
  closing.push(() => feed.end(line));
  const { store } = new LoggedTables();
  const log = await openWorkerLog({
    stream: theirs,
    epoch: EPOCH,
    store,
    fold: (entry) => store.apply(entry),
  });
  return { store, log };
}

function stateOf({ version, tables }: TableStore) {
  return {
    version,
    tables: [...tables.values()].map(({ name, live, stage, history, retention, lastPublicationMs }) => ({
      name,
      hash: contentHash(live),
      staged: stage.length,
      changed: history.changed,
      retention,
      lastPublicationMs,
    })),
  };
}

/** The log in memory, fed to `feed`. */
function openFed(feed: Feed): OpenLogOf {
  return async ({ fold }) => {
    const foldAndFeed = (entry: LogEntry) => {
      const commit = fold(entry);
      feed.folded(entry);
      return commit;
    };
    return fedLog(createMemoryLog({ epoch: EPOCH, fold: foldAndFeed }), feed);
  };
}

// Each worker has the same when the log closes: one that began with it, and one that begins late.
logBehaviour('the log in memory, followed by workers', () => ({
  open: async (opening) => {
    const feed = new Feed({ maxLagBytes: 1 << 26 });
    const early = await follow(feed, opening.store);
    const log = await openFed(feed)(opening);
    let closed: Promise<void> | null = null;
    const close = async () => {
      const late = await follow(feed, opening.store);
      for (const worker of [early, late]) {
        await worker.log.caughtUp();
        expect(stateOf(worker.store)).toEqual(stateOf(opening.store));
      }
      await log.close();
    };
    return {
      epoch: log.epoch,
      shared: null,
      isFull: false,
      room: () => log.room(),
      append: (...args) => log.append(...args),
      close: () => (closed ??= close()),
    };
  },
  reopen: null,
}));

describe('a worker', () => {
  test('that begins while publications come misses none and folds none twice', async () => {
    const feed = new Feed({ maxLagBytes: 1 << 26 });
    const tables = await new LoggedTables().open(openFed(feed));
    const rows = Array.from({ length: 2000 }, (_, n) => ({ k: `key ${n}`, n }));
    await tables.publish('keyed', rows, { key: ['k'], retention: { max_rows: 2100 } });
    await tables.publish('held', rows, { op: 'append', commit: 'hold' });
    const beginning = [1, 2, 3].map(async (i) => {
      for (let n = 0; n < 20; n++) await tables.publish('added', [{ i, n }], { op: 'append' });
      return follow(feed, tables.store);
    });
    for (let n = 0; n < 200; n++)
      await tables.publish('keyed', [
        { k: `key ${n % 7}`, n: -n },
        { k: `new ${n}`, n },
      ]);
    await tables.commit({ type: 'all' });
    for (const { store, log } of await Promise.all(beginning)) {
      await log.caughtUp();
      expect(stateOf(store)).toEqual(stateOf(tables.store));
    }
  });

  test('is told of commits alone, in the order of their versions', async () => {
    const feed = new Feed({ maxLagBytes: 1 << 26 });
    const tables = await new LoggedTables().open(openFed(feed));
    const { log } = await follow(feed, tables.store);
    const told: number[] = [];
    log.onForeign(({ version }) => told.push(version));
    await tables.publish('t', [{ n: 1 }]);
    await tables.publish('t', [{ n: 2 }], { commit: 'hold' });
    await tables.commit({ type: 'drop', table: 't' });
    await log.caughtUp();
    expect(told).toEqual([1, 2]);
  });

  test('writes nothing itself, and is lost where the first process ends', async () => {
    const feed = new Feed({ maxLagBytes: 1 << 26 });
    const { store } = new LoggedTables();
    const [ours, theirs] = await openLine();
    closing.push(() => feed.end(line));
    const line = feed.begin(ours, cutStore(store, 1000));
    const fold = (entry: LogEntry) => store.apply(entry);
    const log = await openWorkerLog({ stream: theirs, epoch: EPOCH, store, fold });
    const failed = new Promise((resolve) => {
      log.append({ publications: [], commit: { scope: { type: 'all' }, timeMs: 0 } }, undefined, resolve);
    });
    expect(await failed).toMatchObject({ code: 'internal' });
    ours.pause();
    const asked = [log.caughtUp(), log.caughtUp()];
    ours.destroy();
    expect(await log.lost).toMatchObject({ code: 'shutting_down' });
    await Promise.all(asked);
    await log.caughtUp();
  });

  test('that is sent no feed is lost, and says so', async () => {
    const [ours, theirs] = await openLine();
    const { store } = new LoggedTables();
    const fold = (entry: LogEntry) => store.apply(entry);
    const opening = openWorkerLog({ stream: theirs, epoch: EPOCH, store, fold });
    ours.write(feedFrame('entry', prepareRecord({ header: { publications: 7 }, blobs: [] })));
    await expect(opening).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a feed', () => {
  test('is full while a worker that answers is far behind, and not for one that is silent', async () => {
    const feed = new Feed({ maxLagBytes: 1 << 20 });
    const tables = await new LoggedTables().open(openFed(feed));
    const [ours, theirs] = await openLine();
    const line = feed.begin(ours, cutStore(tables.store, 1000));
    closing.push(() => feed.end(line));
    const text = 'x'.repeat(100_000);
    const publish = () => tables.publish('t', [{ text }]);
    // More than the system's own buffers take.
    for (let n = 0; n < 300; n++) await publish();
    await new Promise(setImmediate);
    expect(tables.log.isFull).toBe(true);
    let hasRoom = false;
    const room = tables.log.room().then(() => {
      hasRoom = true;
    });
    await new Promise(setImmediate);
    expect(hasRoom).toBe(false);
    feed.setAnswers(line, false);
    await room;
    feed.setAnswers(line, true);
    expect(tables.log.isFull).toBe(true);
    theirs.resume();
    await tables.log.room();
    expect(line.lagBytes).toBeLessThan(1 << 20);
  });

  test('lets more come while a worker is still sent the tables, but not without end', async () => {
    const feed = new Feed({ maxLagBytes: 1 << 20 });
    const tables = await new LoggedTables().open(openFed(feed));
    const [ours, theirs] = await openLine();
    const states = Array.from({ length: 20 }, () => ({
      header: { type: 'store', version: 0, drops: [] },
      blobs: [new Uint8Array(1e6)],
    }));
    const line = feed.begin(ours, states.values());
    closing.push(() => feed.end(line));
    const text = 'x'.repeat(100_000);
    const publish = () => tables.publish('t', [{ text }]);
    for (let n = 0; n < 20; n++) await publish();
    expect({ isBeginning: line.isBeginning, isFull: tables.log.isFull }).toEqual({
      isBeginning: true,
      isFull: false,
    });
    for (let n = 0; n < 40; n++) await publish();
    expect(tables.log.isFull).toBe(true);
    theirs.resume();
    await tables.log.room();
    expect(line.isBeginning).toBe(false);
  });

  test('a worker that is gone holds up nobody', async () => {
    const feed = new Feed({ maxLagBytes: 1000 });
    const tables = await new LoggedTables().open(openFed(feed));
    const [ours] = await openLine();
    const line = feed.begin(ours, cutStore(tables.store, 1000));
    await waitFor(
      async () => {
        await tables.publish('t', [{ text: 'x'.repeat(1e6) }]);
        return tables.log.isFull;
      },
      { what: 'a full feed', intervalMs: 0 },
    );
    const room = tables.log.room();
    feed.end(line);
    await room;
    expect(tables.log.isFull).toBe(false);
  });

  test('gives the same frames however its bytes are cut', () => {
    const record = (size: number) =>
      prepareRecord({ header: { size }, blobs: [fromValues([{ text: 'y'.repeat(size) }])] });
    const frames = [
      feedFrame('state', record(10)),
      feedFrame('begun'),
      feedFrame('entry', record(3000)),
      feedFrame('mark'),
    ];
    const all = Buffer.concat(frames);
    for (const size of [1, 3, 8, 100, all.length]) {
      const taken: [string, number][] = [];
      const reader = new FeedFrames();
      for (let at = 0; at < all.length; at += size)
        reader.add(all.subarray(at, at + size), (kind, bytes) => taken.push([kind, bytes.length]));
      expect(taken).toEqual(
        ['state', 'begun', 'entry', 'mark'].map((kind, i) => [kind, frames[i]!.length - 8]),
      );
    }
  });
});
