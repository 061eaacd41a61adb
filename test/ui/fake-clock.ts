import type { Clock } from '../../ui/connection.ts';

export interface FakeClock extends Clock {
  /** Moves time on and calls back what falls due, in order. */
  advance(ms: number): void;
  /** Moves time on without a call, as for a program that is stopped: what falls due meanwhile is late. */
  standStill(ms: number): void;
}

export function createFakeClock(): FakeClock {
  let nowMs = 0;
  const waiting = new Set<{ atMs: number; callback: () => void }>();
  return {
    nowMs: () => nowMs,
    after(delayMs, callback) {
      const entry = { atMs: nowMs + delayMs, callback };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    standStill(ms) {
      nowMs += ms;
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = [...waiting].filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        waiting.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.callback();
      }
      nowMs = endMs;
    },
  };
}
