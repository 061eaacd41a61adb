import { describe, expect, it } from 'vitest';
import type { ChartSource } from '../../../protocol/chart/chart-source.ts';
import type { ChartSpec } from '../../../protocol/chart/chart-spec.ts';
import { chartTexts } from '../../../protocol/chart/chart-texts.ts';
import { CHART_THEMES } from '../../../protocol/chart/chart-theme.ts';
import { CHART_TYPES } from '../../../protocol/chart/chart-type.ts';
import { columnsSpec, specForType } from '../../../protocol/chart/spec-for-type.ts';
import { specPicture, specPlan } from '../../../protocol/chart/spec-picture.ts';
import { codeOf } from '../../support/code-of.ts';
import { fakeTable, float, time, utf8 } from '../../ui/fake-table.ts';

const loads = fakeTable([
  { name: 'at', type: time, values: [1000, 1000, 2000, 2000, 3000, 3000] },
  { name: 'host', type: utf8, values: ['a', 'b', 'a', 'b', 'a', null] },
  { name: 'load', type: float, values: [1, 3, 5, null, 7, 9], unit: '%' },
  { name: 'heat', type: float, values: [1, 1, 1, 1, 1, 1] },
]);

function draw(spec: ChartSpec, table: ChartSource = loads) {
  const picture = specPicture({
    table,
    spec,
    theme: CHART_THEMES.light,
    texts: chartTexts,
    pixelColumns: 400,
  });
  const series = picture.data.series as { name: string; data: Float64Array | number[] }[];
  return {
    ...picture,
    names: (picture.data.xAxis as { data?: string[] } | undefined)?.data,
    series: series.map(({ name, data }) => ({ name, data: [...data] })),
  };
}

