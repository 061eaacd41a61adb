import type { IdArray, Kept } from './id-index.ts';

/**
 * The numbers of several columns by row id, those of a row side by side: rows are written in any order, and a row's numbers
 * are needed together, so that a row costs one or two cache lines rather than two for each column.
 */
export class NumberCells implements IdArray {
  /** Columns. */
  readonly width: number;
  /** By id times the width, plus the column's offset. */
  values: Float64Array = new Float64Array(0);
  /** As {@link values}: 1 where there is a value. */
  isThere: Uint8Array = new Uint8Array(0);

  constructor(width: number) {
    this.width = width;
  }

  get bytes(): number {
    return this.values.byteLength + this.isThere.byteLength;
  }

  resize(capacity: number, kept?: Kept): void {
    const { values, isThere, width } = this;
    this.values = new Float64Array(capacity * width);
    this.isThere = new Uint8Array(capacity * width);
    if (kept === undefined) return;
    for (let i = 0; i < kept.count; i++) {
      const id = kept.first + i;
      const from = (id & kept.mask) * width;
      const to = (id & (capacity - 1)) * width;
      for (let column = 0; column < width; column++) {
        this.values[to + column] = values[from + column]!;
        this.isThere[to + column] = isThere[from + column]!;
      }
    }
  }

  renumber(renumbered: Uint32Array): void {
    const { values, isThere, width } = this;
    const count = Math.min(values.length / Math.max(1, width), renumbered.length);
    for (let id = 0; id < count; id++) {
      const to = renumbered[id]!;
      if (to >= id) continue;
      values.copyWithin(to * width, id * width, (id + 1) * width);
      isThere.copyWithin(to * width, id * width, (id + 1) * width);
    }
  }
}
