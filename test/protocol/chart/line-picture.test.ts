import { describe, expect, it } from 'vitest';
import { planChart } from '../../../protocol/chart/chart-plan.ts';
import { chartTexts } from '../../../protocol/chart/chart-texts.ts';
import { CHART_THEMES } from '../../../protocol/chart/chart-theme.ts';
import { createPicture } from '../../../protocol/chart/create-picture.ts';
import { compactNumber } from '../../../protocol/chart/number-format.ts';
import { fakeTable, float, time, utf8 } from '../../ui/fake-table.ts';

function picture(table: ReturnType<typeof fakeTable>) {
  const plan = planChart(table, null)!;
  return createPicture({ table, plan, theme: CHART_THEMES.light, texts: chartTexts, pixelColumns: 100 });
}

describe('a chart', () => {
  it('says what it shows', () => {
    const lines = fakeTable([
      { name: 'at', type: time, values: [1, 1, 2, 2] },
      { name: 'host', type: utf8, values: ['a', 'b', 'a', 'b'] },
      { name: 'load', type: float, values: [1, 2, 3, 4] },
    ]);
    expect(picture(lines).label).toBe('Line chart of load over at, one line per host');
    const bars = fakeTable([
      { name: 'city', type: utf8, values: ['Oslo', 'Rome'] },
      { name: 'heat', type: float, values: [4, 17] },
    ]);
    expect(picture(bars).label).toBe('Bar chart of heat by city');
  });

  it('gives each line one flat typed array, which ECharts does not copy', () => {
    const { data } = picture(
      fakeTable([
        { name: 'at', type: time, values: [1, 2] },
        { name: 'y', type: float, values: [3, 4] },
      ]),
    );
    const series = data.series as { id: string; data: unknown }[];
    expect(series[0]!.data).toEqual(Float64Array.of(1, 3, 2, 4));
  });

  it('leaves zoom and axes out of what every commit sends', () => {
    const { data } = picture(
      fakeTable([
        { name: 'at', type: time, values: [1, 2] },
        { name: 'y', type: float, values: [3, 4] },
      ]),
    );
    expect(Object.keys(data)).toEqual(['series']);
  });

  it.each([
    [0, '0'],
    [1500, '1500'],
    [25_000, '25k'],
    [1_500_000, '1.5M'],
    [-2e9, '-2G'],
    [0.125, '0.125'],
  ])('labels %d as %s', (value, label) => {
    expect(compactNumber(value)).toBe(label);
  });
});
