import { cellText } from '../arrow/cell-text.ts';
import { type CellValue, cellValue } from '../arrow/cell-value.ts';
import { columnNumbers } from '../arrow/column-numbers.ts';
import type { Field } from '../arrow/data-type.ts';
import type { Batch, Vector } from '../arrow/vector.ts';
import { TablecastError } from '../errors.ts';
import type { Op, Retention } from '../header.ts';
import { DeletionLog } from './deletion-log.ts';
import { KeptNumbers } from './kept-numbers.ts';
import { KeyedRows } from './keyed-rows.ts';
import { PlainRows } from './plain-rows.ts';
import { type LazyRows, SEGMENT_ROWS } from './row-log.ts';
import type { RowsCut, WrittenRows } from './rows-cut.ts';
import { columnOf, type FittedFields, fitFields } from './table-fields.ts';

/** Where in the log of commits a write stands: it is what makes the fold deterministic. */
export interface CommitPoint {
  readonly version: number;
  /** Unix time of the commit, milliseconds. */
  readonly timeMs: number;
}

/** Rows to write, as they were read from Arrow: columns in the order of `fields`. */
export interface TableWrite {
  readonly op: Op;
  readonly key: readonly string[] | null;
  readonly fields: readonly Field[];
  readonly batches: readonly Batch[];
}

/** What a table is beside its rows. */
export interface TableShape {
  readonly fields: readonly Field[];
  readonly key: readonly string[] | null;
  /** Of a table without a key: how many rows had gone from its front. */
  readonly firstRow: number;
  /** Of a table with a key: slots given out, freed ones included. */
  readonly slotCount: number;
}

/**
 * One live dataframe: what `replace`, `append`, `upsert` and `delete` make of rows, for the gateway's store and a
 * viewer's replica alike. Rows have a table order: that of arrival, or with a key that in which keys were first seen
 * since they were last deleted.
 */
export class LiveTable {
  readonly name: string;
  #fields: readonly Field[] = [];
  #key: readonly string[] | null = null;
  #rows: PlainRows | KeyedRows = new PlainRows([]);
  #fitted: { readonly incoming: readonly Field[]; readonly result: FittedFields } | null = null;
  readonly #keepsDeletions: boolean;
  #deletions: DeletionLog | null = null;
  readonly #keepsNumbers: boolean;
  #keptNumbers: KeptNumbers | null = null;

  /**
   * `keepsDeletions`: whether deleted keys are kept for {@link deletedAfter}, as a gateway needs and a replica does not.
   * `keepsNumbers`: whether columns that were read whole as {@link numbers} are kept up to date, for a viewer's charts.
   */
  constructor(
    name: string,
    options: { readonly keepsDeletions?: boolean; readonly keepsNumbers?: boolean } = {},
  ) {
    this.name = name;
    this.#keepsDeletions = options.keepsDeletions ?? false;
    this.#keepsNumbers = options.keepsNumbers ?? false;
  }

  get fields(): readonly Field[] {
    return this.#fields;
  }

  get key(): readonly string[] | null {
    return this.#key;
  }

  get rowCount(): number {
    return this.#rows.rowCount;
  }

  /** The rows themselves, by stable ids; another object once the table begins anew. */
  get rows(): PlainRows | KeyedRows {
    return this.#rows;
  }

