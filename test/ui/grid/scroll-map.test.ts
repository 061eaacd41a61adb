import { describe, expect, it } from 'vitest';
import { MAX_SCROLL_PX, ScrollMap } from '../../../ui/grid/surface/scroll-map.ts';

const ROW_PX = 26;
const VIEW_PX = 520;

function mapOf(rows: number): ScrollMap {
  const map = new ScrollMap();
  map.resize(rows * ROW_PX, VIEW_PX);
  return map;
}

/** Scrolls as a wheel does, and lets the scroll bar settle after each step, as in a quiet moment. */
function wheel(map: ScrollMap, stepPx: number): void {
  const from = map.scrollTopPx;
  const to = Math.max(0, Math.min(map.rangePx - VIEW_PX, from + stepPx));
  map.scrolled(to);
  map.settle(Math.round(map.settledPx));
}

describe('the place of the view', () => {
  it('is the scroll position itself where the content fits the range', () => {
    const map = mapOf(1000);
    expect(map.rangePx).toBe(26_000);
    map.scrolled(2600);
    expect([map.topPx, map.settledPx]).toEqual([2600, 2600]);
  });

  it.each([1_000_000, 50_000_000])(
    'over %i rows goes by pixels with the wheel and by parts with the scroll bar, and reaches both ends',
    (rows) => {
      const map = mapOf(rows);
      expect(map.rangePx).toBe(MAX_SCROLL_PX);
      const maxScrollPx = MAX_SCROLL_PX - VIEW_PX;
      map.scrolled(maxScrollPx / 2);
      expect(map.topPx).toBeCloseTo(map.maxTopPx / 2, 3);
      const { topPx } = map;
      wheel(map, 100);
      wheel(map, 100);
      expect(map.topPx).toBeCloseTo(topPx + 200, 3);
      map.scrolled(maxScrollPx);
      expect(map.isAtEnd).toBe(true);
      map.scrolled(0);
      expect(map.topPx).toBe(0);
    },
  );

  it('comes to the end by the wheel too, however long the way', () => {
    const map = mapOf(1_000_000);
    map.moveTo(map.maxTopPx - 5000);
    map.settle(Math.round(map.settledPx));
    for (let i = 0; i < 60; i++) wheel(map, 100);
    expect(map.topPx).toBeGreaterThan(map.maxTopPx - 200);
  });

  it('stays with its rows when rows go above it, and the scroll under way goes on from there', () => {
    const map = mapOf(400_000);
    map.scrolled(5_000_000);
    const { topPx } = map;
    map.resize(399_000 * ROW_PX, VIEW_PX);
    map.moveTo(topPx - 1000 * ROW_PX);
    map.scrolled(5_000_100);
    expect(map.topPx).toBeCloseTo(topPx - 26_000 + 100, 3);
  });

  it('stays to the pixel while rows are appended below, above the limit and below it', () => {
    for (const rows of [1000, 384_000, 2_000_000]) {
      const map = mapOf(rows);
      map.scrolled(map.rangePx / 2);
      const { topPx } = map;
      for (let more = 1; more <= 100; more++) {
        map.resize((rows + more * 10) * ROW_PX, VIEW_PX);
        map.settle(Math.round(map.settledPx));
      }
      expect(map.topPx).toBe(topPx);
    }
  });

  it('never leaves the content when that shrinks', () => {
    const map = mapOf(1000);
    map.scrolled(20_000);
    map.resize(10 * ROW_PX, VIEW_PX);
    expect([map.topPx, map.maxTopPx, map.isAtEnd]).toEqual([0, 0, true]);
  });
});
