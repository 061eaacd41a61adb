import { expect, it } from 'vitest';
import { createCatchUp } from '../../../ui/shell/catch-up.ts';

it('a viewer is behind until the answer on a new line came', () => {
  const catchUp = createCatchUp();
  catchUp.lineIsUp();
  expect(catchUp.isBehind.value).toBe(true);
  catchUp.heartbeat(5, 5);
  expect(catchUp.isBehind.value).toBe(true);
  catchUp.commit(5);
  expect(catchUp.isBehind.value).toBe(false);
});

it('a viewer is behind where it lacks what the gateway had a heartbeat ago, not for a moment’s lag', () => {
  const catchUp = createCatchUp();
  catchUp.lineIsUp();
  catchUp.commit(5);
  catchUp.heartbeat(8, 5);
  expect(catchUp.isBehind.value).toBe(false);
  catchUp.heartbeat(12, 7);
  expect(catchUp.isBehind.value).toBe(true);
  catchUp.commit(11);
  expect(catchUp.isBehind.value).toBe(true);
  catchUp.commit(12);
  expect(catchUp.isBehind.value).toBe(false);
});
