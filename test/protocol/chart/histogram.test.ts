import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartTexts } from '../../../protocol/chart/chart-texts.ts';
import { CHART_THEMES } from '../../../protocol/chart/chart-theme.ts';
import { countBins } from '../../../protocol/chart/histogram-bins.ts';
import { histogramPicture } from '../../../protocol/chart/histogram-picture.ts';
import { type FakeValue, fakeTable, float, int, time } from '../../ui/fake-table.ts';

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function picture(type: typeof float, values: readonly FakeValue[]) {
  const { data, label } = histogramPicture({
    table: fakeTable([{ name: '<b>price</b>', type, values, unit: '€' }]),
    plan: { type: 'histogram', x: 0, y: [], series: null },
    theme: CHART_THEMES.light,
    texts: chartTexts,
    pixelColumns: 400,
  });
  const { xAxis, series } = data as { xAxis: { data: string[] }; series: [{ data: unknown[] }] };
  return { label, names: xAxis.data, bars: series[0].data };
}

describe('the bins of a histogram', () => {
  it('have round edges, and count each value once', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i / 100);
    const { edges, counts, missing } = countBins(values, 'float');
    expect(edges.slice(0, 3)).toEqual([0, 1, 2]);
    expect([sum(counts), missing, edges.length]).toEqual([1000, 0, counts.length + 1]);
  });

  it('stay where they are while values come', () => {
    const wave = (count: number) => Float64Array.from({ length: count }, (_, i) => Math.sin(i) * 10);
    expect(countBins(wave(1010), 'float').edges).toEqual(countBins(wave(1000), 'float').edges);
  });

  it.each([
    ['nothing', [], [], 0],
    ['nulls alone', [Number.NaN, Number.NaN], [], 2],
    ['one value', [5, 5, 5], [3], 0],
    ['infinities', [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [1], 2],
    ['numbers as large as there are', [-1.7e308, 1.7e308], [2], 0],
    ['numbers as small as there are', [0, 5e-324], [2], 0],
    ['neighbours far from zero', [2 ** 53, 2 ** 53 + 2], undefined, 0],
  ])('are there for %s', (_, values, expected, missing) => {
    const bins = countBins(Float64Array.from(values), 'float');
    if (expected !== undefined) expect(bins.counts).toEqual(expected);
    expect([sum(bins.counts) + bins.missing, bins.missing]).toEqual([values.length, missing]);
  });

  it('are whole numbers of whole numbers, and times that people count in', () => {
    expect(countBins(Float64Array.of(1, 2, 2, 3), 'int')).toMatchObject({
      edges: [1, 2, 3, 4],
      counts: [1, 2, 1],
    });
    const hours = Float64Array.from({ length: 48 }, (_, i) => i * 3_600_000);
    const { edges } = countBins(hours, 'time');
    expect(edges[1]! - edges[0]!).toBe(12 * 3_600_000);
  });

  it('never lose a value, whatever numbers come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double()),
        fc.constantFrom('float' as const, 'int' as const, 'time' as const),
        (list, kind) => {
          const { edges, counts, missing } = countBins(Float64Array.from(list), kind);
          expect(sum(counts) + missing).toBe(list.length);
          expect(counts.length).toBeLessThanOrEqual(122);
          if (counts.length > 0) expect(edges).toHaveLength(counts.length + 1);
        },
      ),
    );
  });
});

describe('a histogram', () => {
  it('says what it shows, and counts rows without a number apart', () => {
    const { label, names, bars } = picture(int, [1n, 2n, 2n, null]);
    expect(label).toBe('Histogram of <b>price</b>, €, 1 without a number');
    expect(names).toEqual(['1', '2', '∅']);
    expect(bars.slice(0, 2)).toEqual([1, 2]);
    expect(bars[2]).toMatchObject({ value: 1 });
  });

  it.each([
    ['floats', float, [0, 0.5, 1], /^0 – /],
    ['times of one day', time, [0, 60_000, 120_000], /^00:00 – 00:0/],
    ['times of many days', time, [0, 86_400_000 * 90], /^1970-01-01 – 1970-/],
    ['times beyond the calendar', time, [9e15, 9e15 + 1000], /^9/],
  ])('names bins of %s by their edges', (_, type, values, first) => {
    expect(picture(type, values).names[0]).toMatch(first);
  });
});
