import { describe, expect, it } from 'vitest';
import { ColumnWidths } from '../../../ui/grid/column-widths.ts';
import { fakeTable, float } from '../fake-table.ts';

function measured(...values: number[]): ColumnWidths {
  const widths = new ColumnWidths(8);
  widths.measure(fakeTable([{ name: 'x', type: float, values }]));
  return widths;
}

describe('column widths', () => {
  it('fit header and values from the start, and leave room', () => {
    const widths = measured(1, 123_456_789_012);
    expect(widths.count).toBe(1);
    expect(widths.px(0)).toBeGreaterThanOrEqual(12 * 8);
  });

  it('grow by whole steps and never shrink', () => {
    const widths = measured(1);
    const before = widths.px(0);
    widths.fit(0, 3);
    expect([widths.takeGrown(), widths.px(0)]).toEqual([false, before]);
    widths.fit(0, 30);
    const after = widths.px(0);
    expect([widths.takeGrown(), widths.takeGrown()]).toEqual([true, false]);
    expect(after).toBeGreaterThan(before);
    widths.fit(0, 31);
    widths.fit(0, 1);
    expect([widths.takeGrown(), widths.px(0)]).toEqual([false, after]);
  });

  it('tell texts that have no room, beyond the widest column and in one that the viewer made narrow', () => {
    const widths = measured(1);
    expect([widths.fit(0, 44), widths.fit(0, 45)]).toEqual([true, false]);
    widths.choose([100]);
    expect([widths.fit(0, 8), widths.fit(0, 9), widths.px(0)]).toEqual([true, false, 100]);
    widths.choose([null]);
    expect(widths.px(0)).toBeGreaterThan(44 * 8);
  });

  it('are found anew for one column when asked', () => {
    const widths = measured(1);
    const before = widths.px(0);
    widths.fit(0, 40);
    widths.measureColumn(fakeTable([{ name: 'x', type: float, values: [1] }]), 0);
    expect(widths.px(0)).toBe(before);
  });
});
