import type { CellValue } from '../../protocol/arrow/cell-value.ts';
import { type Field, typeName } from '../../protocol/arrow/data-type.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { Rows } from './rows.ts';

export interface Column {
  readonly name: string;
  /** As the gateway names it: `float64`, `timestamp[us, UTC]`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Arrow field metadata; `label`, `unit` and `format` are meant for people. */
  readonly metadata: ReadonlyMap<string, string>;
}

export interface Selection {
  /** Names, in the order wanted; all where absent. */
  readonly columns?: readonly string[];
  /** The first row, 0 where absent; below 0 it counts from the end. */
  readonly offset?: number;
  /** How many rows at most. */
  readonly limit?: number;
}

/**
 * One table of the client's replica, as it is at the moment of the call: it stands still until the next `await`, and moves on
 * with the replica after that. What is to stay as it is comes from {@link rows}. Where its subscription is closed and no
 * other follows the table, it stays as it was read last.
 *
 * @throws TablecastError `no_such_table` from each of its parts but `name`, while the table is gone
 */
export class TableView {
  readonly name: string;
  readonly #read: () => LiveTable | undefined;

  constructor(name: string, read: () => LiveTable | undefined) {
    this.name = name;
    this.#read = read;
  }

  get #table(): LiveTable {
    const table = this.#read();
    if (table === undefined)
      throw new TablecastError('no_such_table', `There is no table "${this.name}" any more.`);
    return table;
  }

  get rowCount(): number {
    return this.#table.rowCount;
  }

  /** Of a table without a key: how many rows have gone from its front since it began; else 0. */
  get firstRow(): number {
    return this.#table.queue?.firstRow ?? 0;
  }

  get columns(): Column[] {
    return this.#table.fields.map(columnOfField);
  }

  /** Names of the key's columns; null for a table without a key. */
  get key(): readonly string[] | null {
    return this.#table.key;
  }

  /** Rows in table order. @throws TablecastError `bad_parameter` where there is no such column */
  rows(selection: Selection = {}): Rows {
    const columns =
      selection.columns?.map((name) => this.#columnAt(name)) ?? this.#table.fields.map((_, i) => i);
    const { start, end } = this.#range(selection);
    return new Rows(
      columns.map((column) => this.#table.fields[column]!),
      this.#table.read(columns, start, end),
    );
  }

  /** One cell's exact value; null where it has none, and where there is no such row. */
  value(row: number, column: string): CellValue {
    const at = this.#columnAt(column);
    return this.#hasRow(row) ? this.#table.value(row, at) : null;
  }

  /** One cell as exact text for people, times in ISO 8601; null where it has no value. */
  text(row: number, column: string): string | null {
    const at = this.#columnAt(column);
    return this.#hasRow(row) ? this.#table.text(row, at) : null;
  }

  /** A column as floats, for charts and sums: times as Unix milliseconds, NaN for null and for what is no number. */
  numbers(column: string, selection: Omit<Selection, 'columns'> = {}): Float64Array {
    const { start, end } = this.#range(selection);
    return this.#table.numbers(this.#columnAt(column), start, end);
  }

  /** As `GET /tables/NAME?content_hash=true` says it: equal for equal tables. Reads the whole table. */
  contentHash(): string {
    return contentHash(this.#table);
  }

  #hasRow(row: number): boolean {
    return Number.isInteger(row) && row >= 0 && row < this.#table.rowCount;
  }

  #range({ offset = 0, limit = Number.POSITIVE_INFINITY }: Omit<Selection, 'columns'>): {
    start: number;
    end: number;
  } {
    const { rowCount } = this.#table;
    const start = Math.min(rowCount, Math.max(0, offset < 0 ? rowCount + offset : offset));
    return { start, end: Math.min(rowCount, start + Math.max(0, limit)) };
  }

  #columnAt(name: string): number {
    const at = this.#table.fields.findIndex((field) => field.name === name);
    if (at >= 0) return at;
    const names = this.#table.fields.map((field) => JSON.stringify(field.name)).join(', ');
    throw new TablecastError(
      'bad_parameter',
      `The table "${this.name}" has no column ${JSON.stringify(name)}; it has ${names}.`,
    );
  }
}

export function columnOfField({ name, type, nullable, metadata }: Field): Column {
  return { name, type: typeName(type), nullable, metadata };
}
