import { describe, expect, it } from 'vitest';
import { filterText } from '../../../ui/grid/bar/active-parts.ts';
import { conditionsFor, filterFrom, inputOf } from '../../../ui/grid/menu/filter-condition.ts';
import type { Filter } from '../../../ui/grid/row-view/view-spec.ts';
import { en } from '../../../ui/locales/en.ts';
import { float, time, utf8 } from '../fake-table.ts';

const EMPTY = { condition: 'contains', value: '', min: '', max: '', values: [] } as const;

const FILTERS: readonly [Filter, string][] = [
  [{ type: 'text', column: 'x', match: 'contains', value: ' a ' }, 'X contains “ a ”'],
  [{ type: 'text', column: 'x', match: 'equals', value: '' }, 'X is exactly “”'],
  [{ type: 'number', column: 'x', compare: '≥', value: '-1e6' }, 'X ≥ -1e6'],
  [{ type: 'range', column: 'x', min: '1', max: '2' }, 'X 1 – 2'],
  [{ type: 'range', column: 'x', min: null, max: '2' }, 'X ≤ 2'],
  [{ type: 'range', column: 'x', min: '1', max: null }, 'X ≥ 1'],
  [{ type: 'set', column: 'x', values: ['a', '', null], isExcluded: false }, 'X is one of a, empty text, …'],
  [{ type: 'set', column: 'x', values: [null], isExcluded: true }, 'X is none of no value'],
  [{ type: 'null', column: 'x', isNull: true }, 'X has no value'],
];

describe('a filter', () => {
  it.each(FILTERS)('%j is shown by the form as it was put in', (filter) => {
    expect(filterFrom('x', inputOf(filter, []))).toEqual(filter);
  });

  it.each(FILTERS)('%j is told in a few words', (filter, text) => {
    expect(filterText('X', filter, en)).toBe(text);
  });

  it.each([
    { ...EMPTY },
    { ...EMPTY, condition: '<', value: '  ' },
    { ...EMPTY, condition: 'range', min: ' ' },
    { ...EMPTY, condition: 'in' },
  ] as const)('is none where nothing is put in: %j', (input) => {
    expect(filterFrom('x', input)).toBeNull();
  });

  it('may compare numbers and times, and look into texts', () => {
    expect(conditionsFor(float, false)).toContain('range');
    expect(conditionsFor(time, false)).toContain('≥');
    expect(conditionsFor(utf8, false)).not.toContain('≥');
    expect(conditionsFor(utf8, true)).toContain('not-in');
  });
});
