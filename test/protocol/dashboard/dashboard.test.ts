import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { parseDashboard, parseDashboardText } from '../../../protocol/dashboard/dashboard.ts';
import { DashboardSchema } from '../../../protocol/dashboard/dashboard-schema.ts';
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

test('what is taken is what the documented schema takes, whatever single thing is another', () => {
  const whole = {
    title: 'a',
    panels: [{ ...panel, title: 'b', view: {}, chart: {} }],
    thresholds: [threshold, { table: 't', column: 'c', is: 'between', min: '1', max: '2', level: 'notice' }],
  };
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    paths.push(path, [...path, 'more']);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, part] of Object.entries(value)) walk(part, [...path, name]);
  };
  walk(whole, []);
  const values = fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    '',
    'x',
    '>=',
    'null',
    'chart',
    'critical',
    0,
    1,
    1.5,
    -1,
    12,
    201,
    1e9,
    [],
    {},
    'x'.repeat(65),
    'x'.repeat(201),
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths), values, (path, value) => {
      const json = changed(whole, path, value);
      const isTaken = codeOf(() => parseDashboard(json)) === null;
      const { x = 0, width = 0 } = (json as { panels?: { x: number; width: number }[] })?.panels?.[0] ?? {};
      const isInside = !Value.Check(DashboardSchema, json) || x + width <= 12;
      expect(isTaken).toBe(Value.Check(DashboardSchema, json) && isInside);
    }),
    { numRuns: 2000 },
  );
});

function changed(json: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (typeof json !== 'object' || json === null) return json;
  const copy: unknown = JSON.parse(JSON.stringify(json));
  const part = changed((json as Record<string, unknown>)[name], rest, value);
  if (part === undefined && Array.isArray(copy)) copy.splice(Number(name), 1);
  else if (part === undefined) delete (copy as Record<string, unknown>)[name];
  else (copy as Record<string, unknown>)[name] = part;
  return copy;
}
