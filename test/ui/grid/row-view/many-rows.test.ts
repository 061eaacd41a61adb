import { describe, expect, test } from 'vitest';
import { ALL_AT_ONCE, byPrice, IN_SLICES, Market, numbers } from './market.ts';
import { type TestColumn, types } from './vectors.ts';

describe('many rows', () => {
  const cells = (count: number, seed: number) =>
    numbers(count).map((i) => Math.imul(i + seed, 2654435761) >>> 0);

  function columnsOf(ids: readonly number[], seed: number): TestColumn[] {
    const mixed = cells(ids.length, seed);
    return [
      { name: 'id', type: types.int32, cells: ids },
      {
        name: 'long',
        type: types.utf8,
        cells: mixed.map((n) => (n % 9 ? `a long common prefix ${n % 4000}` : null)),
      },
      { name: 'big', type: types.int64, cells: mixed.map((n) => (n % 9 ? BigInt(n % 50) << 50n : null)) },
      {
        name: 'decimal',
        type: types.decimal,
        cells: mixed.map((n) => BigInt(n % 70) * 10n ** BigInt(n % 30)),
      },
      { name: 'price', type: types.float64, cells: mixed.map((n) => (n % 1000) - 500) },
    ];
  }

  test.each([[['long']], [['decimal', 'long']], [['big', 'price']], [['price', 'decimal', 'big']]])(
    'are sorted by %j as few are, and stay so',
    (names) => {
      const market = new Market(IN_SLICES);
      market.write('append', columnsOf(numbers(7000), 1));
      market.spec({
        sort: names.map((column, i) => ({ column, direction: i % 2 ? 'ascending' : 'descending' })),
      });
      market.settle();
      market.expectRight();
      market.write('append', columnsOf(numbers(1500, 6000), 2));
      market.write('delete', [{ name: 'id', type: types.int32, cells: numbers(900, 100) }]);
      market.view.update();
      market.expectRight();
    },
  );

  test('written at once make a build, and are right after it', () => {
    const market = new Market(IN_SLICES);
    market.put({ ids: numbers(10), price: (id) => -id });
    market.spec(byPrice);
    market.settle();
    for (let round = 0; round < 14; round++)
      market.put({ ids: numbers(20_000), price: (id) => (id * 13 + round) % 977 });
    market.view.update();
    expect(market.view.isBuilding).toBe(true);
    market.expectSane();
    market.settle();
    expect(market.view.rowCount).toBe(20_000);
    const prices = numbers(20_000).map((index) => market.view.value(index, 1) as number);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
  });

  test('in too many groups are shown without them, and that is told', () => {
    const market = new Market(ALL_AT_ONCE);
    market.put({ ids: numbers(100_001), price: (id) => id });
    const group = { by: ['id'], aggregates: [], expanded: new Set<string>() };
    market.spec({ group });
    market.view.update();
    expect(market.view.problems).toEqual([
      { part: 'group', index: 0, column: 'id', reason: 'too_many_groups' },
    ]);
    expect(market.view.rowAt(0)).toEqual({ type: 'row', row: 0, depth: 0 });
    market.spec({});
    market.view.update();
    expect(market.view.problems).toEqual([]);
  });
});
