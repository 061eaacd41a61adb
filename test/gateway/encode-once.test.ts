import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Session } from '../../gateway/live/session.ts';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';
import type { ClientMessage } from '../../protocol/client-message.ts';
import type { Header } from '../../protocol/header.ts';
import { InjectedSocket } from './injected-socket.ts';
import { EPOCH, type Frames, LiveEngine } from './live-engine.ts';

const VIEWER_COUNTS = [1, 10, 1000];
const MAX_TURNS = 10_000;

let engine: LiveEngine;

beforeEach(() => {
  // No heartbeat comes in between: with one, frames of the present version are made anew where somebody still needs them.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  engine = new LiveEngine({ history: { maxAgeMs: 60_000, maxBytes: 1e9 } });
});
afterEach(() => {
  engine.check();
  engine.close();
  vi.useRealTimers();
});

/** A viewer that keeps the very buffers that were written to it. */
interface BufferViewer {
  readonly session: Session;
  readonly socket: InjectedSocket;
  buffers: Buffer[];
}

type Tables = '*' | readonly string[];

function connect(count: number): BufferViewer[] {
  return Array.from({ length: count }, () => {
    const socket = new InjectedSocket((bytes) => viewer.buffers.push(bytes));
    const options = { socket: socket.asSocket, end: () => {}, maxQueuedBytes: 64, onDrained };
    const viewer: BufferViewer = { session: new Session(options, 0), socket, buffers: [] };
    engine.broadcaster.add(viewer.session);
    return viewer;
  });
}

const onDrained = (session: Session): void => engine.broadcaster.drained(session);

function subscribe(viewers: readonly BufferViewer[], tables: Tables, version?: number): void {
  const since = version === undefined ? {} : { since: { epoch: EPOCH, version } };
  const message: ClientMessage = { type: 'subscribe', tables: tables === '*' ? '*' : [...tables], ...since };
  for (const { session } of viewers) engine.broadcaster.receive(session, message);
}

/** So many viewers with the same subscription, answered. */
async function join(count: number, tables: Tables): Promise<BufferViewer[]> {
  const viewers = connect(count);
  subscribe(viewers, tables);
  await served(viewers);
  return viewers;
}

function leave(viewers: readonly BufferViewer[]): void {
  for (const { session } of viewers) engine.broadcaster.remove(session);
}

/** Until every viewer stands at the store's version. */
async function served(viewers: readonly BufferViewer[]): Promise<void> {
  const isBehind = ({ session }: BufferViewer) =>
    session.version !== engine.store.version || session.answersDue > 0;
  for (let turns = 0; viewers.some(isBehind); turns++) {
    if (turns === MAX_TURNS) throw new Error(`Some viewers stay behind version ${engine.store.version}.`);
    await turn();
  }
}

/** What some work makes the engine encode and frame. */
async function costOf(work: () => Promise<void> | void): Promise<{ encodings: number; framings: number }> {
  const { broadcaster } = engine;
  const before = { encodings: broadcaster.encoder.encodings, framings: broadcaster.framings };
  await work();
  return {
    encodings: broadcaster.encoder.encodings - before.encodings,
    framings: broadcaster.framings - before.framings,
  };
}

/** The different buffers that viewers were written, compared as objects: a copy would be one more. */
function differentBuffers(viewers: readonly BufferViewer[]): number {
  return new Set(viewers.flatMap(({ buffers }) => buffers)).size;
}

const message = (table: string, rows: readonly Row[], header: Header = {}): Frames => [
  Buffer.from(table),
  Buffer.from(JSON.stringify(header)),
  fromValues(rows),
];
const state = (n: number) => message('state', [{ k: 'x', n }], { op: 'upsert', key: ['k'] });
const line = (n: number) => message('log', [{ n }], { op: 'append' });

/** Each is one commit: of one table, of two, of a key that goes, of nothing, of a table that goes. */
const commits: readonly { of: string; make: () => void; encodings: number }[] = [
  { of: 'an upsert', make: () => engine.publish(state(2)), encodings: 1 },
  { of: 'an append', make: () => engine.publish(line(2)), encodings: 1 },
  { of: 'two tables', make: () => engine.publish(state(3), line(3)), encodings: 2 },
  {
    of: 'a delete',
    make: () => engine.publish(message('state', [{ k: 'x' }], { op: 'delete' })),
    encodings: 1,
  },
  { of: 'a new schema', make: () => engine.publish(message('log', [{ text: 'a' }])), encodings: 1 },
  { of: 'nothing', make: () => engine.commit({ type: 'all' }), encodings: 0 },
  { of: 'a drop', make: () => engine.commit({ type: 'drop', table: 'log' }), encodings: 0 },
];

