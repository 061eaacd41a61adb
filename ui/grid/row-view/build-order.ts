import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { Order } from './order.ts';
import { STEP_IDS, sortIds } from './sort-ids.ts';
import type { ViewPlan } from './view-plan.ts';

/** Rows read between two turns of others: a millisecond or two, if their texts are made. */
const READ_IDS = 1 << 9;

/**
 * Makes the order of the table's rows as they are while it runs, giving way often. Rows that are written or go meanwhile are
 * to be touched once it is done.
 */
export function* buildOrder(plan: ViewPlan, rows: RowAccess): Generator<void, Order> {
  const order = new Order(plan, rows);
  yield;
  const ids = yield* readRows(order, rows);
  yield* sortIds(ids, order.keys, order.index.mask, order.compare);
  for (let start = 0; start < ids.length; start += STEP_IDS) {
    order.blocks.append(ids.subarray(start, start + STEP_IDS));
    yield;
  }
  yield* groupRows(order, ids);
  order.moved.clear();
  return order;
}

/** The ids of the rows that pass, in table order; what it is ordered and grouped by is stored. */
function* readRows(order: Order, rows: RowAccess): Generator<void, Uint32Array> {
  const { first, span } = rows;
  const ids = new Uint32Array(span);
  let count = 0;
  for (let start = 0; start < span; start += READ_IDS) {
    rows.refresh();
    const end = Math.min(span, start + READ_IDS);
    for (let i = start; i < end; i++) {
      const id = (first + i) >>> 0;
      if (!rows.seek(id) || !order.passes()) continue;
      for (const key of order.keys) key.read(rows);
      order.store(id & order.index.mask);
      ids[count++] = id;
    }
    yield;
  }
  return ids.subarray(0, count);
}

/** A group's rows stand side by side, so each row's group is that of the one before or a new one. */
function* groupRows(order: Order, ids: Uint32Array): Generator<void, void> {
  const { tree } = order;
  if (tree === null) return;
  for (let start = 0; start < ids.length && !tree.isOverfull; start += READ_IDS) {
    const end = Math.min(ids.length, start + READ_IDS);
    for (let i = start; i < end; i++) tree.insert(ids[i]!, { before: i > 0 ? ids[i - 1]! : -1, after: -1 });
    yield;
  }
}
