import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Cadence, type CadenceOptions } from '../../producer/cadence.ts';

const open: Cadence[] = [];
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  for (const cadence of open.splice(0)) cadence.close();
  vi.useRealTimers();
});

/** When the runs began, in milliseconds from the start, within `untilMs`. */
async function runsUntil(untilMs: number, options: Partial<CadenceOptions>): Promise<number[]> {
  const startMs = performance.now();
  const begun: number[] = [];
  const { run = async () => 0, ...rest } = options;
  const cadence = new Cadence({
    intervalMs: 1_000,
    firstRunMs: 0,
    maxDutyCycle: 1,
    maxPauseMs: 30_000,
    onError: () => {},
    ...rest,
    run: () => {
      begun.push(Math.round(performance.now() - startMs));
      return run();
    },
  });
  open.push(cadence);
  await vi.advanceTimersByTimeAsync(untilMs);
  return begun;
}

function taking(durationMs: number, costMs = 0): () => Promise<number> {
  return () => new Promise((resolve) => setTimeout(() => resolve(costMs), durationMs));
}

test('runs stand at whole intervals from the start, however long the first one waits', async () => {
  expect(await runsUntil(4_500, { firstRunMs: 250 })).toEqual([250, 1000, 2000, 3000, 4000]);
});

test('runs that take most of an interval do not drift', async () => {
  expect(await runsUntil(4_500, { run: taking(800) })).toEqual([0, 1000, 2000, 3000, 4000]);
});

test('runs never overlap: the intervals that begin meanwhile are left out', async () => {
  expect(await runsUntil(6_500, { run: taking(1_200) })).toEqual([0, 2000, 4000, 6000]);
});

test('a costly run is repeated less often', async () => {
  expect(await runsUntil(7_000, { run: taking(0, 250), maxDutyCycle: 0.1 })).toEqual([0, 3000, 6000]);
});

test('a failing run is reported, and retried later and later up to the longest pause', async () => {
  const errors: unknown[] = [];
  const run = async () => {
    throw new Error('no such metric');
  };
  const begun = await runsUntil(20_000, { run, onError: (error) => errors.push(error), maxPauseMs: 5_000 });
  expect(begun).toEqual([0, 2000, 6000, 11000, 16000]);
  expect(errors).toHaveLength(5);
});

test('after close() nothing runs', async () => {
  expect(await runsUntil(1_500, {})).toEqual([0, 1000]);
  open[0]?.close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(vi.getTimerCount()).toBe(0);
});