describe('a commit is encoded and framed once, and every viewer is written the same buffer', () => {
  test.each(VIEWER_COUNTS)('for %i viewers with the same subscription', async (count) => {
    engine.publish(state(1), line(1));
    const viewers = await join(count, '*');
    for (const { of, make, encodings } of commits) {
      for (const viewer of viewers) viewer.buffers = [];
      const cost = await costOf(async () => {
        make();
        await served(viewers);
      });
      expect(cost, of).toEqual({ encodings, framings: 1 });
      expect(differentBuffers(viewers), of).toBe(1);
      expect(viewers.every(({ buffers }) => buffers.length === 1)).toBe(true);
    }
  });

  test.each([1, 2, 5, 7])('for each of %i subscriptions, which share the encodings', async (sets) => {
    const subscriptions: Tables[] = [
      ['a', 'b', 'c'],
      ['a'],
      ['c', 'b'],
      ['b'],
      ['a', 'c'],
      '*',
      ['c', 'not there'],
    ];
    const all = () => engine.publish(...['a', 'b', 'c'].map((name) => message(name, [{ n: 1 }])));
    all();
    const viewers: BufferViewer[] = [];
    for (const tables of subscriptions.slice(0, sets)) viewers.push(...(await join(30, tables)));
    for (const viewer of viewers) viewer.buffers = [];
    const cost = await costOf(async () => {
      all();
      await served(viewers);
    });
    expect(cost).toEqual({ encodings: 3, framings: sets });
    expect(differentBuffers(viewers)).toBe(sets);
  });

  test('for subscriptions that were made in another order, or in several steps', async () => {
    engine.publish(message('a', [{ n: 1 }]), message('b', [{ n: 1 }]), message('c', [{ n: 1 }]));
    const viewers = [
      ...(await join(5, ['a', 'b'])),
      ...(await join(5, ['b', 'a'])),
      ...(await join(5, ['b'])),
    ];
    subscribe(viewers.slice(10), ['a']);
    const detour = await join(5, ['c', 'b', 'a']);
    for (const { session } of detour)
      engine.broadcaster.receive(session, { type: 'unsubscribe', tables: ['c'] });
    viewers.push(...detour);
    await served(viewers);
    const cost = await costOf(async () => {
      engine.publish(message('a', [{ n: 2 }]));
      await served(viewers);
    });
    expect(cost).toEqual({ encodings: 1, framings: 1 });
  });
});

describe('what brings a viewer to the present is encoded once', () => {
  test.each(VIEWER_COUNTS)('for %i viewers that join together: one snapshot', async (count) => {
    engine.publish(state(1));
    const viewers = connect(count);
    const cost = await costOf(async () => {
      subscribe(viewers, ['state']);
      await served(viewers);
    });
    expect(cost).toEqual({ encodings: 1, framings: 1 });
  });

  test('for viewers that join one after the other, and a large snapshot comes to them as the same pieces', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => ({ n, text: `row ${n} with some text in it` }));
    engine.publish(message('large', rows));
    const costs = [];
    const viewers: BufferViewer[] = [];
    for (const count of VIEWER_COUNTS)
      costs.push(await costOf(async () => void viewers.push(...(await join(count, '*')))));
    expect(costs[0]!.encodings).toBeGreaterThan(1);
    expect(costs[0]!.framings).toBe(1);
    expect(costs.slice(1)).toEqual(costs.slice(1).map(() => ({ encodings: 0, framings: 0 })));
  });

  test.each(VIEWER_COUNTS)('for %i viewers that resume from the same version', async (count) => {
    engine.publish(state(1), line(1));
    const viewers = await join(count, '*');
    const { version } = engine.store;
    leave(viewers);
    for (const n of [2, 3, 4]) engine.publish(state(n));
    const back = connect(count);
    const cost = await costOf(async () => {
      subscribe(back, '*', version);
      await served(back);
    });
    expect(cost).toEqual({ encodings: 1, framings: 1 });
  });

  test('for viewers that resume from several versions: once for each version', async () => {
    const versions = [1, 2, 3, 4, 5];
    for (const n of versions) engine.publish(state(n));
    engine.publish(state(9));
    const groups = versions.map((version) => ({ version, viewers: connect(40) }));
    const cost = await costOf(async () => {
      for (const { version, viewers } of groups) subscribe(viewers, '*', version);
      await served(groups.flatMap(({ viewers }) => viewers));
    });
    expect(cost).toEqual({ encodings: versions.length, framings: versions.length });
  });

  test.each(VIEWER_COUNTS)('for %i viewers that stalled together and flow again', async (count) => {
    engine.publish(state(1));
    const viewers = await join(count, '*');
    for (const { socket } of viewers) socket.stall();
    // The first fills their queues, the others are merged behind it.
    engine.publish(state(2));
    await served(viewers);
    for (const n of [3, 4, 5]) engine.publish(state(n));
    await turn();
    const cost = await costOf(async () => {
      for (const { socket } of viewers) socket.flow();
      await served(viewers);
    });
    expect(cost).toEqual({ encodings: 1, framings: 1 });
  });

  test('a viewer that refuses to take anything costs nobody an encoding', async () => {
    engine.publish(state(1));
    const [stuck] = await join(1, '*');
    stuck!.socket.stall();
    const viewers = await join(100, '*');
    const cost = await costOf(async () => {
      for (const n of [2, 3, 4]) {
        engine.publish(state(n));
        await served(viewers);
      }
    });
    expect(cost).toEqual({ encodings: 3, framings: 3 });
  });
});
