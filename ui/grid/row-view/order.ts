import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { AggregatedColumns } from './aggregated-columns.ts';
import { BlockList } from './block-list.ts';
import { GroupTree } from './group-tree.ts';
import { IdIndex } from './id-index.ts';
import { SortKeys } from './sort-keys.ts';
import type { ViewPlan } from './view-plan.ts';

/**
 * The rows that pass a plan's tests, by id, in the plan's order and groups. It knows rows as they were when they were last
 * touched; a row that was written since is touched before the order is read again.
 */
export class Order {
  readonly plan: ViewPlan;
  readonly index = new IdIndex();
  readonly keys: readonly SortKeys[];
  readonly blocks: BlockList;
  readonly tree: GroupTree | null;
  readonly aggregated: AggregatedColumns;
  /** Ids that came, went or changed places since it was last emptied. */
  readonly moved = new Set<number>();
  readonly rows: RowAccess;
  /** Ids in use are this one and those after it, fewer than the index's capacity. */
  #first: number;

  constructor(plan: ViewPlan, rows: RowAccess) {
    this.plan = plan;
    this.rows = rows;
    this.#first = rows.first;
    this.index.grow(rows.span, 0, 0);
    this.keys = plan.keys.map((key) => new SortKeys(key, this.index));
    this.blocks = new BlockList(this.index, this.#comparison());
    this.aggregated = new AggregatedColumns(plan, this.index);
    this.tree = plan.groupColumns.length === 0 ? null : this.#createTree(plan);
  }

  #createTree({ groupColumns: columns }: ViewPlan): GroupTree {
    const keys = this.keys.slice(0, columns.length);
    return new GroupTree({ index: this.index, keys, aggregated: this.aggregated.all });
  }

  get bytes(): number {
    const parts = [...this.keys, this.blocks, this.aggregated];
    return parts.reduce((sum, part) => sum + part.bytes, this.tree === null ? 0 : this.index.capacity * 4);
  }

  get compare(): (a: number, b: number) => number {
    return this.#comparison();
  }

  /** By keys, then in table order. */
  #comparison(): (a: number, b: number) => number {
    const { keys, index } = this;
    const [only] = keys;
    if (only === undefined) return (a, b) => ((a - this.#first) >>> 0) - ((b - this.#first) >>> 0);
    if (keys.length === 1) {
      return (a, b) =>
        only.compare(a & index.mask, b & index.mask) || ((a - this.#first) >>> 0) - ((b - this.#first) >>> 0);
    }
    return (a, b) => {
      for (let i = 0; i < keys.length; i++) {
        const order = keys[i]!.compare(a & index.mask, b & index.mask);
        if (order !== 0) return order;
      }
      return ((a - this.#first) >>> 0) - ((b - this.#first) >>> 0);
    };
  }

  has(id: number): boolean {
    return (id - this.#first) >>> 0 < this.index.capacity && this.blocks.has(id);
  }

  /** Whether the row that `rows` was put to passes all tests. */
  passes(): boolean {
    for (const test of this.plan.tests) if (!test.holds(this.rows)) return false;
    return true;
  }

  /** Takes out the rows that are gone; all of them before others are touched. */
  removeGone(ids: Uint32Array): void {
    for (const id of ids) if (!this.rows.has(id) && this.has(id)) this.#remove(id);
  }

  /** There is room for the table's present rows, and none before them are left. */
  makeRoom(): void {
    const { first, span } = this.rows;
    this.index.grow(span, first, Math.min(span, this.index.capacity));
    this.#first = first;
  }

  /** Brings a row to where its present values belong. */
  touch(id: number): void {
    const isMember = this.has(id);
    if (!this.rows.seek(id) || !this.passes()) {
      if (isMember) this.#remove(id);
      return;
    }
    const at = id & this.index.mask;
    for (const key of this.keys) key.read(this.rows);
    if (isMember) {
      if (this.#isInPlace(at)) {
        this.tree?.update(id, this.rows);
        return;
      }
      this.#remove(id);
    }
    this.store(at);
    this.blocks.insert(id);
    this.tree?.insert(id, this.blocks);
    this.moved.add(id);
  }

  #isInPlace(at: number): boolean {
    for (const key of this.keys) if (!key.isStored(at)) return false;
    return true;
  }

  /** Stores the keys read last, and the values to aggregate of the row that `rows` was put to. */
  store(at: number): void {
    for (const key of this.keys) key.store(at);
    for (const column of this.aggregated.all) column.store(this.rows, at);
  }

  #remove(id: number): void {
    this.tree?.remove(id);
    this.blocks.remove(id);
    for (const key of this.keys) key.forget(id & this.index.mask);
    this.moved.add(id);
  }

  /** Rows have other ids now; those that have none are gone. */
  renumber(renumbered: Uint32Array): void {
    const count = Math.min(renumbered.length, this.index.capacity);
    for (let id = 0; id < count; id++) {
      if (renumbered[id]! > id && this.blocks.has(id)) this.#remove(id);
    }
    this.index.renumber(renumbered);
  }
}
