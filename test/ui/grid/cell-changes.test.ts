import { describe, expect, it } from 'vitest';
import { CellChanges } from '../../../ui/grid/cells/cell-changes.ts';

type Seen = readonly (readonly [rowId: string, text: string | null])[];

function see(changes: CellChanges, cells: Seen, isNumber = true) {
  return cells.map(([rowId, text]) => changes.see(rowId, 1, text, isNumber));
}

describe('changed cells', () => {
  it('are told up from down by their row, wherever it stands', () => {
    const changes = new CellChanges();
    see(changes, [
      ['a', '1.0'],
      ['b', '2.0'],
      ['c', '3.0'],
    ]);
    changes.nextCommit();
    expect(
      see(changes, [
        ['c', '3.0'],
        ['a', '2.0'],
        ['b', '1.0'],
      ]),
    ).toEqual([null, 'up', 'down']);
  });

  it('stay told as long as the commit is the last one', () => {
    const changes = new CellChanges();
    see(changes, [['a', '1.0']]);
    changes.nextCommit();
    expect([see(changes, [['a', '2.0']]), see(changes, [['a', '2.0']])]).toEqual([['up'], ['up']]);
  });

  it('are nothing new for rows that were not on screen', () => {
    const changes = new CellChanges();
    changes.nextCommit();
    expect(see(changes, [['a', '1.0']])).toEqual([null]);
  });

  it('are neither up nor down where there is no number', () => {
    const changes = new CellChanges();
    const before: Seen = [
      ['a', '1.0'],
      ['b', null],
      ['c', 'NaN'],
    ];
    see(changes, before);
    changes.nextCommit();
    expect(
      see(changes, [
        ['a', null],
        ['b', '2.0'],
        ['c', '1.0'],
      ]),
    ).toEqual(['other', 'other', 'other']);
  });

  it('of texts and large numbers are told too', () => {
    const changes = new CellChanges();
    see(changes, [['a', '10']], false);
    see(changes, [
      ['b', 'inf'],
      ['c', '-inf'],
      ['d', '9007199254740993'],
    ]);
    changes.nextCommit();
    expect(see(changes, [['a', '9']], false)).toEqual(['other']);
    expect(
      see(changes, [
        ['b', '1.0'],
        ['c', '1.0'],
        ['d', '9007199254740999'],
      ]),
    ).toEqual(['down', 'up', 'up']);
  });
});
