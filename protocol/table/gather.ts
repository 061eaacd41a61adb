import { createColumnBuilder } from '../arrow/create-column-builder.ts';
import { type Batch, sliceVector, type Vector } from '../arrow/vector.ts';
import { type RowLog, type RowSource, SEGMENT_ROWS } from './row-log.ts';
import type { Segment } from './segment.ts';

/** A position that no row has. */
export const NO_POSITION = 0xffffffff;

/** Consecutive wanted rows that lie in one segment; `segment` is null for rows that are not there. */
interface Run {
  readonly segment: Pick<Segment, 'columns'> | null;
  readonly start: number;
  end: number;
  /** The rows follow one another in the segment as well, so they are copied as one range. */
  adjacent: boolean;
}

/** Bytes that one gathered batch holds, about: 32-bit offsets suffice for it in every column. */
const GATHERED_BYTES = 32 * 1024 * 1024;
const GATHERED_ROWS = 1 << 16;
/** Of a batch that is gathered when it is asked for: other work has its turn between. */
const LAZY_ROWS = 1 << 13;

/** The rows at these positions, in this order, as batches of a bounded size. */
export function gatherInSteps(log: RowLog, columns: readonly number[], positions: Uint32Array): Batch[] {
  const step = Math.min(GATHERED_ROWS, boundedRows(log));
  return [...gatherBy(log, columns, positions, step)];
}

/** As {@link gatherInSteps}, each batch when it is asked for, with the rows as they are now. */
export function gatherLazily(
  log: RowLog,
  columns: readonly number[],
  positions: Uint32Array,
): Generator<Batch, void> {
  return gatherBy(log.frozen(), columns, positions, Math.min(LAZY_ROWS, boundedRows(log)));
}

function boundedRows(log: RowLog): number {
  const bytesPerRow = Math.max(1, log.bytes / Math.max(1, log.rowCount));
  return Math.max(1, Math.floor(GATHERED_BYTES / bytesPerRow));
}

function* gatherBy(
  source: RowSource,
  columns: readonly number[],
  positions: Uint32Array,
  stepRows: number,
): Generator<Batch, void> {
  for (let start = 0; start < positions.length; start += stepRows)
    yield gather(source, columns, positions.subarray(start, start + stepRows));
}

/** The rows at these positions, in this order; null throughout for {@link NO_POSITION}. */
export function gather(log: RowSource, columns: readonly number[], positions: Uint32Array): Batch {
  const rows = new Int32Array(positions.length);
  for (let i = 0; i < rows.length; i++) {
    const position = positions[i]!;
    rows[i] = position === NO_POSITION ? -1 : position & (SEGMENT_ROWS - 1);
  }
  const runs = findRuns(log, positions, rows);
  return { rowCount: rows.length, columns: columns.map((column) => gatherColumn(log, column, rows, runs)) };
}

function findRuns(log: RowSource, positions: Uint32Array, rows: Int32Array): Run[] {
  const runs: Run[] = [];
  let last: Run | null = null;
  let lastKey = -2;
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!;
    const key = position === NO_POSITION ? -1 : position >>> 16;
    if (last !== null && key === lastKey) {
      last.end = i + 1;
      if (rows[i] !== rows[i - 1]! + 1) last.adjacent = false;
    } else {
      last = { segment: key === -1 ? null : log.segmentAt(position), start: i, end: i + 1, adjacent: true };
      lastKey = key;
      runs.push(last);
    }
  }
  return runs;
}

function gatherColumn(log: RowSource, column: number, rows: Int32Array, runs: readonly Run[]): Vector {
  const builder = createColumnBuilder(log.types[column]!, rows.length);
  for (const { segment, start, end, adjacent } of runs) {
    if (segment === null) builder.appendNulls(end - start);
    else if (adjacent) builder.appendRange(segment.columns[column], rows[start]!, rows[start]! + end - start);
    else builder.appendRows(segment.columns[column], rows, start, end);
  }
  return builder.vector;
}

/** Rows `from .. to` of a segment, sharing its bytes. */
export function readRange(segment: Segment, columns: readonly number[], from: number, to: number): Batch {
  return {
    rowCount: to - from,
    columns: columns.map((column) => {
      const source = segment.columns[column];
      return source === undefined || from === 0 ? source : sliceVector(source, from, to);
    }),
  };
}
