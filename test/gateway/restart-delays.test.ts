import { expect, test } from 'vitest';
import { restartDelaysMs } from '../../gateway/live/restart-delays.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const random = new SeededRandom(1);
const delaysOf = (count: number) => restartDelaysMs(count, () => random.next());

test.each([
  [1, 2],
  [1000, 2000],
  [10_000, 20_000],
  [100_000, 30_000],
])('%i viewers are spread evenly over %i ms', (count, spreadMs) => {
  const sorted = delaysOf(count).sort((a, b) => a - b);
  expect(sorted).toHaveLength(count);
  const slotMs = spreadMs / count;
  sorted.forEach((delayMs, i) => {
    expect(delayMs).toBeGreaterThanOrEqual(Math.floor(i * slotMs));
    expect(delayMs).toBeLessThan((i + 1) * slotMs);
  });
});

test('those who connected first are not the first to come back', () => {
  const delays = delaysOf(100);
  expect(delays).not.toEqual(delays.toSorted((a, b) => a - b));
  expect(delaysOf(0)).toEqual([]);
});
