import { describe, expect, it } from 'vitest';
import { planChart } from '../../../protocol/chart/chart-plan.ts';
import { fakeTable, float, int, time, utf8 } from '../../ui/fake-table.ts';

const cores = [0n, 1n, 0n, 1n, 0n, 1n];
const twice = [1000, 1000, 2000, 2000, 3000, 3000];

describe('the chart chosen from a schema', () => {
  it('is lines over time, one per core, for time, core and usage', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: twice },
      { name: 'core', type: int, values: cores },
      { name: 'usage', type: float, values: [1, 2, 3, 4, 5, 6] },
      { name: 'user', type: float, values: [1, 2, 3, 4, 5, 6] },
    ]);
    expect(planChart(table, null)).toEqual({ type: 'line', x: 0, y: [2], series: 1 });
  });

  it('takes text before whole numbers to tell lines apart', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: twice },
      { name: 'errors', type: int, values: cores },
      { name: 'interface', type: utf8, values: ['lo', 'eth', 'lo', 'eth', 'lo', 'eth'] },
    ]);
    expect(planChart(table, null)).toEqual({ type: 'line', x: 0, y: [1], series: 2 });
  });

  it('is a line per number of one unit where each time stands once', () => {
    const table = fakeTable([
      { name: 'at', type: time, values: [1, 2, 3] },
      { name: 'used', type: int, values: [1n, 2n, 3n], unit: 'B' },
      { name: 'load', type: float, values: [1, 2, 3], unit: '%' },
      { name: 'free', type: int, values: [1n, 2n, 3n], unit: 'B' },
    ]);
    expect(planChart(table, null)).toEqual({ type: 'line', x: 0, y: [1, 3], series: null });
  });

  it('keeps the column that tells lines apart while the schema stays', () => {
    const one = fakeTable([
      { name: 'at', type: time, values: [1000] },
      { name: 'core', type: int, values: [0n] },
      { name: 'usage', type: float, values: [1] },
    ]);
    const previous = { type: 'line', x: 0, y: [2], series: 1 } as const;
    expect(planChart(one, previous)).toEqual(previous);
  });

  it('is bars for a category and a number, the key no measure', () => {
    const table = fakeTable(
      [
        { name: 'pid', type: int, values: [1n, 2n] },
        { name: 'name', type: utf8, values: ['a', 'b'] },
        { name: 'cpu', type: float, values: [1, 2] },
        { name: 'started', type: time, values: [1, 2] },
      ],
      ['pid'],
    );
    expect(planChart(table, null)).toEqual({ type: 'bar', x: 1, y: [2], series: null });
  });

  it('is the first numbers over the row number where there is nothing else', () => {
    const table = fakeTable([
      { name: 'x', type: float, values: [1, 2] },
      { name: 'y', type: float, values: [3, 4] },
    ]);
    expect(planChart(table, null)).toEqual({ type: 'line', x: null, y: [0, 1], series: null });
  });

  it('is none without numbers', () => {
    expect(planChart(fakeTable([{ name: 't', type: utf8, values: ['a'] }]), null)).toBeNull();
    expect(planChart(fakeTable([]), null)).toBeNull();
  });
});
