import { expect, it } from 'vitest';
import { createBackOff } from '../../ui/back-off.ts';

it('spreads each delay over its upper half', () => {
  const dice = [0, 0.5, 1];
  const backOff = createBackOff({ random: () => dice.shift()!, nowMs: () => 0 });
  expect([backOff.nextDelayMs(), backOff.nextDelayMs(), backOff.nextDelayMs()]).toEqual([50, 150, 400]);
});
