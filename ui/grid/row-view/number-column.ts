import { float16 } from '../../../protocol/arrow/cell-value.ts';
import { type NumberArray, type NumberLayout, numbersOf } from '../../../protocol/arrow/number-layout.ts';
import { bitAt } from '../../../protocol/arrow/vector.ts';
import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { AggregatedColumn } from './aggregated-column.ts';
import type { GroupNode } from './group-node.ts';
import type { NumberCells } from './number-cells.ts';
import { NumberTotals } from './totals.ts';

/** Of numbers that a double holds exactly; they are kept beside those of other columns. */
export class NumberColumn extends AggregatedColumn {
  readonly #layout: NumberLayout;
  readonly #cells: NumberCells;
  readonly #offset: number;
  /** Of the vector that `rows` was put to last. */
  #turn = -1;
  #numbers: NumberArray = new Float64Array(0);
  #validity: Uint8Array | null = null;
  #isAbsent = true;

  constructor(
    column: number,
    place: number,
    layout: NumberLayout,
    at: { cells: NumberCells; offset: number },
  ) {
    super(column, place);
    this.#layout = layout;
    this.#cells = at.cells;
    this.#offset = at.offset;
  }

  createTotals(): NumberTotals {
    return new NumberTotals();
  }

  store(rows: RowAccess, at: number): void {
    const isThere = this.#hasValue(rows);
    this.#put(this.#cellOf(at), isThere, isThere ? this.#read(rows.at) : 0);
  }

  replace(rows: RowAccess, at: number, leaf: GroupNode): void {
    const cell = this.#cellOf(at);
    const { values, isThere } = this.#cells;
    const had = isThere[cell] === 1;
    const has = this.#hasValue(rows);
    const before = values[cell]!;
    const after = has ? this.#read(rows.at) : 0;
    if (had === has && Object.is(before, after)) return;
    for (let node = leaf; node.depth >= 0; node = node.parent!) {
      const totals = this.#totalsOf(node);
      if (had) totals.remove(before);
      if (has) totals.add(after);
    }
    this.#put(cell, has, after);
  }

  add(at: number, leaf: GroupNode): void {
    const cell = this.#cellOf(at);
    if (this.#cells.isThere[cell] !== 1) return;
    const value = this.#cells.values[cell]!;
    for (let node = leaf; node.depth >= 0; node = node.parent!) this.#totalsOf(node).add(value);
  }

  remove(at: number, leaf: GroupNode): void {
    const cell = this.#cellOf(at);
    if (this.#cells.isThere[cell] !== 1) return;
    const value = this.#cells.values[cell]!;
    for (let node = leaf; node.depth >= 0; node = node.parent!) this.#totalsOf(node).remove(value);
  }

  stored(at: number): number | null {
    const cell = this.#cellOf(at);
    return this.#cells.isThere[cell] === 1 ? this.#cells.values[cell]! : null;
  }

  #cellOf(at: number): number {
    return at * this.#cells.width + this.#offset;
  }

  #put(cell: number, isThere: boolean, value: number): void {
    this.#cells.isThere[cell] = isThere ? 1 : 0;
    this.#cells.values[cell] = value;
  }

  /** A group's totals at this column's place are of its own making. */
  #totalsOf(node: GroupNode): NumberTotals {
    return node.totals[this.place] as NumberTotals;
  }

  #hasValue(rows: RowAccess): boolean {
    if (rows.turn !== this.#turn) {
      this.#turn = rows.turn;
      const vector = rows.columns[this.column];
      this.#isAbsent = vector?.layout !== 'fixed';
      if (vector?.layout === 'fixed') {
        this.#numbers = numbersOf(this.#layout, vector.bytes);
        this.#validity = vector.validity;
      }
    }
    return !this.#isAbsent && (this.#validity === null || bitAt(this.#validity, rows.at));
  }

  #read(at: number): number {
    return this.#layout === 'f16' ? float16(this.#numbers[at]!) : this.#numbers[at]!;
  }
}
