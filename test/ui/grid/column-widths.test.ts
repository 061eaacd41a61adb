import { describe, expect, it } from 'vitest';
import { ColumnWidths } from '../../../ui/grid/column-widths.ts';
import { fakeTable, float } from '../fake-table.ts';

describe('column widths', () => {
  it('fit header and values from the start, and leave room', () => {
    const widths = new ColumnWidths(8);
    widths.measure(fakeTable([{ name: 'x', type: float, values: [1, 123_456_789_012] }]));
    expect(widths.count).toBe(1);
    expect(widths.px(0)).toBeGreaterThanOrEqual(12 * 8);
  });

  it('grow by whole steps and never shrink', () => {
    const widths = new ColumnWidths(8);
    widths.measure(fakeTable([{ name: 'x', type: float, values: [1] }]));
    const before = widths.px(0);
    expect(widths.fit(0, 3)).toBe(false);
    expect(widths.px(0)).toBe(before);
    expect(widths.fit(0, 30)).toBe(true);
    const after = widths.px(0);
    expect(after).toBeGreaterThan(before);
    expect(widths.fit(0, 31)).toBe(false);
    expect(widths.fit(0, 1)).toBe(false);
    expect(widths.px(0)).toBe(after);
  });
});
