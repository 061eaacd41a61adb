import { CellFlashes } from './cell-flashes.ts';
import { ColumnStrip, type StripColumn } from './column-strip.ts';
import type { CellLook } from './drawn-cell.ts';
import { columnsIn, type RowLook } from './drawn-row.ts';
import { DrawnRows } from './drawn-rows.ts';
import { HeaderRow } from './header-row.ts';
import { ScrollBars } from './scroll-bars.ts';
import { ScrollMap } from './scroll-map.ts';
import { setAttribute } from './set-attribute.ts';
import { createSurfaceElements, type SurfaceElements } from './surface-elements.ts';

export interface SurfaceColumn extends StripColumn {
  readonly header: HTMLTableCellElement;
}

export interface SurfaceContent {
  readonly rowCount: number;
  /** Rows that went before the first one: so far all others have moved up. */
  readonly goneRows: number;
  /** The cell that the keyboard is on; row −1 is the header. */
  readonly active: { readonly row: number; readonly column: number } | null;
  /** Asked for before the row's cells. */
  row(row: number): RowLook;
  cell(row: number, column: number): CellLook;
  /** Whether the row looks as it did at the last draw, so that one drawn then at this place may stay. */
  isSame(row: number): boolean;
}

export interface GridSurfaceOptions {
  readonly parent: HTMLElement;
  readonly label: string;
  readonly rowPx: number;
  readonly headerPx: number;
  /** Of the active cell. */
  readonly activeId: string;
  /** The viewer scrolled, or the surface has another size: draw anew. */
  readonly onMoved: (by: 'scroll' | 'size') => void;
}

/**
 * A table of any length and width of which only what is in view is in the page. A spacer gives the browser's own
 * scroll bars their range; the frame over it stays in place, and rows and columns are drawn into it. Rows have one height.
 */
