import { describe, expect, it } from 'vitest';
import type { ChartSpec } from '../../../protocol/chart/chart-spec.ts';
import { changedSpec, currentSpec, type SpecChange } from '../../../ui/chart/builder/spec-change.ts';
import { codeOf } from '../../support/code-of.ts';
import { fakeTable, float, time, utf8 } from '../fake-table.ts';

const table = fakeTable([
  { name: 'at', type: time, values: [1, 2] },
  { name: 'host', type: utf8, values: ['a', 'b'] },
  { name: 'load', type: float, values: [1, 2] },
  { name: 'heat', type: float, values: [1, 2] },
]);
const names = fakeTable([{ name: 'host', type: utf8, values: ['a', 'b', 'a'] }]);
const line: ChartSpec = { type: 'line', x: 'at', y: ['load'] };

describe('a change of a chart', () => {
  it.each<[string, ChartSpec, SpecChange, ChartSpec]>([
    ['replaces its part', line, { x: 'host' }, { ...line, x: 'host' }],
    ['takes a part out', { ...line, title: 'T' }, { title: '' }, line],
    ['takes out what is empty in a part', { ...line, yAxis: { label: 'T' } }, { yAxis: { label: '' } }, line],
    ['keeps the row number', line, { x: null }, { ...line, x: null }],
    [
      'keeps what another type takes',
      { ...line, title: 'T' },
      { type: 'pie' },
      { type: 'pie', x: 'at', y: ['load'], title: 'T' },
    ],
    [
      'names what it was given no columns for',
      {},
      { type: 'line' },
      { type: 'line', x: 'at', y: ['load', 'heat'] },
    ],
    [
      'gives up a series for more columns',
      { ...line, series: 'host' },
      { y: ['load', 'heat'] },
      { ...line, y: ['load', 'heat'] },
    ],
    [
      'counts rows without a column',
      line,
      { aggregate: 'count', y: [] },
      { ...line, y: [], aggregate: 'count' },
    ],
    [
      'has a column again where rows are counted no more',
      { ...line, y: [], aggregate: 'count' },
      { aggregate: undefined },
      { ...line, y: ['load', 'heat'] },
    ],
  ])('%s', (_, spec, change, expected) => {
    expect(changedSpec(table, spec, change)).toEqual(expected);
  });

  it('counts the rows of a table without numbers', () => {
    const spec: ChartSpec = { type: 'bar', x: 'host', y: [], aggregate: 'count' };
    expect(currentSpec(names, JSON.stringify(spec))).toEqual({ spec, isOwn: false });
    expect(changedSpec(names, spec, { type: 'pie' })).toEqual({ ...spec, type: 'pie' });
  });

  it('is refused where a part cannot be so', () => {
    expect(codeOf(() => changedSpec(table, line, { yAxis: { min: 2, max: 1 } }))).toBe('bad_parameter');
  });
});

describe('a form begins', () => {
  it('with the chart that was shaped, else with the table’s own', () => {
    expect(currentSpec(table, JSON.stringify(line))).toEqual({ spec: line, isOwn: false });
    const own = { spec: { type: 'line', x: 'at', y: ['load', 'heat'] }, isOwn: true };
    for (const text of [null, '{', '{"y":["gone"]}', '5']) expect(currentSpec(table, text)).toEqual(own);
    expect(currentSpec(names, null)).toEqual({ spec: {}, isOwn: true });
  });
});
