import { describe, expect, it } from 'vitest';
import { columnNames, gridColumns, viewSpec } from '../../../ui/grid/state/grid-columns.ts';
import {
  type GridState,
  nextDirection,
  PLAIN_STATE,
  withFilter,
  withGroup,
  withHidden,
  withMoved,
  withPinned,
  withSort,
  withSortAlso,
  withWidth,
} from '../../../ui/grid/state/grid-state.ts';
import { fakeTable, float, int, utf8 } from '../fake-table.ts';

const { fields } = fakeTable([
  { name: 'a', type: utf8, values: [] },
  { name: 'b', type: float, values: [] },
  { name: 'c', type: int, values: [] },
]);

const shown = (state: GridState) =>
  gridColumns(fields, state)
    .map(({ field }) => field.name)
    .join('');

describe('the viewer’s choices', () => {
  it('sort by one column, by more, and by one less', () => {
    let state = withSort(PLAIN_STATE, 'a', 'ascending');
    state = withSortAlso(state, 'b', 'descending');
    state = withSortAlso(state, 'a', 'descending');
    expect(state.sort).toEqual([
      { column: 'a', direction: 'descending' },
      { column: 'b', direction: 'descending' },
    ]);
    expect(withSortAlso(state, 'a', null).sort).toEqual([{ column: 'b', direction: 'descending' }]);
    expect(withSort(state, 'c', null).sort).toEqual([]);
  });

  it('turn a sort from none to ascending to descending to none', () => {
    expect([nextDirection(null), nextDirection('ascending'), nextDirection('descending')]).toEqual([
      'ascending',
      'descending',
      null,
    ]);
  });

  it.each([
    ['as the table has them', PLAIN_STATE, 'abc'],
    ['moved before another', withMoved(PLAIN_STATE, ['a', 'b', 'c'], 'c', 'a'), 'cab'],
    ['moved to the end', withMoved(PLAIN_STATE, ['a', 'b', 'c'], 'a', null), 'bca'],
    ['pinned first', withPinned(PLAIN_STATE, 'c', true), 'cab'],
    ['without hidden ones', withHidden(PLAIN_STATE, 'b', true), 'ac'],
    ['grouped ones first, hidden or not', withGroup(withHidden(PLAIN_STATE, 'b', true), 'b', true), 'bac'],
    ['in an order that names columns of another schema', { ...PLAIN_STATE, order: ['z', 'b'] }, 'bac'],
  ])('show columns %s', (_, state, expected) => {
    expect(shown(state)).toBe(expected);
  });

  it('keep hidden columns’ places', () => {
    const state = withMoved(withHidden(PLAIN_STATE, 'b', true), ['a', 'b', 'c'], 'c', 'a');
    expect(columnNames(fields, state).join('')).toBe('cab');
  });

  it('become what the rows are arranged by', () => {
    const filter = { type: 'null', column: 'a', isNull: false } as const;
    const state = withHidden(withGroup(withFilter(PLAIN_STATE, 'a', filter), 'a', true), 'c', true);
    expect(viewSpec(fields, state)).toEqual({
      sort: [],
      filters: [filter],
      search: '',
      searchColumns: ['a', 'b'],
      group: {
        by: ['a'],
        aggregates: [
          { column: 'b', fn: 'sum' },
          { column: 'c', fn: 'sum' },
        ],
        expanded: new Set(),
      },
    });
  });

  it('replace a column’s filter and its width', () => {
    const first = { type: 'number', column: 'b', compare: '<', value: '1' } as const;
    const second = { type: 'range', column: 'b', min: '1', max: null } as const;
    expect(withFilter(withFilter(PLAIN_STATE, 'b', first), 'b', second).filters).toEqual([second]);
    expect(withWidth(withWidth(PLAIN_STATE, 'b', 99.6), 'b', null).widthsPx).toEqual({});
  });
});