  /** Bytes held in memory, those of rows that wait for compaction included. */
  get bytes(): number {
    return (
      (this.#rows instanceof KeyedRows ? this.#rows.bytes : this.#rows.log.bytes) +
      (this.#deletions?.bytes ?? 0)
    );
  }

  /** Bytes of the rows that the table has now, about. */
  get contentBytes(): number {
    const { segments } = this.#rows.log;
    const bytes = segments.reduce(
      (sum, segment) => sum + (segment.contentBytes() * segment.liveCount) / segment.rowCount,
      0,
    );
    return Math.round(bytes);
  }

  /** For a table without a key: how many rows came and how many went since it began. */
  get queue(): { readonly firstRow: number; readonly endRow: number } | null {
    return this.#rows instanceof PlainRows
      ? { firstRow: this.#rows.firstRow, endRow: this.#rows.endRow }
      : null;
  }

  /**
   * Applies one write. `replace` begins anew, with the write's key; the others must fit the table's fields and key.
   *
   * @throws TablecastError `type_mismatch`, `missing_key`, `missing_key_column`, `key_type`
   */
  write(write: TableWrite, at: CommitPoint): void {
    if (write.op === 'replace' || this.#fields.length === 0) {
      if (write.op === 'delete') return;
      this.#begin(write.fields, write.key);
    }
    if (write.op === 'delete') this.#delete(write, at);
    else this.#put(write, at);
  }

  #begin(fields: readonly Field[], key: readonly string[] | null): void {
    this.#fields = fitFields(this.name, fields, fields, false).fields;
    this.#key = key;
    this.#fitted = null;
    const types = fields.map((field) => field.type);
    this.#rows = key === null ? new PlainRows(types) : new KeyedRows(fields, this.keyColumns());
    this.#deletions =
      key === null || !this.#keepsDeletions
        ? null
        : new DeletionLog(this.keyColumns().map((column) => types[column]!));
  }

  cutDeletions(): RowsCut | null {
    return this.#deletions?.cut() ?? null;
  }

  /** Begins anew as the table of a cut, without its rows and deletions; they are given in their order. */
  restore({ fields, key, firstRow, slotCount }: TableShape): void {
    this.#begin(fields, key);
    if (this.#rows instanceof KeyedRows) this.#rows.slots.restore(slotCount);
    else this.#rows.restoreQueue(firstRow);
  }

  restoreDeletions(deleted: WrittenRows): void {
    this.#deletions?.restore(deleted);
  }

  /**
   * The key's columns, in its order.
   *
   * @throws TablecastError `missing_key_column`
   */
  keyColumns(): number[] {
    return (this.#key ?? []).map((name) => columnOf(this.name, this.#fields, name));
  }

  #put(write: TableWrite, at: CommitPoint): void {
    const { sources, lacking } = this.#fit(write.fields);
    for (const batch of write.batches) {
      const mapped = {
        rowCount: batch.rowCount,
        columns: sources.map((source) => (source < 0 ? undefined : batch.columns[source])),
      };
      if (this.#rows instanceof KeyedRows) this.#rows.upsert(mapped, lacking, at.version, at.timeMs);
      else this.#rows.append(mapped, at.version, at.timeMs);
    }
  }

  #fit(incoming: readonly Field[]): { sources: readonly number[]; lacking: readonly number[] } {
    let result = this.#fitted?.incoming === incoming ? this.#fitted.result : null;
    if (result === null || result.sources.length !== this.#fields.length) {
      result = fitFields(this.name, this.#fields, incoming, this.rowCount > 0);
      for (const field of result.fields.slice(this.#fields.length)) {
        if (this.#rows instanceof KeyedRows) this.#rows.addColumn(field.type);
        else this.#rows.log.addColumn(field.type);
      }
      this.#fields = result.fields;
      this.#fitted = { incoming, result };
    }
    const { sources } = result;
    return { sources, lacking: sources.flatMap((source, column) => (source < 0 ? [column] : [])) };
  }

  #delete(write: TableWrite, at: CommitPoint): void {
    if (!(this.#rows instanceof KeyedRows) || this.#key === null) {
      throw new TablecastError(
        'missing_key',
        `The table "${this.name}" has no key, so no row of it can be deleted.`,
      );
    }
    const sources = this.#key.map((name) => columnOf(this.name, write.fields, name));
    for (const batch of write.batches) {
      const keys = { rowCount: batch.rowCount, columns: sources.map((source) => batch.columns[source]) };
      const found = this.#rows.delete(keys);
      if (this.#deletions === null || found.length === 0) continue;
      this.#deletions.appendRows(keys, found, at.version, at.timeMs);
    }
  }

  /** For a viewer's replica: what the gateway's retention took from the front of a table without a key. */
  dropFirst(count: number): void {
    if (this.#rows instanceof PlainRows) this.#rows.dropFirst(count);
  }

  /** Applies retention; the number of rows that went. */
  trim(retention: Retention, at: CommitPoint): number {
    if (this.#rows instanceof PlainRows) return this.#rows.trim(retention, at.timeMs);
    const keys = this.#rows.trim(retention, at.timeMs);
    if (keys === null) return 0;
    this.#deletions?.append(keys, at.version, at.timeMs);
    return keys.rowCount;
  }

  /** Unix milliseconds at which the oldest row was written; null without rows. */
  oldestTimeMs(): number | null {
    return this.#rows.oldestTimeMs();
  }

  /** Work that may wait until the commit's writes are done, bounded by their size. */
  tidy(): void {
    if (this.#rows instanceof KeyedRows) this.#rows.tidy();
  }

  /** Rows `start .. end` in table order, of these columns. */
  read(columns: readonly number[], start: number, end: number): Batch[] {
    return this.#rows.read(columns, Math.max(0, start), Math.min(end, this.rowCount));
  }

  /** Rows written after the version and still there, in table order. */
  readAfter(columns: readonly number[], version: number): Batch[] {
    return this.#rows.readAfter(columns, version);
  }

  /** As {@link read}, in small batches that are made when they are asked for: for long answers to one reader. */
  readLazily(columns: readonly number[], start: number, end: number): LazyRows {
    return this.#rows.readLazily(columns, Math.max(0, start), Math.min(end, this.rowCount));
  }

  /** As {@link readAfter}, in small batches that are made when they are asked for. */
  readAfterLazily(columns: readonly number[], version: number): LazyRows {
    return this.#rows.readAfterLazily(columns, version);
  }

  /** The keys deleted after the version, oldest first; a key may stand there more than once, or be back by now. */
  deletedAfter(version: number): Batch[] {
    return this.#deletions?.readAfter(version) ?? [];
  }

  /** Forgets deletions up to the version, which nobody resumes from any more. */
  forgetDeletions(version: number): void {
    this.#deletions?.forgetThrough(version);
  }

  value(row: number, column: number): CellValue {
    const { vector, at } = this.#locate(row, column);
    return cellValue(this.#fields[column]!.type, vector, at);
  }

  text(row: number, column: number): string | null {
    const { vector, at } = this.#locate(row, column);
    return cellText(this.#fields[column]!.type, vector, at);
  }

  /**
   * Rows `start .. end` of a column as floats: NaN for null and for what is no number; times as epoch milliseconds. Not to be
   * written to, and to be copied where it is to outlast the next commit.
   */
  numbers(column: number, start: number, end: number): Float64Array {
    const rows = this.#rows;
    if (this.#keepsNumbers && rows instanceof KeyedRows && start === 0 && end === rows.rowCount) {
      if (this.#keptNumbers?.rows !== rows) this.#keptNumbers = new KeptNumbers(rows);
      return this.#keptNumbers.read(column, this.#fields[column]!.type);
    }
    const numbers = new Float64Array(Math.max(0, end - start));
    let at = 0;
    for (const batch of this.read([column], start, end)) {
      columnNumbers(this.#fields[column]!.type, batch.columns[0], batch.rowCount, numbers.subarray(at));
      at += batch.rowCount;
    }
    return numbers;
  }

  #locate(row: number, column: number): { vector: Vector | undefined; at: number } {
    const position = this.#rows.positionAt(row);
    return { vector: this.#rows.log.segmentAt(position).columns[column], at: position & (SEGMENT_ROWS - 1) };
  }
}
