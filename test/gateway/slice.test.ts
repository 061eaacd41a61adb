import { expect, test } from 'vitest';
import { Slice } from '../../gateway/bus/slice.ts';
import type { BusMessage } from '../../gateway/intake.ts';

function createSlice(workMsOf: (messages: readonly BusMessage[]) => number) {
  const clock = { nowMs: 0 };
  const handed: number[] = [];
  const slice = new Slice({
    nowMs: () => clock.nowMs,
    onMessages: (messages) => {
      handed.push(messages.length);
      clock.nowMs += workMsOf(messages);
    },
    onFault: (error) => {
      throw error;
    },
  });
  /** As many messages as a flood would bring, in the slices that they are taken in. */
  const flood = (count: number, bytes: number): number[] => {
    handed.length = 0;
    for (let i = 0; i < count; i++) {
      slice.add({ source: 'pull', frames: [Buffer.alloc(bytes)] });
      if (slice.isFull) slice.handOn();
    }
    slice.handOn();
    return handed;
  };
  return { clock, slice, flood };
}

test('small messages of a flood are taken 64 at a time', () => {
  const { flood } = createSlice((messages) => messages.length * 0.01);
  expect(flood(128, 100)).toEqual([64, 64]);
});

test('large ones are taken up to 4 MiB at a time', () => {
  const { flood } = createSlice(() => 0);
  expect(flood(16, 1024 * 1024)).toEqual([4, 4, 4, 4]);
});

test('those that take long to work on are soon taken few at a time, and never none', () => {
  const slow = createSlice((messages) => messages.length * 3);
  slow.flood(300, 60_000);
  expect(new Set(slow.flood(30, 60_000))).toEqual(new Set([3]));
  const slower = createSlice((messages) => messages.length * 30);
  slower.flood(300, 60_000);
  expect(new Set(slower.flood(5, 60_000))).toEqual(new Set([1]));
});

test('messages that come slowly are handed on after 2 ms', () => {
  const { clock, slice } = createSlice(() => 0);
  slice.add({ source: 'sub', frames: [Buffer.alloc(1)] });
  expect(slice.isFull).toBe(false);
  clock.nowMs += 2;
  expect(slice.isFull).toBe(true);
});
