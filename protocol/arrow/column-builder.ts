import type { Vector } from './vector.ts';

/** No source row: the built row is null. */
export const NO_ROW = -1;

/**
 * A growable column that is itself a {@link Vector}: whoever holds it sees the rows built so far, as long as no row is
 * taken back. Rows come from vectors of the same type: a range is copied as bytes, scattered rows one by one.
 */
export interface ColumnBuilder {
  readonly vector: Vector;
  /** Appends rows `start .. end` of the source; an absent source is null throughout. */
  appendRange(source: Vector | undefined, start: number, end: number): void;
  /** Appends the rows that `rows[from .. to]` names; {@link NO_ROW} for null. */
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void;
  appendNulls(count: number): void;
}
