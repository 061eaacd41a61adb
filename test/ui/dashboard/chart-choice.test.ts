import { describe, expect, it } from 'vitest';
import { panelSpec } from '../../../ui/dashboard/chart-choice.ts';

describe('the chart of a dashboard’s panel', () => {
  it.each([
    [
      'a whole chart spec',
      { type: 'bar', x: 'a', aggregate: 'mean', window: { rows: 5 } },
      { type: 'bar', x: 'a', aggregate: 'mean', window: { rows: 5 } },
    ],
    ['without what is unknown', { type: 'pie', onclick: 'alert(1)' }, { type: 'pie' }],
    [
      'as far as it is understood',
      { type: 'gone', x: '__proto__', y: ['a', 5], window: 'all' },
      { x: '__proto__', y: ['a'] },
    ],
  ])('is %s', (_, chart, spec) => {
    expect(JSON.parse(panelSpec(chart)!)).toEqual(spec);
  });

  it('is the table’s own where nothing is chosen', () => {
    for (const chart of [undefined, {}, { onclick: 'x' }, { y: [] as string[], type: 5 }]) {
      expect(panelSpec(chart)).toBeNull();
    }
  });
});
