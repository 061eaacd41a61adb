import { describe, expect, test } from 'vitest';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import type { Retention } from '../../../protocol/header.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { Slots } from '../../../protocol/table/slots.ts';

/** So many that closing the gaps of deleted slots pays, and too few to be taken over as a segment of their own. */
const ROWS = 1100;

function keyedRows(first: number, count: number) {
  const { fields, batches } = readIpc(
    fromValues({ k: Int32Array.from({ length: count }, (_, i) => first + i) }),
  );
  return { op: 'upsert', key: ['k'], fields, batches } as const;
}

/** A table whose rows a retention takes away in the commit that follows. */
function emptied(retention: Retention): LiveTable {
  const table = new LiveTable('t', { keepsDeletions: true });
  table.write(keyedRows(0, ROWS), { version: 1, timeMs: 1000 });
  table.tidy();
  expect(table.trim(retention, { version: 2, timeMs: 100_000 })).toBe(ROWS);
  table.tidy();
  return table;
}

describe('a table with a key that retention has emptied', () => {
  test.each<[string, Retention]>([
    ['by age', { max_age_ms: 10 }],
    ['by rows', { max_rows: 0 }],
    ['by bytes', { max_bytes: 0 }],
  ])('%s has no rows, no oldest row and none written after any version', (_, retention) => {
    const table = emptied(retention);
    expect(table.rowCount).toBe(0);
    expect(table.oldestTimeMs()).toBeNull();
    expect(table.readAfter([0], 0)).toEqual([]);
  });

  test('has nothing to take away again', () => {
    const table = emptied({ max_age_ms: 10 });
    expect(table.trim({ max_age_ms: 10 }, { version: 3, timeMs: 200_000 })).toBe(0);
    table.tidy();
    expect(table.rowCount).toBe(0);
  });

  test('takes new rows, and the same keys again', () => {
    const table = emptied({ max_age_ms: 10 });
    table.write(keyedRows(50, 3), { version: 3, timeMs: 200_000 });
    table.tidy();
    expect([0, 1, 2].map((row) => table.value(row, 0))).toEqual([50, 51, 52]);
    expect(table.oldestTimeMs()).toBe(200_000);
    expect(table.readAfter([0], 2).map((batch) => batch.rowCount)).toEqual([3]);
  });
});

test('slots that were not given out since the gaps were closed have no position', () => {
  const slots = new Slots();
  for (let slot = 0; slot < ROWS; slot++) slots.positions[slots.add()] = slot;
  for (let slot = 0; slot < ROWS; slot++) slots.free(slot);
  slots.renumber();
  expect(slots.count).toBe(0);
  expect(new Set(slots.positions)).toEqual(new Set([0xffffffff]));
});
