import { describe, expect, test } from 'vitest';
import { GONE, RowTracker } from '../../../protocol/table/row-tracker.ts';
import { Slots } from '../../../protocol/table/slots.ts';

function plain(tracker: RowTracker) {
  const { written, freed, renumbered, isLost } = tracker.take();
  return { written: [...written], freed: [...freed], renumbered: renumbered && [...renumbered], isLost };
}

/** Slots `0 .. count`, each with a position, and a tracker of them. */
function tracked(count: number, maxRows = 1 << 16) {
  const slots = new Slots();
  for (let slot = 0; slot < count; slot++) slots.positions[slots.add()] = slot;
  const tracker = new RowTracker(maxRows);
  slots.trackers.push(tracker);
  return { slots, tracker };
}

describe('a row tracker', () => {
  test('tells once what was written and freed', () => {
    const { slots, tracker } = tracked(4);
    slots.wrote(Int32Array.of(1, 3, 1));
    slots.free(2);
    expect(plain(tracker)).toEqual({ written: [1, 3, 1], freed: [2], renumbered: null, isLost: false });
    expect(plain(tracker)).toEqual({ written: [], freed: [], renumbered: null, isLost: false });
  });

  test('speaks of slots as they are numbered now, through any number of renumberings', () => {
    const { slots, tracker } = tracked(6);
    slots.wrote(Int32Array.of(0, 4, 5));
    slots.free(0);
    slots.free(3);
    slots.renumber();
    slots.wrote(Int32Array.of(0));
    slots.free(1);
    slots.renumber();
    // 1 2 4 5 were left, then 1 4 5.
    expect(plain(tracker)).toEqual({
      written: [1, 2, 0],
      freed: [0, 1, 1],
      renumbered: [GONE, 0, GONE, GONE, 1, 2],
      isLost: false,
    });
  });

  test('forgets what is too much, and says so, but for renumberings', () => {
    const { slots, tracker } = tracked(6, 4);
    slots.wrote(Int32Array.of(1, 2, 3));
    slots.free(0);
    slots.wrote(Int32Array.of(4));
    slots.renumber();
    expect(plain(tracker)).toEqual({
      written: [],
      freed: [],
      renumbered: [GONE, 0, 1, 2, 3, 4],
      isLost: true,
    });
    slots.wrote(Int32Array.of(2));
    expect(plain(tracker).written).toEqual([2]);
  });
});

test('a slot knows how many rows stand before it', () => {
  const { slots } = tracked(6);
  slots.free(0);
  slots.free(3);
  expect([0, 1, 2, 3, 4, 5].map((slot) => slots.rowsBefore(slot))).toEqual([0, 0, 1, 2, 2, 3]);
  expect([0, 1, 2, 3].map((row) => slots.slotAt(row))).toEqual([1, 2, 4, 5]);
});