describe('the chart that a spec describes', () => {
  it.each<[string, ChartSpec, number[]]>([
    ['all rows', { x: 'at', y: ['load'] }, [1000, 1, 1000, 3, 2000, 5, 2000, Number.NaN, 3000, 7, 3000, 9]],
    ['the newest rows', { x: 'at', y: ['load'], window: { rows: 2 } }, [3000, 7, 3000, 9]],
    [
      'the last seconds before the newest time',
      { x: 'at', y: ['load'], window: { seconds: 1 } },
      [2000, 5, 2000, Number.NaN, 3000, 7, 3000, 9],
    ],
    ['the sum of each time', { x: 'at', y: ['load'], aggregate: 'sum' }, [1000, 4, 2000, 5, 3000, 16]],
    ['the mean', { x: 'at', y: ['load'], aggregate: 'mean' }, [1000, 2, 2000, 5, 3000, 8]],
    ['the least', { x: 'at', y: ['load'], aggregate: 'min' }, [1000, 1, 2000, 5, 3000, 7]],
    ['the greatest', { x: 'at', y: ['load'], aggregate: 'max' }, [1000, 3, 2000, 5, 3000, 9]],
    ['how many have a number', { x: 'at', y: ['load'], aggregate: 'count' }, [1000, 2, 2000, 1, 3000, 2]],
    ['how many rows', { type: 'line', x: 'at', y: [], aggregate: 'count' }, [1000, 2, 2000, 2, 3000, 2]],
    [
      'the newest rows put together',
      { x: 'at', y: ['load'], aggregate: 'sum', window: { rows: 3 } },
      [2000, Number.NaN, 3000, 16],
    ],
  ])('shows %s', (_, spec, points) => {
    expect(draw(spec).series[0]!.data).toEqual(points);
  });

  it('has one value for each name, and for each of a series', () => {
    const bars = draw({ type: 'bar', x: 'host', y: ['load'], aggregate: 'sum' });
    expect(Object.fromEntries(bars.names!.map((name, i) => [name, bars.series[0]!.data[i]]))).toEqual({
      a: 13,
      b: 3,
      '∅': 9,
    });
    const lines = draw({ x: 'at', y: ['load'], series: 'host', aggregate: 'max' });
    expect(lines.series.map(({ name, data }) => [name, data])).toEqual([
      ['∅', [3000, 9]],
      ['a', [1000, 1, 2000, 5, 3000, 7]],
      ['b', [1000, 3, 2000, Number.NaN]],
    ]);
  });

  it('counts seconds in a table that is not sorted by time, and not on the wall', () => {
    const mixed = fakeTable([
      { name: 'at', type: time, values: [9000, 1000, 8000, null] },
      { name: 'y', type: float, values: [1, 2, 3, 4] },
    ]);
    const { series } = draw({ type: 'line', x: 'at', y: ['y'], window: { seconds: 2 } }, mixed);
    expect(series[0]!.data).toEqual([8000, 3, 9000, 1]);
  });

  it('keeps row numbers in a window, which the aggregate leaves alone', () => {
    const spec: ChartSpec = { type: 'line', x: null, y: ['load'], aggregate: 'sum', window: { rows: 2 } };
    expect(draw(spec).series[0]!.data).toEqual([5, 7, 6, 9]);
  });

  it('is one value of all rows as a gauge', () => {
    const { series } = draw({ type: 'gauge', y: ['load'], aggregate: 'mean' });
    expect(series[0]!.data).toEqual([{ value: 5, name: 'mean of load' }]);
  });

  it('says what it shows, its title first', () => {
    const { label } = draw({
      type: 'bar',
      x: 'host',
      y: ['load'],
      aggregate: 'mean',
      window: { rows: 4 },
      title: '<b>Load</b>',
    });
    expect(label).toBe('<b>Load</b>: Bar chart of mean of load by host, the newest 4');
    expect(draw({ x: 'at', y: ['load'], window: { seconds: 60 } }).label).toBe(
      'Line chart of load over at, the last 60 s',
    );
  });

  it('has axes as they were chosen', () => {
    const axes = (spec: ChartSpec) => draw({ x: 'at', y: ['load'], ...spec }).frame;
    expect(axes({ yAxis: { scale: 'fit', label: 'Load' } }).yAxis).toMatchObject({
      scale: true,
      name: 'Load',
    });
    expect(axes({ yAxis: { scale: 'log', min: 1, max: 100 } }).yAxis).toMatchObject({
      type: 'log',
      min: 1,
      max: 100,
    });
    expect(axes({}).yAxis).toMatchObject({ type: 'value', scale: false, name: 'load, %' });
    // Times have no logarithm.
    expect(axes({ xAxis: { scale: 'log', label: 'When' } }).xAxis).toMatchObject({
      type: 'time',
      name: 'When',
    });
    expect(
      draw({ type: 'pie', x: 'host', y: ['heat'], yAxis: { scale: 'log' } }).frame.yAxis,
    ).toBeUndefined();
  });

  it('is the same chart in a window, and another one of other columns', () => {
    const id = (spec: ChartSpec) => draw({ x: 'at', ...spec }).id;
    expect(id({ y: ['load'], window: { rows: 2 }, title: 'a' })).toBe(id({ y: ['load'] }));
    expect(id({ y: ['heat'] })).not.toBe(id({ y: ['load'] }));
    expect(id({ y: ['load'], aggregate: 'sum' })).not.toBe(id({ y: ['load'] }));
  });

  it.each<[string, ChartSpec, string]>([
    ['a column that is not there', { y: ['constructor'] }, '"constructor"'],
    ['seconds without times', { type: 'bar', x: 'host', y: ['load'], window: { seconds: 5 } }, '"window"'],
  ])('is none for %s', (_, spec, named) => {
    const timeless = fakeTable([
      { name: 'host', type: utf8, values: ['a'] },
      { name: 'load', type: float, values: [1] },
    ]);
    expect(codeOf(() => draw(spec, timeless))).toBe('bad_parameter');
    expect(() => draw(spec, timeless)).toThrow(named);
  });
});

describe('a spec as another type of chart', () => {
  it.each(CHART_TYPES)('fits the table as %s, wherever it comes from', (type) => {
    const wide = fakeTable([
      { name: 'at', type: time, values: [1] },
      { name: 'host', type: utf8, values: ['a'] },
      ...['p', 'q', 'r', 's'].map((name) => ({ name, type: float, values: [1] })),
    ]);
    for (const from of CHART_TYPES) {
      const spec = specForType(wide, specForType(wide, {}, from)!, type)!;
      expect(spec.type).toBe(type);
      expect(columnsSpec(specPlan(wide, spec), wide)).toEqual(spec);
      expect(draw(spec, wide).label).not.toBe('');
    }
  });

  it('keeps what it can', () => {
    const spec: ChartSpec = { type: 'line', x: 'at', y: ['load', 'heat'], aggregate: 'mean', title: 'T' };
    expect(specForType(loads, spec, 'area')).toEqual({ ...spec, type: 'area' });
    expect(specForType(loads, spec, 'pie')).toEqual({ ...spec, type: 'pie', y: ['load'] });
    expect(specForType(loads, spec, 'histogram')).toMatchObject({ x: 'load', title: 'T' });
    expect(specForType(loads, { type: 'bar', x: 'host', y: ['heat'] }, 'histogram')).toMatchObject({
      x: 'heat',
    });
  });

  it('is none where the table has nothing for it', () => {
    expect(specForType(loads, {}, 'candlestick')).toBeNull();
    expect(specForType(fakeTable([{ name: 'a', type: utf8, values: ['x'] }]), {}, 'line')).toBeNull();
  });
});
