import { describe, expect, it } from 'vitest';
import { nextSort, orderRows } from '../../../ui/grid/row-order.ts';
import { fakeTable, float, utf8 } from '../fake-table.ts';

const table = fakeTable([
  { name: 'n', type: float, values: [2, null, 1, 2, 10] },
  { name: 't', type: utf8, values: ['b10', 'b9', null, 'a', ''] },
]);

describe('row order', () => {
  it("is the table's own where nothing is sorted", () => {
    expect(orderRows(table, null)).toBeNull();
    expect(orderRows(table, { column: 7, direction: 'ascending' })).toBeNull();
  });

  it.each([
    [0, 'ascending', [2, 0, 3, 4, 1]],
    [0, 'descending', [4, 0, 3, 2, 1]],
    [1, 'ascending', [4, 3, 1, 0, 2]],
    [1, 'descending', [0, 1, 3, 4, 2]],
  ] as const)(
    'of column %i %s has equal values in table order and nulls last',
    (column, direction, expected) => {
      expect([...orderRows(table, { column, direction })!]).toEqual(expected);
    },
  );

  it('goes from none to ascending to descending to none, and anew for another column', () => {
    const first = nextSort(null, 1);
    const second = nextSort(first, 1);
    expect([first?.direction, second?.direction, nextSort(second, 1)]).toEqual([
      'ascending',
      'descending',
      null,
    ]);
    expect(nextSort(second, 0)).toEqual({ column: 0, direction: 'ascending' });
  });
});
