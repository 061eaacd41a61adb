import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelayHistogram } from '../../../bench/capacity/delay-histogram.mjs';
import { EventQueue } from '../../../bench/capacity/event-queue.mjs';
import { delayOf, nextArrivalMs } from '../../../bench/capacity/random-draws.mjs';
import { createRandom } from '../../../bench/lib/random.mjs';

test('events come by their time, and those of one time as they were added', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = new EventQueue<{ atMs: number; order: number }>();
      for (const [order, atMs] of times.entries()) queue.add(atMs, { atMs, order });
      const sorted = times
        .map((atMs, order) => ({ atMs, order }))
        .sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      expect(times.map(() => queue.take())).toEqual(sorted);
      expect(queue.take()).toBeUndefined();
      expect(queue.nextAtMs).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test('draws have the mean and the ranks that they are asked for', () => {
  const random = createRandom(1);
  const delays = new DelayHistogram();
  let sumMs = 0;
  for (let i = 0; i < 100_000; i += 1) {
    delays.add(delayOf(random, { p50: 2, p99: 20 }));
    sumMs += nextArrivalMs(random, 50);
  }
  expect(delays.rankMs(0.5)).toBeGreaterThan(1.9);
  expect(delays.rankMs(0.5)).toBeLessThan(2.1);
  expect(delays.rankMs(0.99)).toBeGreaterThan(18);
  expect(delays.rankMs(0.99)).toBeLessThan(22);
  expect(sumMs / 100_000).toBeCloseTo(20, 0);
  expect(new DelayHistogram().rankMs(0.5)).toBeNaN();
});
