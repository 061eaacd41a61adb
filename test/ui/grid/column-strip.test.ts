import { describe, expect, it } from 'vitest';
import { ColumnStrip } from '../../../ui/grid/surface/column-strip.ts';

const strip = new ColumnStrip([
  { widthPx: 100, isPinned: true },
  ...Array.from({ length: 10 }, () => ({ widthPx: 150, isPinned: false })),
]);

describe('columns side by side', () => {
  it.each([
    [0, { start: 1, end: 4 }],
    [149, { start: 1, end: 5 }],
    [150, { start: 2, end: 5 }],
    [1100, { start: 8, end: 11 }],
  ])('scrolled by %i pixels show just those that are in view', (scrollLeftPx, expected) => {
    expect(strip.visible(scrollLeftPx, 500)).toEqual(expected);
  });

  it('leave pinned ones in place while they take no more than a part of the view', () => {
    expect([strip.pinnedCount(500), strip.pinnedCount(120)]).toEqual([1, 0]);
  });

  it.each([
    [5, 0, 350],
    [5, 700, 600],
    [5, 400, 400],
    [0, 400, 400],
    [10, 0, 1100],
  ])('column %i is brought into view from %i at %i', (column, fromPx, toPx) => {
    expect(strip.scrollLeftFor(column, fromPx, 500)).toBe(toPx);
  });

  it.each([
    [50, 300, 0],
    [110, 300, 3],
    [499, 0, 3],
    [499, 2000, null],
    [-5, 0, null],
  ])('at %i pixels of the view, scrolled by %i, there is column %s', (xPx, scrollLeftPx, column) => {
    expect(strip.columnAt(xPx, scrollLeftPx, 500)).toBe(column);
  });
});
