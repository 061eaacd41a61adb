import { describe, expect, it } from 'vitest';
import { type ChartParameters, DEFAULT_CHART_PARAMETERS } from '../../../protocol/chart/chart-parameters.ts';
import { requestedPlan } from '../../../protocol/chart/requested-plan.ts';
import { codeOf } from '../../support/code-of.ts';
import { fakeTable, float, int, time, utf8 } from '../../ui/fake-table.ts';

const prices = fakeTable(
  ['at', 'symbol', 'venue', 'open', 'high', 'low', 'close', 'tags'].map((name) => ({
    name,
    type:
      name === 'at'
        ? time
        : name === 'symbol' || name === 'venue'
          ? utf8
          : name === 'tags'
            ? {
                kind: 'list' as const,
                child: { name: 'item', type: int, nullable: true, metadata: new Map() },
              }
            : float,
    values: [1, 2, 3],
  })),
);

const asked = (parameters: Partial<ChartParameters>) =>
  requestedPlan(prices, { ...DEFAULT_CHART_PARAMETERS, ...parameters });

describe('the chart that a reader asks for', () => {
  it.each<[string, Partial<ChartParameters>, object]>([
    ['lines by the column named', { y: ['close'] }, { type: 'line', x: 0, y: [6], series: null }],
    ['bars over a text', { x: 'symbol', y: ['open'] }, { type: 'bar', x: 1, y: [3] }],
    ['the kind named, the rest chosen', { type: 'area' }, { type: 'area', x: 0, y: [3, 4, 5, 6] }],
    ['a cloud of two numbers', { type: 'scatter', x: 'open', y: ['close'] }, { x: 3, y: [6] }],
    ['a pie by category', { type: 'pie' }, { x: 1, y: [3] }],
    ['a candlestick by its columns’ names', { type: 'candlestick' }, { x: 0, y: [3, 6, 5, 4] }],
    ['a heatmap', { type: 'heatmap', x: 'symbol', series: 'venue' }, { x: 1, y: [3], series: 2 }],
    ['a gauge', { type: 'gauge', y: ['low'] }, { x: null, y: [5] }],
    ['a histogram', { type: 'histogram', x: 'close' }, { type: 'histogram', x: 6, y: [], series: null }],
    ['a histogram of times', { type: 'histogram', x: 'at' }, { x: 0, y: [] }],
    ['a histogram of the first numbers', { type: 'histogram' }, { x: 3, y: [] }],
    ['a line per value', { y: ['open'], series: 'symbol' }, { type: 'line', x: 0, y: [3], series: 1 }],
  ])('is %s', (_, parameters, plan) => {
    expect(asked(parameters)).toMatchObject(plan);
  });

  it.each<[string, Partial<ChartParameters>, string]>([
    ['a column that is not there', { y: ['volume'] }, '"volume"'],
    ['a text as y', { y: ['symbol'] }, '"symbol" is utf8'],
    ['a nested x', { x: 'tags' }, '"tags" is list'],
    ['a nested series', { series: 'tags' }, '"tags" is list'],
    ['a candlestick of two', { type: 'candlestick', y: ['open', 'close'] }, 'four columns'],
    ['a pie of two', { type: 'pie', y: ['open', 'close'] }, 'one column'],
    ['a histogram of texts', { type: 'histogram', x: 'symbol' }, '"symbol" is utf8'],
    ['a histogram with y', { type: 'histogram', x: 'open', y: ['close'] }, 'no "y"'],
    ['a histogram with series', { type: 'histogram', series: 'symbol' }, 'no "series"'],
    ['a series with two columns', { y: ['open', 'close'], series: 'symbol' }, '"series"'],
  ])('is refused for %s, which is named', (_, parameters, named) => {
    expect(codeOf(() => asked(parameters))).toBe('bad_parameter');
    expect(() => asked(parameters)).toThrow(named);
  });
});
