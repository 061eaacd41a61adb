import { describe, expect, test } from 'vitest';
import type { ViewLine } from '../../../../ui/grid/row-view/row-view.ts';
import { ALL_AT_ONCE, Market } from './market.ts';
import { types } from './vectors.ts';

describe('groups', () => {
  const aggregatesOf = (line: ViewLine) =>
    line.type === 'group' ? line.aggregates.map(({ text }) => text) : [];

  test('sum whole numbers and decimals exactly, and doubles without drift', () => {
    const market = new Market(ALL_AT_ONCE);
    const put = (id: number, double: number, big: bigint) =>
      market.write('append', [
        { name: 'id', type: types.int32, cells: [id] },
        { name: 'double', type: types.float64, cells: [double] },
        { name: 'big', type: types.int64, cells: [big] },
        { name: 'decimal', type: types.decimal, cells: [big * 10n] },
        { name: 'g', type: types.bool, cells: [true] },
      ]);
    put(1, 0.1, 2n ** 62n);
    put(2, 0.2, 2n ** 62n);
    put(3, 0, 1n);
    const sum = (column: string) => ({ column, fn: 'sum' as const });
    const aggregates = [sum('double'), sum('big'), sum('decimal'), sum('id'), sum('g')];
    market.spec({ group: { by: ['g'], aggregates, expanded: new Set() } });
    market.view.update();
    const right = ['0.30000000000000004', '9223372036854775809', '922337203685477580.90', '6', null];
    expect(aggregatesOf(market.view.rowAt(0))).toEqual(right);
    for (let round = 0; round < 500; round++) {
      put(3, [1e16, -1e300, 3e-9, Number.NaN, Number.POSITIVE_INFINITY, 1.7e308][round % 6]!, BigInt(round));
      market.view.update();
    }
    put(3, 0, 1n);
    market.view.update();
    expect(aggregatesOf(market.view.rowAt(0))).toEqual(right);
    expect(market.view.problems.map(({ part, reason }) => [part, reason])).toEqual([
      ['aggregate', 'bad_type'],
    ]);
  });

  test('read as cells do: times with all digits, whole means as doubles', () => {
    const market = new Market(ALL_AT_ONCE);
    market.write('append', [
      { name: 'id', type: types.int32, cells: [1, 2] },
      { name: 't', type: types.timestamp, cells: [1n, 1_763_000_000_000_000_002n] },
      { name: 'y', type: types.date, cells: [0, 20_000] },
      { name: 'd', type: types.decimal, cells: [100n, 101n] },
      { name: 'g', type: types.utf8, cells: ['x', 'x'] },
    ]);
    const pairs = [
      ['t', 'max'],
      ['t', 'mean'],
      ['y', 'min'],
      ['id', 'mean'],
      ['d', 'mean'],
      ['d', 'sum'],
      ['g', 'count'],
    ] as const;
    const aggregates = pairs.map(([column, fn]) => ({ column, fn }));
    market.spec({ group: { by: ['g'], aggregates, expanded: new Set() } });
    market.view.update();
    expect(aggregatesOf(market.view.rowAt(0))).toEqual([
      '2025-11-13T02:13:20.000000002Z',
      '1997-12-07T13:06:40.000000001Z',
      '1970-01-01',
      '1.5',
      '1.005',
      '2.01',
      '2',
    ]);
  });
});
