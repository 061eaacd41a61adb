import { createColumnBuilder } from '../arrow/create-column-builder.ts';
import type { DataType } from '../arrow/data-type.ts';
import { type Batch, byteLengthOf, sliceVector, type Vector } from '../arrow/vector.ts';
import { type RowLog, SEGMENT_ROWS } from './row-log.ts';
import type { WrittenRun } from './segment.ts';

/** Rows of a row log in the order in which they were written, with what the log knows of each. */
export interface WrittenRows {
  readonly batch: Batch;
  /** Together as long as the batch. */
  readonly runs: readonly WrittenRun[];
  /** The slot of each row; null where the table has no key. */
  readonly slots: Uint32Array | null;
}

interface SegmentCut {
  readonly firstPosition: number;
  readonly columns: readonly (Vector | undefined)[];
  readonly firstRow: number;
  readonly rowCount: number;
  readonly slots: Uint32Array;
  runAt(row: number): { readonly version: number; readonly timeMs: number; readonly end: number };
}

/**
 * The live rows of a row log as they are now, whatever is written later: rows never change, so only the numbers that
 * say which of them live are copied.
 */
export class RowsCut {
  readonly #types: readonly DataType[];
  readonly #segments: readonly SegmentCut[];
  readonly #positions: Uint32Array | null;

  /** `positions` by slot, where the table has a key. */
  constructor(log: RowLog, positions: Uint32Array | null) {
    this.#types = [...log.types];
    this.#positions = positions?.slice() ?? null;
    this.#segments = log.segments.map((segment) => ({
      firstPosition: segment.id * SEGMENT_ROWS,
      columns: segment.columns,
      firstRow: segment.firstRow,
      rowCount: segment.rowCount,
      slots: positions === null ? segment.slots : segment.slots.slice(0, segment.rowCount),
      runAt: segment.cutRuns(),
    }));
  }

  /** In pieces of about `pieceBytes`, each made when it is asked for. */
  *pieces(pieceBytes: number): Generator<WrittenRows, void> {
    for (const segment of this.#segments) {
      const bytes = segment.columns.reduce(
        (sum, column) => sum + byteLengthOf(column, 0, segment.rowCount),
        1,
      );
      const step = Math.max(8, Math.floor((segment.rowCount * pieceBytes) / bytes / 8) * 8);
      for (let start = segment.firstRow; start < segment.rowCount; start += step) {
        const piece = this.#piece(segment, start, Math.min(start + step, segment.rowCount));
        if (piece.batch.rowCount > 0) yield piece;
      }
    }
  }

  #piece(segment: SegmentCut, start: number, end: number): WrittenRows {
    const rows = this.#liveRows(segment, start, end);
    const { columns } = segment;
    const isWhole = rows.length === end - start;
    return {
      batch: {
        rowCount: rows.length,
        columns: this.#types.map((type, i) =>
          isWhole ? sliced(columns[i], start, end) : gathered(type, columns[i], rows),
        ),
      },
      runs: runsOf(segment, rows),
      slots: this.#positions === null ? null : slotsOf(segment, rows),
    };
  }

  #liveRows({ slots, firstPosition }: SegmentCut, start: number, end: number): Int32Array {
    const rows = new Int32Array(end - start);
    let count = 0;
    for (let row = start; row < end; row++)
      if (this.#positions === null || this.#positions[slots[row]!] === firstPosition + row)
        rows[count++] = row;
    return rows.subarray(0, count);
  }
}

function sliced(column: Vector | undefined, start: number, end: number): Vector | undefined {
  return column === undefined ? undefined : sliceVector(column, start, end);
}

function gathered(type: DataType, column: Vector | undefined, rows: Int32Array): Vector {
  const builder = createColumnBuilder(type, rows.length);
  builder.appendRows(column, rows, 0, rows.length);
  return builder.vector;
}

function slotsOf({ slots }: SegmentCut, rows: Int32Array): Uint32Array {
  const own = new Uint32Array(rows.length);
  for (let i = 0; i < own.length; i++) own[i] = slots[rows[i]!]!;
  return own;
}

function runsOf(segment: SegmentCut, rows: Int32Array): WrittenRun[] {
  const runs: WrittenRun[] = [];
  for (let i = 0; i < rows.length; ) {
    const { version, timeMs, end } = segment.runAt(rows[i]!);
    const first = i;
    while (i < rows.length && rows[i]! < end) i++;
    runs.push({ rows: i - first, version, timeMs });
  }
  return runs;
}
