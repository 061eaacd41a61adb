import { expect, test } from 'vitest';
import { PlainRows } from '../../../../protocol/table/plain-rows.ts';
import { RowAccess } from '../../../../protocol/table/row-access.ts';
import { buildOrder } from '../../../../ui/grid/row-view/build-order.ts';
import { planView } from '../../../../ui/grid/row-view/view-plan.ts';
import { PLAIN_SPEC } from '../../../../ui/grid/row-view/view-spec.ts';
import { fieldsOf, types, vectorOf } from './vectors.ts';

const BEGUN = 2 ** 32 - 1500;

/** Rows of a table that has been appended to for long. */
class LateRows extends PlainRows {
  override get firstRow(): number {
    return super.firstRow + BEGUN;
  }

  override get endRow(): number {
    return super.endRow + BEGUN;
  }
}

test('an order goes on when the number of rows that ever came passes 2³²', () => {
  const rows = new LateRows([types.int32]);
  let next = 0;
  const append = (count: number) => {
    const cells = Array.from({ length: count }, () => (next++ * 7) % 10);
    rows.append({ rowCount: count, columns: [vectorOf(types.int32, cells)] }, next, next);
  };
  append(1000);
  const access = new RowAccess(rows);
  const spec = { ...PLAIN_SPEC, sort: [{ column: 'n', direction: 'ascending' as const }] };
  const plan = planView(spec, fieldsOf([{ name: 'n', type: types.int32, cells: [] }]));
  const steps = buildOrder(plan, access);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const order = step.value;
  for (let round = 0; round < 40; round++) {
    append(round === 20 ? 1500 : 60);
    rows.dropFirst(round === 25 ? 1500 : 60);
    const { gone, written } = access.takeChanges();
    access.refresh();
    order.removeGone(gone);
    order.makeRoom();
    for (const id of written) order.touch(id);
    const shown = Array.from(order.blocks.slice(0, order.blocks.count), (id) => access.rowOf(id));
    const value = (row: number) => ((next - rows.rowCount + row) * 7) % 10;
    const expected = shown.toSorted((a, b) => value(a) - value(b) || a - b);
    expect(shown).toHaveLength(rows.rowCount);
    expect(shown).toEqual(expected);
  }
});
