import { describe, expect, test } from 'vitest';
import { groupPath } from '../../../../ui/grid/row-view/view-spec.ts';
import { ALL_AT_ONCE, byPrice, IN_SLICES, Market, numbers, priceColumns } from './market.ts';
import { types } from './vectors.ts';

describe('an update', () => {
  test('holds the lines on screen in place when rows come and go above them', () => {
    const market = new Market(ALL_AT_ONCE);
    market.put({ ids: numbers(100), price: (id) => id });
    market.spec(byPrice);
    expect(market.view.update(0)).toEqual({ isMoved: true, isAnother: true, heldAt: 0 });
    market.put({ ids: [200, 201, 202], price: () => 10.5 });
    market.write('delete', [{ name: 'id', type: types.int32, cells: [3] }]);
    expect(market.view.update(50)).toEqual({ isMoved: true, isAnother: false, heldAt: 52 });
    // The line held moves itself to the end: its neighbour tells.
    const held = market.view.value(52, 0) as number;
    market.put({ ids: [held], price: () => 1000 });
    expect(market.view.update(52).heldAt).toBe(51);
    expect(market.view.update(51)).toEqual({ isMoved: false, isAnother: false, heldAt: 51 });
  });

  test.each([
    [true, [2, 7, 60], 48],
    [true, [50], 50],
    [false, [0, 1, 2], 47],
  ])('holds lines in table order in place too (keyed: %j, gone: %j)', (isKeyed, gone, heldAt) => {
    const market = new Market({ ...ALL_AT_ONCE, isKeyed });
    market.put({ ids: numbers(100), price: (id) => id });
    market.view.update();
    if (isKeyed) market.write('delete', [{ name: 'id', type: types.int32, cells: gone }]);
    else market.table!.dropFirst(gone.length);
    expect(market.view.update(50)).toEqual({ isMoved: true, isAnother: false, heldAt });
    market.expectRight();
  });

  test('holds a group line when one above it is expanded', () => {
    const market = new Market(ALL_AT_ONCE);
    market.put({ ids: numbers(40), price: (id) => id % 4 });
    const group = { by: ['price'], aggregates: [], expanded: new Set<string>() };
    market.spec({ group });
    market.view.update();
    market.spec({ group: { ...group, expanded: new Set([groupPath(['0.0'])]) } });
    expect(market.view.update(2)).toEqual({ isMoved: true, isAnother: false, heldAt: 12 });
    expect(market.view.isBuilding).toBe(false);
  });

  test('tells which rows were written', () => {
    const market = new Market(ALL_AT_ONCE);
    market.put({ ids: numbers(5), price: (id) => -id });
    market.spec(byPrice);
    market.view.update();
    market.put({ ids: [1, 3], price: (id) => -id });
    expect(market.view.update().isMoved).toBe(false);
    expect(numbers(5).map((index) => market.view.isWritten(index))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    market.view.update();
    expect(market.view.isWritten(1)).toBe(false);
  });
});

describe('while a build runs', () => {
  test('the former order is shown, with the present values, and then the new one as a whole', () => {
    const market = new Market(IN_SLICES);
    market.put({ ids: numbers(3000), price: (id) => (id * 7) % 3000 });
    market.spec(byPrice);
    market.settle();
    const before = market.ids();
    market.spec({ sort: [{ column: 'price', direction: 'descending' }] });
    market.view.update();
    expect(market.view.isBuilding).toBe(true);
    for (let slice = 0; slice < 3; slice++) {
      market.put({ ids: [before[0] as number], price: () => 5000 + slice });
      market.put({ ids: [9000 + slice], price: () => 1 });
      market.runSlice();
      expect(market.view.update()).toMatchObject({ isAnother: false });
      expect(market.ids()).toEqual(before);
      expect(market.view.value(0, 1)).toBe(5000 + slice);
    }
    expect(market.settle().isAnother).toBe(true);
    expect(market.view.value(0, 1)).toBe(5002);
    market.expectRight();
  });

  test('rows keep the places of those before when the table is replaced, however often', () => {
    const market = new Market(IN_SLICES);
    const replace = (round: number) =>
      market.write('replace', priceColumns({ ids: numbers(3000), price: (id) => (id * 7 + round) % 3000 }));
    replace(0);
    market.spec(byPrice);
    market.settle();
    const before = market.ids();
    let rounds = 0;
    do {
      replace(++rounds);
      market.view.update();
      if (market.view.isBuilding) expect(market.ids()).toEqual(before);
      market.runSlice();
      expect(rounds).toBeLessThan(50);
    } while (market.readyCount === 0);
    market.settle();
    market.expectRight();
  });

  test('a table of another schema begins in its own order', () => {
    const market = new Market(IN_SLICES);
    market.put({ ids: numbers(50), price: (id) => -id });
    market.spec(byPrice);
    market.settle();
    market.write('replace', [
      ...priceColumns({ ids: numbers(20), price: (id) => -id }),
      { name: 'x', type: types.bool, cells: numbers(20).map((id) => id > 3) },
    ]);
    market.view.update();
    expect(market.ids()).toEqual(numbers(20));
    market.settle();
    market.expectRight();
  });
});

describe('a spec', () => {
  test('that does not fit the table is taken as far as it does, and the rest is told', () => {
    const market = new Market(ALL_AT_ONCE);
    market.put({ ids: numbers(10), price: (id) => -id });
    market.spec({
      sort: [
        { column: 'nothing', direction: 'ascending' },
        { column: 'price', direction: 'ascending' },
      ],
      filters: [
        { type: 'number', column: 'id', compare: '<', value: 'many' },
        { type: 'number', column: 'id', compare: '<', value: '3' },
        { type: 'null', column: 'gone', isNull: true },
      ],
    });
    market.view.update();
    expect(market.ids()).toEqual([2, 1, 0]);
    expect(market.view.problems).toEqual([
      { part: 'sort', index: 0, column: 'nothing', reason: 'missing_column' },
      { part: 'filter', index: 0, column: 'id', reason: 'bad_value' },
      { part: 'filter', index: 2, column: 'gone', reason: 'missing_column' },
    ]);
    expect(market.view.matchCount).toBe(3);
  });

  test.each([[-1], [3], [Number.NaN]])('has no line %d of three', (index) => {
    const market = new Market(ALL_AT_ONCE);
    market.put({ ids: numbers(3), price: (id) => -id });
    market.spec(byPrice);
    market.view.update();
    expect(() => market.view.rowAt(index)).toThrow(RangeError);
    expect(market.view.text(index, 0)).toBeNull();
    expect(market.view.indexOf(index)).toBe(-1);
  });
});

test('a view that is closed lets go of the table', () => {
  const market = new Market(ALL_AT_ONCE);
  market.put({ ids: numbers(3), price: (id) => -id });
  market.view.update();
  const { rows } = market.table!;
  const trackers = 'slots' in rows ? rows.slots.trackers : [];
  expect(trackers).toHaveLength(1);
  market.view.close();
  expect(trackers).toHaveLength(0);
});
