import type { DataType } from '../arrow/data-type.ts';
import type { Batch } from '../arrow/vector.ts';
import type { Retention } from '../header.ts';
import { readRange } from './gather.ts';
import { rowBytes } from './row-bytes.ts';
import { type LazyRows, RowLog, SEGMENT_ROWS } from './row-log.ts';
import type { WrittenRows } from './rows-cut.ts';

/**
 * The rows of a table without a key: a queue. Rows come at the end and go from the front; a row's number since the table
 * began (`firstRow`, `endRow`) tells how many went between two versions.
 */
export class PlainRows {
  readonly log: RowLog;
  #firstRow = 0;
  #endRow = 0;
  #starts: number[] | null = null;

  constructor(types: readonly DataType[]) {
    this.log = new RowLog(types);
  }

  get rowCount(): number {
    return this.#endRow - this.#firstRow;
  }

  get firstRow(): number {
    return this.#firstRow;
  }

  get endRow(): number {
    return this.#endRow;
  }

  append(batch: Batch, version: number, timeMs: number): void {
    this.log.append(batch, version, timeMs);
    this.#endRow += batch.rowCount;
    this.#starts = null;
  }

  /** For an empty table: how many rows had come and gone, before the rows of a cut are restored. */
  restoreQueue(firstRow: number): void {
    this.#firstRow = firstRow;
    this.#endRow = firstRow;
  }

  restore({ batch, runs }: WrittenRows): void {
    this.log.appendRuns(batch, runs);
    this.#endRow += batch.rowCount;
    this.#starts = null;
  }

  dropFirst(count: number): void {
    let left = Math.min(count, this.rowCount);
    this.#firstRow += left;
    let whole = 0;
    for (const segment of this.log.segments) {
      if (left < segment.liveCount) {
        segment.firstRow += left;
        segment.liveCount -= left;
        break;
      }
      left -= segment.liveCount;
      segment.liveCount = 0;
      whole++;
    }
    if (whole > 0) this.log.dropEmptySegments();
    this.#starts = null;
  }

  /** Drops what retention no longer keeps; the number of rows that went. */
  trim(retention: Retention, nowMs: number): number {
    const before = this.rowCount;
    if (retention.max_rows !== undefined) this.dropFirst(before - Math.min(before, retention.max_rows));
    if (retention.max_age_ms !== undefined) this.dropFirst(this.#rowsBefore(nowMs - retention.max_age_ms));
    if (retention.max_bytes !== undefined) this.dropFirst(this.#rowsBeyond(retention.max_bytes));
    return before - this.rowCount;
  }

  /** Unix milliseconds at which the oldest row was written; null without rows. */
  oldestTimeMs(): number | null {
    const first = this.log.segments[0];
    return first === undefined ? null : first.timeMsOf(first.firstRow);
  }

  #rowsBefore(timeMs: number): number {
    let rows = 0;
    for (const segment of this.log.segments) {
      let row = segment.firstRow;
      while (row < segment.rowCount && segment.timeMsOf(row) <= timeMs) row = segment.runEnd(row);
      rows += row - segment.firstRow;
      if (row < segment.rowCount) break;
    }
    return rows;
  }

  /** How many rows must go from the front until the rest weighs at most `maxBytes`. */
  #rowsBeyond(maxBytes: number): number {
    const { segments, types } = this.log;
    let excess = -maxBytes;
    for (const segment of segments) excess += rowBytes(types, segment, segment.firstRow, segment.rowCount);
    let rows = 0;
    for (const segment of segments) {
      if (excess <= 0) return rows;
      const whole = rowBytes(types, segment, segment.firstRow, segment.rowCount);
      if (whole <= excess) {
        rows += segment.liveCount;
        excess -= whole;
        continue;
      }
      for (let row = segment.firstRow; excess > 0; row++) {
        excess -= rowBytes(types, segment, row, row + 1);
        rows++;
      }
    }
    return rows;
  }

  /** Rows `start .. end` in table order. */
  read(columns: readonly number[], start: number, end: number): Batch[] {
    const batches: Batch[] = [];
    let before = 0;
    for (const segment of this.log.segments) {
      const from = Math.max(segment.firstRow, segment.firstRow + start - before);
      const to = Math.min(segment.rowCount, segment.firstRow + end - before);
      if (from < to) batches.push(readRange(segment, columns, from, to));
      before += segment.liveCount;
      if (before >= end) break;
    }
    return batches;
  }

  /** Rows written after the version. */
  readAfter(columns: readonly number[], version: number): Batch[] {
    const batches: Batch[] = [];
    for (let i = this.log.segments.length - 1; i >= 0; i--) {
      const segment = this.log.segments[i]!;
      if (segment.lastVersion <= version) break;
      const from = segment.firstRowAfter(version);
      if (from < segment.rowCount) batches.unshift(readRange(segment, columns, from, segment.rowCount));
    }
    return batches;
  }

  readLazily(columns: readonly number[], start: number, end: number): LazyRows {
    return lazily(this.read(columns, start, end));
  }

  readAfterLazily(columns: readonly number[], version: number): LazyRows {
    return lazily(this.readAfter(columns, version));
  }

  /** Where row `row` of the table lies in the log. */
  positionAt(row: number): number {
    const { segments } = this.log;
    this.#starts ??= this.#findStarts();
    const starts = this.#starts;
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    const segment = segments[low]!;
    return segment.id * SEGMENT_ROWS + segment.firstRow + row - starts[low]!;
  }

  #findStarts(): number[] {
    let rows = 0;
    return this.log.segments.map((segment) => {
      rows += segment.liveCount;
      return rows - segment.liveCount;
    });
  }
}

/** These batches share the log's bytes already: there is nothing to put off. */
function lazily(batches: readonly Batch[]): LazyRows {
  return { rowCount: batches.reduce((rows, batch) => rows + batch.rowCount, 0), batches };
}
