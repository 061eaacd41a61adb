import { cellJson, cellText } from '../../protocol/arrow/cell-text.ts';
import { type CellValue, cellValue } from '../../protocol/arrow/cell-value.ts';
import { columnNumbers } from '../../protocol/arrow/column-numbers.ts';
import { createColumnBuilder } from '../../protocol/arrow/create-column-builder.ts';
import type { Field } from '../../protocol/arrow/data-type.ts';
import { type Batch, sliceVector, type Vector } from '../../protocol/arrow/vector.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { TableReader } from '../table-reader.ts';

/** What is frozen: a live table, or a frozen one again. */
export type Freezable = Pick<LiveTable, 'fields' | 'key' | 'rowCount' | 'readLazily'>;

/** Rows of a table with a key are gathered in pieces of so many, when one of them is first looked at. */
const GATHERED_ROWS = 4096;

interface Part {
  readonly start: number;
  /** Gone through when it is first needed; its rows do not change until then either. */
  readonly lazy: Iterable<Batch>;
  batches: readonly PlacedBatch[] | null;
}

interface PlacedBatch extends Batch {
  readonly start: number;
}

/**
 * A table as it was when it was frozen, whatever is written to it afterwards. Rows of tables without a key are shared with
 * the table; of others only the places of the rows are copied at first (4 bytes a row), and values when they are read.
 */
export class FrozenTable implements TableReader {
  readonly fields: readonly Field[];
  readonly key: readonly string[] | null;
  readonly rowCount: number;
  readonly #partRows: number;
  readonly #parts: readonly Part[];
  #last: PlacedBatch | null = null;

  constructor(table: Freezable) {
    this.fields = table.fields;
    this.key = table.key;
    this.rowCount = table.rowCount;
    this.#partRows = table.key === null ? Math.max(1, this.rowCount) : GATHERED_ROWS;
    const columns = table.fields.map((_, column) => column);
    this.#parts = Array.from({ length: Math.ceil(this.rowCount / this.#partRows) }, (_, i) => {
      const start = i * this.#partRows;
      const end = Math.min(this.rowCount, start + this.#partRows);
      return { start, lazy: table.readLazily(columns, start, end).batches, batches: null };
    });
  }

  value(row: number, column: number): CellValue {
    const batch = this.#batchOf(row);
    return cellValue(this.fields[column]!.type, batch.columns[column], row - batch.start);
  }

  text(row: number, column: number): string | null {
    const batch = this.#batchOf(row);
    return cellText(this.fields[column]!.type, batch.columns[column], row - batch.start);
  }

  /** The cell as JSON text, with all its digits. */
  json(row: number, column: number): string {
    const batch = this.#batchOf(row);
    return cellJson(this.fields[column]!.type, batch.columns[column], row - batch.start);
  }

  numbers(column: number, start: number, end: number): Float64Array {
    const numbers = new Float64Array(Math.max(0, end - start));
    const { type } = this.fields[column]!;
    for (let row = start; row < end; ) {
      const batch = this.#batchOf(row);
      const from = row - batch.start;
      const to = Math.min(batch.rowCount, end - batch.start);
      columnNumbers(type, slice(batch.columns[column], from, to), to - from, numbers.subarray(row - start));
      row += to - from;
    }
    return numbers;
  }

  /** These rows, in this order, as one batch of these columns. */
  gather(columns: readonly number[], rows: Uint32Array): Batch {
    const places = Int32Array.from(rows, (row) => row - this.#batchOf(row).start);
    const builders = columns.map((column) => createColumnBuilder(this.fields[column]!.type, rows.length));
    for (let from = 0; from < rows.length; ) {
      const batch = this.#batchOf(rows[from]!);
      let to = from + 1;
      while (to < rows.length && this.#batchOf(rows[to]!) === batch) to++;
      builders.forEach((builder, i) => {
        builder.appendRows(batch.columns[columns[i]!], places, from, to);
      });
      from = to;
    }
    return { rowCount: rows.length, columns: builders.map((builder) => builder.vector) };
  }

  /** Neighbours are mostly asked for one after the other. */
  #batchOf(row: number): PlacedBatch {
    const last = this.#last;
    if (last !== null && row >= last.start && row < last.start + last.rowCount) return last;
    const part = this.#parts[Math.floor(row / this.#partRows)];
    if (part === undefined) throw new RangeError(`There is no row ${row}; the table has ${this.rowCount}.`);
    part.batches ??= placed(part);
    this.#last = batchAt(part.batches, row);
    return this.#last;
  }
}

function placed({ start, lazy }: Part): PlacedBatch[] {
  let next = start;
  return Array.from(lazy, ({ rowCount, columns }) => {
    next += rowCount;
    return { start: next - rowCount, rowCount, columns };
  });
}

function batchAt(batches: readonly PlacedBatch[], row: number): PlacedBatch {
  let low = 0;
  let high = batches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (batches[middle]!.start <= row) low = middle;
    else high = middle - 1;
  }
  return batches[low]!;
}

function slice(vector: Vector | undefined, from: number, to: number): Vector | undefined {
  return vector === undefined || from === 0 ? vector : sliceVector(vector, from, to);
}
