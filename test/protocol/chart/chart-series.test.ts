import { describe, expect, it } from 'vitest';
import {
  collectLargest,
  collectNewest,
  collectPivot,
  MAX_BARS,
} from '../../../protocol/chart/chart-categories.ts';
import type { ChartPlan } from '../../../protocol/chart/chart-plan.ts';
import { collectLines, MAX_LINES } from '../../../protocol/chart/chart-series.ts';
import { fakeTable, float, int, time, utf8 } from '../../ui/fake-table.ts';

const lines = (y: number, series: number | null = null): ChartPlan => ({
  type: 'line',
  x: 0,
  y: [y],
  series,
});
const bars: ChartPlan = { type: 'bar', x: 0, y: [1], series: null };

describe('lines', () => {
  it('interleave x and y, nulls as gaps', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: [1, 2, 3] },
      { name: 'y', type: float, values: [5, null, 7] },
    ]);
    expect([...collectLines(table, lines(1)).lines[0]!.points]).toEqual([1, 5, 2, Number.NaN, 3, 7]);
  });

  it('go by time though rows do not, rows without a time left out', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: [3, null, 1] },
      { name: 'y', type: float, values: [30, 99, 10] },
    ]);
    expect([...collectLines(table, lines(1)).lines[0]!.points]).toEqual([1, 10, 3, 30]);
  });

  it('over the row number count the rows before them', () => {
    const table = { ...fakeTable([{ name: 'y', type: float, values: [5, 6] }]), firstRow: 100 };
    const plan: ChartPlan = { type: 'line', x: null, y: [0], series: null };
    expect([...collectLines(table, plan).lines[0]!.points]).toEqual([101, 5, 102, 6]);
  });

  it('per value have stable ids, in natural order, and are at most twelve', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: Array.from({ length: 30 }, (_, i) => i) },
      { name: 'core', type: int, values: Array.from({ length: 30 }, (_, i) => BigInt(i % 15)) },
      { name: 'y', type: float, values: Array.from({ length: 30 }, (_, i) => i) },
    ]);
    const { lines: collected, total } = collectLines(table, lines(2, 1));
    expect(total).toBe(15);
    expect(collected.map((line) => line.id)).toEqual(Array.from({ length: MAX_LINES }, (_, i) => String(i)));
    expect(collected[2]!.name).toBe('core 2');
    expect([...collected[2]!.points]).toEqual([2, 2, 17, 17]);
  });
});

describe('bars', () => {
  it('are the thirty largest, largest first, nulls left out', () => {
    const table = fakeTable([
      { name: 'name', type: utf8, values: Array.from({ length: 50 }, (_, i) => `n${i}`) },
      { name: 'y', type: float, values: Array.from({ length: 50 }, (_, i) => (i === 49 ? null : i)) },
    ]);
    const { names, series } = collectLargest(table, bars);
    expect(names.length).toBe(MAX_BARS);
    expect([names[0], series[0]!.values[0]]).toEqual(['n48', 48]);
  });

  it('of equal values are those that stand first, in table order', () => {
    const table = fakeTable([
      { name: 'name', type: utf8, values: Array.from({ length: 40 }, (_, i) => `n${i}`) },
      { name: 'y', type: float, values: Array.from({ length: 40 }, (_, i) => (i === 35 ? 9 : 1)) },
    ]);
    const { names } = collectLargest(table, bars);
    expect(names).toEqual(['n35', ...Array.from({ length: MAX_BARS - 1 }, (_, i) => `n${i}`)]);
  });

  it('over times are the newest, in their order', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: [1, 2, 3, 4] },
      { name: 'y', type: float, values: [9, 1, 8, 2] },
    ]);
    const { names, series } = collectNewest(table, bars, 2);
    expect(names).toEqual(['3', '4']);
    expect([...series[0]!.values]).toEqual([8, 2]);
  });
});

describe('values by two names', () => {
  it('are the newest of each pair, empty where there is none', () => {
    const table = fakeTable([
      { name: 'day', type: utf8, values: ['mon', 'mon', 'tue', 'mon'] },
      { name: 'host', type: utf8, values: ['b', 'a', 'a', 'a'] },
      { name: 'load', type: float, values: [1, 2, 3, 4] },
    ]);
    const plan: ChartPlan = { type: 'heatmap', x: 0, y: [2], series: 1 };
    const { names, series } = collectPivot(table, plan, { places: 10, series: 10 });
    expect(names).toEqual(['mon', 'tue']);
    expect(series.map(({ id, values }) => [id, [...values]])).toEqual([
      ['a', [4, 3]],
      ['b', [1, Number.NaN]],
    ]);
  });
});
