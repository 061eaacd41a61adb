export interface StripColumn {
  readonly widthPx: number;
  readonly isPinned: boolean;
}

/** Pinned columns take at most this part of the view's width; those beyond it scroll with the others. */
const MAX_PINNED_PART = 0.6;

/** Columns side by side, pinned ones first: where each begins, and which are in view. Pixels from the content's left. */
export class ColumnStrip {
  readonly #columns: readonly StripColumn[];
  readonly #leftsPx: Float64Array;
  readonly totalPx: number;

  constructor(columns: readonly StripColumn[]) {
    this.#columns = columns;
    this.#leftsPx = new Float64Array(columns.length);
    let leftPx = 0;
    columns.forEach((column, i) => {
      this.#leftsPx[i] = leftPx;
      leftPx += column.widthPx;
    });
    this.totalPx = leftPx;
  }

  get count(): number {
    return this.#columns.length;
  }

  leftPx(column: number): number {
    return this.#leftsPx[column] ?? this.totalPx;
  }

  widthPx(column: number): number {
    return this.#columns[column]?.widthPx ?? 0;
  }

  /** How many columns, from the first on, stay in place in a view of this width. */
  pinnedCount(viewPx: number): number {
    let count = 0;
    while (
      this.#columns[count]?.isPinned === true &&
      this.leftPx(count) + this.widthPx(count) <= viewPx * MAX_PINNED_PART
    )
      count++;
    return count;
  }

  /** The columns in view that are not pinned: `start .. end`. */
  visible(scrollLeftPx: number, viewPx: number): { readonly start: number; readonly end: number } {
    const pinned = this.pinnedCount(viewPx);
    const fromPx = scrollLeftPx + this.leftPx(pinned);
    let start = pinned;
    while (start < this.count - 1 && this.leftPx(start) + this.widthPx(start) <= fromPx) start++;
    let end = start;
    while (end < this.count && this.leftPx(end) < scrollLeftPx + viewPx) end++;
    return { start, end };
  }

  /** The scroll position nearest to this one at which the column is wholly in view. */
  scrollLeftFor(column: number, scrollLeftPx: number, viewPx: number): number {
    const pinned = this.pinnedCount(viewPx);
    if (column < pinned) return scrollLeftPx;
    const leftPx = this.leftPx(column);
    const atLeastPx = leftPx + this.widthPx(column) - viewPx;
    const atMostPx = leftPx - this.leftPx(pinned);
    return Math.min(atMostPx, Math.max(atLeastPx, scrollLeftPx));
  }

  /** The column at this place of the view; null where there is none. */
  columnAt(viewXPx: number, scrollLeftPx: number, viewPx: number): number | null {
    const pinned = this.pinnedCount(viewPx);
    const contentPx = viewXPx < this.leftPx(pinned) ? viewXPx : viewXPx + scrollLeftPx;
    for (let column = 0; column < this.count; column++) {
      if (contentPx < this.leftPx(column) + this.widthPx(column)) return contentPx < 0 ? null : column;
    }
    return null;
  }
}
