import { describe, expect, it } from 'vitest';
import { CellChanges } from '../../../ui/grid/cell-changes.ts';
import { type FakeValue, fakeTable, float, utf8 } from '../fake-table.ts';

const prices = (names: FakeValue[], values: FakeValue[], key: string[] | null) =>
  fakeTable(
    [
      { name: 'name', type: utf8, values: names },
      { name: 'price', type: float, values },
    ],
    key,
  );

function seeAll(changes: CellChanges, table: ReturnType<typeof prices>) {
  return Array.from({ length: table.rowCount }, (_, row) => changes.see(table, row, 1, table.text(row, 1)));
}

describe('changed cells', () => {
  it('are told up from down by their key, wherever the row stands', () => {
    const changes = new CellChanges();
    seeAll(changes, prices(['a', 'b', 'c'], [1, 2, 3], ['name']));
    changes.nextCommit(0);
    expect(seeAll(changes, prices(['c', 'a', 'b'], [3, 2, 1], ['name']))).toEqual([null, 'up', 'down']);
  });

  it('are nothing new for rows that were not on screen', () => {
    const changes = new CellChanges();
    changes.nextCommit(0);
    expect(seeAll(changes, prices(['a'], [1], ['name']))).toEqual([null]);
  });

  it('without a key go by place, counted from rows that retention took', () => {
    const changes = new CellChanges();
    seeAll(changes, prices(['a', 'b'], [1, 2], null));
    changes.nextCommit(1);
    expect(seeAll(changes, prices(['b', 'c'], [2, 3], null))).toEqual([null, null]);
  });

  it('to and from null are neither up nor down', () => {
    const changes = new CellChanges();
    seeAll(changes, prices(['a', 'b'], [1, null], ['name']));
    changes.nextCommit(0);
    expect(seeAll(changes, prices(['a', 'b'], [null, 2], ['name']))).toEqual(['other', 'other']);
  });
});
