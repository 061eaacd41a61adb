import { describe, expect, test } from 'vitest';
import { parseDashboard, parseDashboardText } from '../../../protocol/dashboard/dashboard.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { codeOf } from '../../support/code-of.ts';

const panel = { id: 'a', type: 'table', table: 'prices', x: 0, y: 0, width: 6, height: 8 };
const threshold = { table: 'prices', column: 'price', is: '>', value: '100', level: 'warning' };
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

describe('a dashboard', () => {
  test.each([
    { panels: [] },
    { title: '<b>floor</b>', panels: [panel, { ...panel, id: 'b', type: 'chart', chart: { later: [1] } }] },
    { panels: [{ ...panel, title: '', view: JSON.parse('{"__proto__":{"sort":[]}}') }] },
    {
      panels: [],
      thresholds: [threshold, { ...threshold, is: 'between', min: '1', max: '2', value: undefined }],
    },
    { panels: [], thresholds: [{ table: '__proto__', column: 'constructor', is: 'null', level: 'notice' }] },
  ])('is taken as it is: %j', (given) => {
    const json: unknown = JSON.parse(JSON.stringify(given));
    expect(parseDashboard(json)).toEqual(json);
  });

  test.each<[string, unknown]>([
    ['no object', []],
    ['no panels', {}],
    ['an unknown field', { panels: [], script: 'x' }],
    ['a panel of another kind', { panels: [{ ...panel, type: 'html' }] }],
    ['a panel with an address', { panels: [{ ...panel, url: 'http://127.0.0.1/' }] }],
    ['a panel beyond the grid', { panels: [{ ...panel, x: 8 }] }],
    ['a place that is no whole number', { panels: [{ ...panel, y: 1.5 }] }],
    ['two panels of one id', { panels: [panel, panel] }],
    [
      'too many panels',
      { panels: Array.from({ length: LIMITS.maxPanels + 1 }, (_, i) => ({ ...panel, id: `${i}` })) },
    ],
    ['a view that is a list', { panels: [{ ...panel, view: [] }] }],
    ['a view that is nested without end', { panels: [{ ...panel, view: { a: nested(5000) } }] }],
    ['a threshold with a number for its value', { panels: [], thresholds: [{ ...threshold, value: 100 }] }],
    ['a threshold with another comparison', { panels: [], thresholds: [{ ...threshold, is: '~' }] }],
    ['a threshold of no known level', { panels: [], thresholds: [{ ...threshold, level: 'fatal' }] }],
    ['a threshold that names whom to call', { panels: [], thresholds: [{ ...threshold, url: 'http://x/' }] }],
    ['too many thresholds', { panels: [], thresholds: new Array(LIMITS.maxThresholds + 1).fill(threshold) }],
  ])('with %s is refused', (_, json) => {
    expect(codeOf(() => parseDashboard(json))).toBe('bad_dashboard');
  });

  test('that is no JSON, or too long, is refused as text', () => {
    expect(codeOf(() => parseDashboardText('{"panels":'))).toBe('bad_body');
    expect(codeOf(() => parseDashboardText(`{"panels":[]}${' '.repeat(LIMITS.maxDashboardBytes)}`))).toBe(
      'too_large',
    );
    expect(codeOf(() => parseDashboardText('['.repeat(60_000)))).toBe('bad_body');
  });
});
