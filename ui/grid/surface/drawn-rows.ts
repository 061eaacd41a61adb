import { DrawnRow, type DrawnRowOptions } from './drawn-row.ts';

export interface DrawnRowsOptions extends DrawnRowOptions {
  readonly body: HTMLElement;
  readonly rowPx: number;
}

/** When more rows than this part of all come into view, drawing all where they stand costs less than moving some. */
const MAX_MOVED_PART = 0.3;
/** Far from where coordinates begin browsers draw letters at the wrong place, by parts of a pixel. */
const MAX_ROWS_FROM_BASE = 1000;

/**
 * The rows on screen, in the page's order too. While the view goes over a few rows those that stay in it stay as they are: rows
 * that left at one end come in at the other.
 */
export class DrawnRows {
  readonly #options: DrawnRowsOptions;
  readonly #rows: DrawnRow[] = [];
  #first = 0;
  /** The row that stands at the body's top, or would. */
  #base = 0;

  constructor(options: DrawnRowsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** How far the body's top is above the first row on screen. */
  get firstPx(): number {
    return (this.#first - this.#base) * this.#options.rowPx;
  }

  /** The first row on screen is this one from here on, counted from any row that stays the same. */
  moveTo(first: number): void {
    const moved = first - this.#first;
    this.#first = first;
    if (moved === 0) return;
    if (Math.abs(moved) > this.#rows.length * MAX_MOVED_PART) this.#base += moved;
    else if (Math.abs(first - this.#base) > MAX_ROWS_FROM_BASE) this.#base = first;
    else if (moved > 0) this.#toEnd(this.#rows.splice(0, moved));
    else this.#toStart(this.#rows.splice(moved));
  }

  /** `needed` rows, or one more where there are so many: the next step of a scroll may need it again. */
  resize(needed: number, atMost: number): void {
    const isOneMore = needed > 0 && this.#rows.length === needed + 1 && needed < atMost;
    const count = isOneMore ? needed + 1 : needed;
    while (this.#rows.length > count) this.#rows.pop()!.remove();
    while (this.#rows.length < count) {
      const row = new DrawnRow(this.#options);
      this.#rows.push(row);
      this.#options.body.append(row.element);
    }
    this.#rows.forEach((drawn, i) => {
      drawn.place((this.#first - this.#base + i) * this.#options.rowPx);
    });
  }

  forEach(draw: (drawn: DrawnRow, index: number) => void): void {
    this.#rows.forEach(draw);
  }

  #toEnd(rows: readonly DrawnRow[]): void {
    this.#rows.push(...rows);
    this.#options.body.append(...rows.map(({ element }) => element));
  }

  #toStart(rows: readonly DrawnRow[]): void {
    this.#rows.unshift(...rows);
    this.#options.body.prepend(...rows.map(({ element }) => element));
  }
}
