import { columnNumbers } from '../arrow/column-numbers.ts';
import type { DataType } from '../arrow/data-type.ts';
import { gather, NO_POSITION } from './gather.ts';
import type { KeyedRows } from './keyed-rows.ts';
import { RowTracker } from './row-tracker.ts';

/** Rows remembered between two readings; beyond, columns are read anew. */
const MAX_TRACKED_ROWS = 1 << 18;
/** Columns kept, those read last; 8 bytes a slot each. */
const MAX_COLUMNS = 8;

/**
 * Whole columns of a table with a key as floats, for charts that read them again after every commit: only rows written
 * since are read anew. Lasts as long as its rows.
 */
export class KeptNumbers {
  readonly rows: KeyedRows;
  readonly #tracker = new RowTracker(MAX_TRACKED_ROWS);
  /** By slot; the column read last stands last. */
  readonly #bySlot = new Map<number, Float64Array>();

  constructor(rows: KeyedRows) {
    this.rows = rows;
    rows.slots.trackers.push(this.#tracker);
  }

  /** The whole column in table order; not to be written to, and what it holds lasts until the next reading. */
  read(column: number, type: DataType): Float64Array {
    this.#update();
    const numbers = this.#bySlot.get(column) ?? this.#readAll(column, type);
    this.#bySlot.delete(column);
    this.#bySlot.set(column, numbers);
    if (this.#bySlot.size > MAX_COLUMNS) this.#bySlot.delete(this.#bySlot.keys().next().value!);
    return this.#inOrder(numbers);
  }

  close(): void {
    const { trackers } = this.rows.slots;
    const at = trackers.indexOf(this.#tracker);
    if (at >= 0) trackers.splice(at, 1);
  }

  #update(): void {
    const { written, renumbered, isLost } = this.#tracker.take();
    if (isLost || renumbered !== null || written.length * 2 > this.rows.slots.count) this.#bySlot.clear();
    else if (written.length > 0 && this.#bySlot.size > 0) this.#patch(written);
  }

  #patch(written: Uint32Array): void {
    const { log, slots } = this.rows;
    const live = written.filter((slot) => slots.positions[slot] !== NO_POSITION);
    // Rows of one segment follow one another, as gathering likes them.
    const positions = live.map((slot) => slots.positions[slot]!);
    const columns = [...this.#bySlot.keys()];
    const batch = gather(log, columns, positions);
    const values = new Float64Array(live.length);
    columns.forEach((column, i) => {
      columnNumbers(log.types[column]!, batch.columns[i], live.length, values);
      const numbers = this.#roomFor(column, slots.count);
      for (let row = 0; row < live.length; row++) numbers[live[row]!] = values[row]!;
    });
  }

  #roomFor(column: number, count: number): Float64Array {
    const numbers = this.#bySlot.get(column)!;
    if (count <= numbers.length) return numbers;
    const grown = new Float64Array(Math.max(count, numbers.length * 2));
    grown.set(numbers);
    this.#bySlot.set(column, grown);
    return grown;
  }

  #readAll(column: number, type: DataType): Float64Array {
    const { slots, rowCount } = this.rows;
    const numbers = new Float64Array(slots.count);
    let row = 0;
    for (const batch of this.rows.read([column], 0, rowCount)) {
      columnNumbers(type, batch.columns[0], batch.rowCount, numbers.subarray(row));
      row += batch.rowCount;
    }
    if (rowCount < slots.count) {
      const live = slots.live();
      // A row never stands after its slot.
      for (let at = rowCount - 1; at >= 0; at--) numbers[live[at]!] = numbers[at]!;
    }
    return numbers;
  }

  #inOrder(numbers: Float64Array): Float64Array {
    const { slots, rowCount } = this.rows;
    if (rowCount === slots.count) return numbers.subarray(0, rowCount);
    const live = slots.live();
    const ordered = new Float64Array(rowCount);
    for (let row = 0; row < rowCount; row++) ordered[row] = numbers[live[row]!]!;
    return ordered;
  }
}
