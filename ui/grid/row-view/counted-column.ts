import { isNull } from '../../../protocol/arrow/vector.ts';
import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { AggregatedColumn } from './aggregated-column.ts';
import type { GroupNode } from './group-node.ts';
import { type IdArray, type Kept, renumberValues, resized } from './id-index.ts';
import { CountTotals } from './totals.ts';

/** Of any type: its values are only counted. */
export class CountedColumn extends AggregatedColumn implements IdArray {
  #isThere: Uint8Array = new Uint8Array(0);

  get bytes(): number {
    return this.#isThere.byteLength;
  }

  createTotals(): CountTotals {
    return new CountTotals();
  }

  store(rows: RowAccess, at: number): void {
    this.#isThere[at] = isNull(rows.columns[this.column], rows.at) ? 0 : 1;
  }

  replace(rows: RowAccess, at: number, leaf: GroupNode): void {
    this.remove(at, leaf);
    this.store(rows, at);
    this.add(at, leaf);
  }

  add(at: number, leaf: GroupNode): void {
    if (this.#isThere[at] !== 1) return;
    for (let node = leaf; node.depth >= 0; node = node.parent!) this.#totalsOf(node).count++;
  }

  remove(at: number, leaf: GroupNode): void {
    if (this.#isThere[at] !== 1) return;
    for (let node = leaf; node.depth >= 0; node = node.parent!) this.#totalsOf(node).count--;
  }

  stored(at: number): number | null {
    return this.#isThere[at] === 1 ? 1 : null;
  }

  resize(capacity: number, kept?: Kept): void {
    this.#isThere = resized(this.#isThere, new Uint8Array(capacity), kept);
  }

  renumber(renumbered: Uint32Array): void {
    renumberValues(this.#isThere, renumbered);
  }

  /** A group's totals at this column's place are of its own making. */
  #totalsOf(node: GroupNode): CountTotals {
    return node.totals[this.place] as CountTotals;
  }
}