export class GridSurface {
  readonly element: HTMLElement;
  readonly #options: GridSurfaceOptions;
  readonly #parts: SurfaceElements;
  readonly #rows: DrawnRows;
  readonly #header: HeaderRow;
  readonly #map = new ScrollMap();
  readonly #bars: ScrollBars;
  readonly #resizeObserver: ResizeObserver;
  readonly #flashes = new CellFlashes({
    nowMs: () => performance.now(),
    after: (delayMs, callback) => setTimeout(callback, delayMs),
  });
  #strip = new ColumnStrip([]);
  #widthPx = 0;
  #heightPx = 0;
  #drawnMove = '';
  #drawnXPx = Number.NaN;
  #drawnPlace = '';

  constructor(options: GridSurfaceOptions) {
    this.#options = options;
    this.#parts = createSurfaceElements(options.label);
    this.element = this.#parts.grid;
    const { activeId, rowPx } = options;
    this.#rows = new DrawnRows({ body: this.#parts.body, rowPx, activeId, flashes: this.#flashes });
    this.#header = new HeaderRow(this.#parts.headRow, options.activeId);
    options.parent.append(this.element);
    this.#measure(this.element.clientWidth, this.element.clientHeight);
    this.#bars = new ScrollBars({
      element: this.element,
      spacer: this.#parts.spacer,
      map: this.#map,
      onScroll: () => this.#scrolled(),
    });
    this.#resizeObserver = new ResizeObserver(() => {
      if (this.#measure(this.element.clientWidth, this.element.clientHeight)) options.onMoved('size');
    });
    this.#resizeObserver.observe(this.element);
  }

  /** In a view that became larger the browser moves the place to the new end, and tells of that before it tells of the size. */
  #scrolled(): void {
    if (this.#measure(this.element.clientWidth, this.element.clientHeight))
      this.#map.resizeView(this.#bodyPx);
    this.#options.onMoved('scroll');
  }

  close(): void {
    this.#resizeObserver.disconnect();
    this.#bars.close();
    this.#flashes.close();
    this.element.remove();
  }

  /** Whether the last row is in view. */
  get isAtEnd(): boolean {
    return this.#map.isAtEnd;
  }

  get isAtStart(): boolean {
    return this.#map.topPx === 0;
  }

  /** Whether all rows fit. */
  get isWhole(): boolean {
    return this.#map.maxTopPx === 0;
  }

  /** The first row in view, at least in part. */
  get firstRow(): number {
    return Math.floor(this.#map.topPx / this.#options.rowPx);
  }

  /** The first row that is wholly in view. */
  get firstWholeRow(): number {
    return Math.ceil(this.#map.topPx / this.#options.rowPx);
  }

  /** Whole rows in view. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#bodyPx / this.#options.rowPx));
  }

  get #bodyPx(): number {
    return Math.max(0, this.#heightPx - this.#options.headerPx);
  }

  setColumns(columns: readonly SurfaceColumn[]): void {
    this.#header.setHeaders(columns.map(({ header }) => header));
    this.#strip = new ColumnStrip(columns);
    this.#drawnPlace = '';
    setAttribute(this.element, 'aria-colcount', String(columns.length));
  }

  /** Rows were put in or taken out above the view: it goes with its rows. */
  moveByRows(rows: number, rowCount: number): void {
    this.#map.resize(rowCount * this.#options.rowPx, this.#bodyPx);
    this.#map.moveTo(this.#map.topPx + rows * this.#options.rowPx);
  }

  /** Goes to the last row, of so many. */
  moveToEnd(rowCount: number): void {
    this.#map.resize(rowCount * this.#options.rowPx, this.#bodyPx);
    this.#map.moveTo(this.#map.maxTopPx);
  }

  moveToStart(): void {
    this.#map.moveTo(0);
  }

  /** Brings a cell into view; −1 is the header. To be drawn thereafter. */
  reveal(row: number, column: number): void {
    const { rowPx } = this.#options;
    if (row >= 0) {
      const topPx = Math.min(row * rowPx, Math.max(this.#map.topPx, (row + 1) * rowPx - this.#bodyPx));
      this.#map.moveTo(topPx);
    }
    this.#bars.leftPx = this.#strip.scrollLeftFor(column, this.#bars.leftPx, this.#widthPx);
  }

  /** The cell at a point of the window, the nearest one where there is none. */
  cellAt(clientX: number, clientY: number): { readonly row: number; readonly column: number } {
    const box = this.element.getBoundingClientRect();
    const x = Math.max(0, Math.min(this.#widthPx - 1, clientX - box.left));
    const y = Math.max(0, Math.min(this.#bodyPx - 1, clientY - box.top - this.#options.headerPx));
    const column = this.#strip.columnAt(x, this.#bars.leftPx, this.#widthPx) ?? this.#strip.count - 1;
    return { row: Math.floor((y + this.#map.topPx) / this.#options.rowPx), column };
  }

  /** Scrolls by pixels, as when a drag leaves the view. */
  scrollBy(xPx: number, yPx: number): void {
    this.#map.moveTo(this.#map.topPx + yPx);
    this.#bars.leftPx = Math.max(0, this.#bars.leftPx + xPx);
  }

  draw(content: SurfaceContent): void {
    const { rowPx, headerPx } = this.#options;
    this.#map.resize(content.rowCount * rowPx, this.#bodyPx);
    setAttribute(this.element, 'aria-rowcount', String(content.rowCount + 1));
    const pinned = this.#strip.pinnedCount(this.#widthPx);
    const window = { pinned, ...this.#strip.visible(this.#bars.leftPx, this.#widthPx) };
    const columns = columnsIn(window);
    this.#header.draw(columns, window, this.#strip);
    const first = this.firstRow;
    const offsetPx = this.#map.topPx - first * rowPx;
    const left = Math.max(0, content.rowCount - first);
    const needed = Math.min(left, Math.ceil((this.#bodyPx + offsetPx) / rowPx));
    const place = `${pinned} ${columns.join()}`;
    const isInPlace = place === this.#drawnPlace;
    this.#drawnPlace = place;
    this.#rows.moveTo(first + content.goneRows);
    this.#rows.resize(this.#bodyPx === 0 ? 0 : needed, left);
    this.#rows.forEach((drawn, i) => {
      const row = first + i;
      if (isInPlace && drawn.row === row && content.isSame(row)) return;
      drawn.draw(row, content.row(row), columns, window, this.#strip, (at, column) =>
        content.cell(at, column),
      );
    });
    this.#move(-this.#bars.leftPx, headerPx - offsetPx - this.#rows.firstPx);
    this.#bars.settle(this.#strip.totalPx, this.#map.rangePx + headerPx);
    this.#nameActive(content, columns);
  }

  #move(xPx: number, yPx: number): void {
    const move = `${xPx}px, ${yPx}px`;
    if (move === this.#drawnMove) return;
    this.#drawnMove = move;
    this.#parts.body.style.transform = `translate(${move})`;
    if (xPx === this.#drawnXPx) return;
    this.#drawnXPx = xPx;
    this.#parts.headRow.style.transform = `translateX(${xPx}px)`;
    // All cells inherit it: to set it, if only to what it is, has the browser look at each one's style again.
    this.#parts.table.style.setProperty('--grid-x', `${xPx}px`);
  }

  /** Marks the active cell's header, and names the active cell to assistive technology while it is on screen. */
  #nameActive({ active }: SurfaceContent, columns: readonly number[]): void {
    const isHeader = active?.row === -1;
    this.#header.drawActive(isHeader ? active.column : null);
    const row = active === null ? -1 : active.row - this.firstRow;
    const isShown =
      active !== null &&
      columns.includes(active.column) &&
      (isHeader || (row >= 0 && row < this.#rows.count));
    setAttribute(this.element, 'aria-activedescendant', isShown ? this.#options.activeId : null);
  }

  #measure(widthPx: number, heightPx: number): boolean {
    if (widthPx === this.#widthPx && heightPx === this.#heightPx) return false;
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.#parts.frame.style.width = `${widthPx}px`;
    this.#parts.frame.style.height = `${heightPx}px`;
    return true;
  }
}
