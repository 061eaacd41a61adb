import type { CellFlashes } from './cell-flashes.ts';
import type { ColumnStrip } from './column-strip.ts';
import { type CellLook, DrawnCell } from './drawn-cell.ts';

/** The columns on screen: those pinned, `0 .. pinned`, and of the others `start .. end`. */
export interface ColumnWindow {
  readonly pinned: number;
  readonly start: number;
  readonly end: number;
}

export function columnsIn({ pinned, start, end }: ColumnWindow): number[] {
  const columns: number[] = [];
  for (let column = 0; column < pinned; column++) columns.push(column);
  for (let column = start; column < end; column++) columns.push(column);
  return columns;
}

/** The class, with a space before it, that keeps a column in place; the last one casts the edge. */
export function pinClass(column: number, { pinned }: ColumnWindow): string {
  if (column >= pinned) return '';
  return column === pinned - 1 ? ' is-pinned is-pin-edge' : ' is-pinned';
}

export interface RowLook {
  /** Which row it is, wherever it stands. */
  readonly id: string;
  readonly className: string;
}

export interface DrawnRowOptions {
  /** Of whichever cell is active. */
  readonly activeId: string;
  readonly flashes: CellFlashes;
}

/** A row on screen that is drawn again and again. */
export class DrawnRow {
  readonly element = document.createElement('tr');
  readonly #cells: DrawnCell[] = [];
  readonly #options: DrawnRowOptions;
  #topPx = Number.NaN;
  #row = -1;
  #id = '';

  constructor(options: DrawnRowOptions) {
    this.#options = options;
    this.element.setAttribute('role', 'row');
  }

  /** Pixels from the body's top. */
  place(topPx: number): void {
    if (topPx === this.#topPx) return;
    this.#topPx = topPx;
    this.element.style.top = `${topPx}px`;
  }

  /** The row drawn last; −1 before the first. */
  get row(): number {
    return this.#row;
  }

  /** `columns` is what {@link columnsIn} makes of the window. */
  draw(
    row: number,
    look: RowLook,
    columns: readonly number[],
    window: ColumnWindow,
    strip: ColumnStrip,
    cell: (row: number, column: number) => CellLook,
  ): void {
    if (row !== this.#row) this.element.setAttribute('aria-rowindex', String(row + 2));
    this.#row = row;
    if (this.element.className !== look.className) this.element.className = look.className;
    if (look.id !== this.#id) for (const drawn of this.#cells) drawn.endFlash();
    this.#id = look.id;
    this.#resize(columns.length);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const drawn = this.#cells[i]!;
      drawn.place(column, strip.leftPx(column), strip.widthPx(column));
      drawn.draw(cell(row, column), pinClass(column, window));
    }
  }

  remove(): void {
    this.#resize(0);
    this.element.remove();
  }

  #resize(count: number): void {
    while (this.#cells.length > count) this.#cells.pop()!.remove();
    while (this.#cells.length < count) {
      const cell = new DrawnCell(this.#options);
      this.#cells.push(cell);
      this.element.append(cell.element);
    }
  }
}
