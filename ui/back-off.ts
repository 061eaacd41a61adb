const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;
/** A line that held this long was a good one: the next loss starts again from the first delay. */
const GOOD_LINE_MS = 5000;

export interface BackOff {
  /** A line is up. */
  connected(): void;
  /** The line was lost or never came up: how long to wait before the next. */
  nextDelayMs(): number;
}

/** Doubling delays from 100 ms to 5 s; each is spread over its upper half, so that viewers do not come back in step. */
export function createBackOff(options: { random: () => number; nowMs: () => number }): BackOff {
  let losses = 0;
  let connectedAtMs: number | null = null;
  return {
    connected() {
      connectedAtMs = options.nowMs();
    },
    nextDelayMs() {
      if (connectedAtMs !== null && options.nowMs() - connectedAtMs >= GOOD_LINE_MS) losses = 0;
      connectedAtMs = null;
      const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** losses);
      losses = Math.min(losses + 1, 16);
      return (delayMs * (1 + options.random())) / 2;
    },
  };
}
