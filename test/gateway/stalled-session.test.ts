import { expect, test, vi } from 'vitest';
import { Session } from '../../gateway/live/session.ts';
import { InjectedSocket } from './injected-socket.ts';
import { LiveEngine } from './live-engine.ts';

const LIMIT_MS = 30_000;
const FRAMES = { version: 1, chunks: [Buffer.from('commit')], byteLength: 6 };

function createSession() {
  const socket = new InjectedSocket(() => {});
  const session = new Session(
    { socket: socket.asSocket, end: () => {}, maxQueuedBytes: 100, onDrained: () => {} },
    0,
  );
  /** A minute of heartbeats, which the peer takes; at which second it was found to be stuck. */
  const secondsUntilStuck = (isBehind: boolean): number | null => {
    for (let second = 1; second <= 60; second++) {
      session.sendText(Buffer.from('heartbeat'));
      if (session.isStuck({ nowMs: second * 1000, limitMs: LIMIT_MS, isBehind })) return second;
    }
    return null;
  };
  return { session, socket, secondsUntilStuck };
}

test('a viewer that names ahead and takes no commit is stuck, though it takes heartbeats', () => {
  const { session, secondsUntilStuck } = createSession();
  session.ahead = 1;
  session.sendCommit(FRAMES);
  expect(session.isReady).toBe(false);
  expect(secondsUntilStuck(true)).toBe(32);
});

test('one for which no commit waits is not', () => {
  const { session, secondsUntilStuck } = createSession();
  session.ahead = 1;
  session.sendCommit(FRAMES);
  expect(secondsUntilStuck(false)).toBe(null);
});

test('one that takes commits now and then is not', () => {
  const { session } = createSession();
  session.ahead = 2;
  for (let version = 1; version <= 40; version++) {
    session.sendCommit({ ...FRAMES, version });
    if (version > 1) session.took(version - 1);
    expect(session.isStuck({ nowMs: version * 20_000, limitMs: LIMIT_MS, isBehind: true })).toBe(false);
  }
});

test.each([1, 2, 3, 4, 9])(
  'of large commits, half of %i ahead are under way, rounded up, of small ones all',
  (ahead) => {
    const sentUntilTold = (byteLength: number) => {
      const { session } = createSession();
      session.ahead = ahead;
      let version = 0;
      while (session.isReady) session.sendCommit({ ...FRAMES, byteLength, version: ++version });
      session.took(version);
      expect(session.isReady).toBe(true);
      return version;
    };
    expect(sentUntilTold(2 ** 20)).toBe(Math.ceil(ahead / 2));
    expect(sentUntilTold(6)).toBe(ahead);
  },
);

test('one whose socket takes nothing is', () => {
  const { session, socket } = createSession();
  socket.stall();
  session.sendCommit(FRAMES);
  const isStuckAt = (nowMs: number) => session.isStuck({ nowMs, limitMs: LIMIT_MS, isBehind: true });
  expect([isStuckAt(1000), isStuckAt(40_000)]).toEqual([false, true]);
});

test('of one that follows all tables, names that are none cost nothing, however many it asks for', async () => {
  const engine = new LiveEngine({ history: { maxAgeMs: 60_000, maxBytes: 1e9 } });
  const { session } = createSession();
  engine.broadcaster.add(session);
  engine.broadcaster.receive(session, { type: 'subscribe', tables: '*', ahead: 1 });
  for (let round = 0; round < 20; round++) {
    const tables = Array.from({ length: 1000 }, (_, i) => `none-${round}-${i}`);
    engine.broadcaster.receive(session, { type: 'subscribe', tables });
  }
  expect(session.joining.size).toBe(0);
  engine.close();
});

test('time in which the gateway itself stands still does not count', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const engine = new LiveEngine({ history: { maxAgeMs: 60_000, maxBytes: 1e9 }, maxStallMs: LIMIT_MS });
  try {
    const closed: number[] = [];
    const socket = new InjectedSocket(() => {});
    const session = new Session(
      {
        socket: socket.asSocket,
        end: (code) => void closed.push(code),
        maxQueuedBytes: 100,
        onDrained: () => {},
      },
      0,
    );
    engine.broadcaster.add(session);
    vi.advanceTimersByTime(1000);
    socket.stall();
    vi.advanceTimersByTime(1000);
    engine.nowMs += 10 * LIMIT_MS;
    vi.advanceTimersByTime(LIMIT_MS - 1000);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(closed).toEqual([4008]);
  } finally {
    engine.close();
    vi.useRealTimers();
  }
});
