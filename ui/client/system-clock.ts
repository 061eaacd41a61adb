import type { Clock } from '../connection.ts';

/** The timers that browsers and Node have. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    after(delayMs, callback) {
      const handle = setTimeout(callback, delayMs);
      return () => clearTimeout(handle);
    },
  };
}
