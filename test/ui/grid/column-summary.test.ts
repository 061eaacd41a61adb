import { describe, expect, it } from 'vitest';
import {
  BIN_COUNT,
  type ColumnSummary,
  MAX_DISTINCT,
  type SummarySource,
  summarize,
} from '../../../ui/grid/statistics/column-summary.ts';
import { watchSummary } from '../../../ui/grid/statistics/watch-summary.ts';
import { createFakeClock } from '../fake-clock.ts';
import { type FakeColumn, fakeTable, float, utf8 } from '../fake-table.ts';

function summary(table: SummarySource): ColumnSummary {
  const run = summarize(table, 0);
  let step = run.next();
  while (step.done !== true) step = run.next();
  return step.value;
}

const of = (type: FakeColumn['type'], values: FakeColumn['values']) =>
  summary(fakeTable([{ name: 'x', type, values }]));

describe('the summary of a column', () => {
  it('of numbers tells nulls from NaN, its extent, mean and bins', () => {
    expect(of(float, [4, null, Number.NaN, 0, 2, Number.POSITIVE_INFINITY])).toMatchObject({
      rowCount: 6,
      nullCount: 1,
      nanCount: 1,
      min: '0',
      max: '4',
      mean: 2,
      bins: [1, ...Array(11).fill(0), 1, ...Array(10).fill(0), 1],
    });
  });

  it('of texts lists its values by how often they occur', () => {
    expect(of(utf8, ['a', 'b', null, 'b', ''])).toMatchObject({
      nullCount: 1,
      distinct: { count: 3, isExact: true },
      min: null,
      mean: null,
      bins: null,
      values: [
        { text: 'b', count: 2 },
        { text: 'a', count: 1 },
        { text: '', count: 1 },
        { text: null, count: 1 },
      ],
    });
  });

  it('counts nulls to the end though it stops counting values', () => {
    const many = Array.from({ length: MAX_DISTINCT + 2000 }, (_, i) => `t${i}`);
    const { distinct, values, nullCount } = of(utf8, [...many, null, null]);
    expect(distinct.isExact).toBe(false);
    expect(distinct.count).toBeGreaterThan(MAX_DISTINCT);
    expect([values, nullCount]).toEqual([null, 2]);
  });

  it.each([
    ['nothing', []],
    ['nulls', [null, null]],
    ['one value', [7, 7]],
  ])('of %s has no bins', (_, values) => {
    expect(of(float, values).bins).toBeNull();
  });

  it('puts every number into a bin', () => {
    const { bins } = of(
      float,
      Array.from({ length: 50_000 }, (_, i) => Math.sin(i)),
    );
    expect(bins).toHaveLength(BIN_COUNT);
    expect(bins!.reduce((sum, count) => sum + count, 0)).toBe(50_000);
  });
});

describe('watching a column', () => {
  it('tells its summary once, in slices, and again after the table changed', () => {
    const clock = createFakeClock();
    const told: number[] = [];
    const columns = (count: number) => [{ name: 'x', type: utf8, values: Array(count).fill('a') }];
    let table = fakeTable(columns(2000)) as unknown as SummarySource;
    // Each look at the clock is a slice's time.
    let lookedMs = 0;
    const watch = watchSummary({
      read: () => table as never,
      column: 'x',
      nowMs: () => (lookedMs += 10),
      after: clock.after,
      onSummary: ({ rowCount }) => told.push(rowCount),
    });
    expect(told).toEqual([]);
    clock.advance(60_000);
    expect(told).toEqual([2000]);
    clock.advance(60_000);
    table = fakeTable(columns(3)) as unknown as SummarySource;
    watch.changed();
    clock.advance(60_000);
    expect(told).toEqual([2000, 3]);
    watch.close();
    watch.changed();
    clock.advance(60_000);
    expect(told).toEqual([2000, 3]);
  });
});
