import { describe, expect, it } from 'vitest';
import { collectBars, collectLines, MAX_BARS, MAX_LINES } from '../../../ui/chart/chart-series.ts';
import { fakeTable, float, int, time, utf8 } from '../fake-table.ts';

describe('lines', () => {
  it('interleave x and y, nulls as gaps', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: [1, 2, 3] },
      { name: 'y', type: float, values: [5, null, 7] },
    ]);
    const { lines } = collectLines(table, { kind: 'lines', x: 0, y: [1], series: null });
    expect([...lines[0]!.points]).toEqual([1, 5, 2, Number.NaN, 3, 7]);
  });

  it('go by time though rows do not, rows without a time left out', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: [3, null, 1] },
      { name: 'y', type: float, values: [30, 99, 10] },
    ]);
    const { lines } = collectLines(table, { kind: 'lines', x: 0, y: [1], series: null });
    expect([...lines[0]!.points]).toEqual([1, 10, 3, 30]);
  });

  it('per value have stable ids, in natural order, and are at most twelve', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: Array.from({ length: 30 }, (_, i) => i) },
      { name: 'core', type: int, values: Array.from({ length: 30 }, (_, i) => BigInt(i % 15)) },
      { name: 'y', type: float, values: Array.from({ length: 30 }, (_, i) => i) },
    ]);
    const { lines, total } = collectLines(table, { kind: 'lines', x: 0, y: [2], series: 1 });
    expect(total).toBe(15);
    expect(lines.map((line) => line.id)).toEqual(Array.from({ length: MAX_LINES }, (_, i) => String(i)));
    expect(lines[2]!.name).toBe('core 2');
    expect([...lines[2]!.points]).toEqual([2, 2, 17, 17]);
  });
});

describe('bars', () => {
  it('are the thirty largest, largest first, nulls left out', () => {
    const table = fakeTable([
      { name: 'name', type: utf8, values: Array.from({ length: 50 }, (_, i) => `n${i}`) },
      { name: 'y', type: float, values: Array.from({ length: 50 }, (_, i) => (i === 49 ? null : i)) },
    ]);
    const bars = collectBars(table, { kind: 'bars', category: 0, y: 1 });
    expect(bars.length).toBe(MAX_BARS);
    expect(bars[0]).toEqual({ name: 'n48', value: 48 });
  });

  it('of equal values are those that stand first, in table order', () => {
    const table = fakeTable([
      { name: 'name', type: utf8, values: Array.from({ length: 40 }, (_, i) => `n${i}`) },
      { name: 'y', type: float, values: Array.from({ length: 40 }, (_, i) => (i === 35 ? 9 : 1)) },
    ]);
    const names = collectBars(table, { kind: 'bars', category: 0, y: 1 }).map((bar) => bar.name);
    expect(names).toEqual(['n35', ...Array.from({ length: MAX_BARS - 1 }, (_, i) => `n${i}`)]);
  });
});
