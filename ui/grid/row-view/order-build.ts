import type { IdChanges, RowAccess } from '../../../protocol/table/row-access.ts';
import { buildOrder } from './build-order.ts';
import type { Order } from './order.ts';
import type { ViewPlan } from './view-plan.ts';

/** Written rows that are touched between two turns of others. */
const TOUCHED_IDS = 1024;

/** An order in the making, and what happened to its rows meanwhile. */
export class OrderBuild {
  readonly plan: ViewPlan;
  readonly rows: RowAccess;
  readonly #steps: Generator<void, Order>;
  #order: Order | null = null;
  #gone: Uint32Array[] = [];
  #written: Uint32Array[] = [];

  constructor(plan: ViewPlan, rows: RowAccess) {
    this.plan = plan;
    this.rows = rows;
    this.#steps = buildOrder(plan, rows);
  }

  /** It has only to catch up with what happened meanwhile. */
  get isMade(): boolean {
    return this.#order !== null;
  }

  /** What happened to the rows since it began or since changes were last noted. */
  note({ gone, written }: IdChanges): void {
    if (gone.length > 0) this.#gone.push(gone);
    if (written.length > 0) this.#written.push(written);
  }

  /** Works until it is done or `mayGoOn` says no; the order once it is done. */
  run(mayGoOn: () => boolean): Order | null {
    do {
      if (this.#order === null) {
        const step = this.#steps.next();
        if (step.done === true) this.#order = step.value;
      } else if (!this.#catchUp(this.#order)) return this.#order;
    } while (mayGoOn());
    return null;
  }

  /** Touches some of the rows that changed meanwhile; false where none are left. */
  #catchUp(order: Order): boolean {
    this.rows.refresh();
    for (const ids of this.#gone) order.removeGone(ids);
    this.#gone = [];
    const ids = this.#written.shift();
    if (ids === undefined) return false;
    order.makeRoom();
    for (const id of ids.subarray(0, TOUCHED_IDS)) order.touch(id);
    if (ids.length > TOUCHED_IDS) this.#written.unshift(ids.subarray(TOUCHED_IDS));
    return true;
  }
}
