import 'regular-table';
import type { RegularTableElement } from 'regular-table/dist/esm/regular-table.js';
import type { Texts } from '../locales/en.ts';
import type { DrawCause, View } from '../render-scheduler.ts';
import type { TableReader } from '../table-reader.ts';
import { CellChanges } from './cell-changes.ts';
import { type Cell, copyText, rectangle } from './cell-selection.ts';
import { shownText } from './cell-text.ts';
import { ColumnWidths } from './column-widths.ts';
import { createHeaderContent } from './grid-header.ts';
import { bindGridInput, type GridInput } from './grid-input.ts';
import { type CellLook, setAttribute, styleGrid, styleGridSelection } from './grid-style.ts';
import { dropColumnStyles, headerColumns, measureDigitPx, UNSEEN_COLUMN_PX } from './regular-table-host.ts';
import { nextSort, orderRows, type Sort } from './row-order.ts';

export const ROW_PX = 26;
/** The header is as high as two rows; the scroll arithmetic of regular-table wants a whole number of them. */
const HEADER_ROWS = 2;

export interface GridViewOptions {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly read: () => TableReader | undefined;
  readonly texts: Texts;
}

/** A slice as regular-table asks for it: columns of cells, beside them what each cell is. */
interface Slice {
  num_rows: number;
  num_columns: number;
  num_column_headers: number;
  row_height: number;
  merge_headers: 'row';
  data: string[][];
  column_headers: HTMLElement[][];
  metadata: CellLook[][];
}

/**
 * One table as a virtual grid on regular-table, whose drawing it drives and whose ARIA and keyboard it is.
 * It draws when told to, or when the viewer scrolls, sorts or resizes. `data-draws` counts draws that a commit caused.
 */
export class GridView implements View {
  readonly table: string;
  readonly #options: GridViewOptions;
  readonly #element: RegularTableElement;
  readonly #widths: ColumnWidths;
  readonly #changes = new CellChanges();
  readonly #seenColumns = new Set<number>();
  readonly #input: GridInput;
  readonly #resizeObserver: ResizeObserver;
  #headers: HTMLElement[] = [];
  #schemaId = '';
  #sort: Sort | null = null;
  #order: Uint32Array | null = null;
  #flashes = false;
  #flashPhase: 0 | 1 = 0;
  /** Counts data draws; a slice that regular-table fetched before the last one is out of date. */
  #draws = 0;
  #sliceDraws = 0;
  #hasDrawn = false;
  #isClosed = false;

  constructor(options: GridViewOptions) {
    this.#options = options;
    this.table = options.table;
    this.#element = document.createElement('regular-table') as RegularTableElement;
    this.#element.className = 'grid';
    setAttribute(this.#element, 'role', 'grid');
    setAttribute(this.#element, 'aria-label', options.table);
    setAttribute(this.#element, 'aria-multiselectable', 'true');
    this.#element.dataset.draws = '0';
    options.parent.append(this.#element);
    this.#widths = new ColumnWidths(measureDigitPx(this.#element));
    this.#listen();
    this.#element.addStyleListener(() => this.#style());
    this.#resizeObserver = new ResizeObserver(() => void this.#resized());
    this.#resizeObserver.observe(this.#element);
    this.#input = bindGridInput({
      element: this.#element,
      rowPx: ROW_PX,
      headerRows: HEADER_ROWS,
      size: () => ({ rows: options.read()?.rowCount ?? 0, columns: this.#widths.count }),
      columnPx: (column) => (this.#seenColumns.has(column) ? this.#widths.px(column) : UNSEEN_COLUMN_PX),
      copy: (a, b) => this.#copy(a, b),
      sortBy: (column) => void this.#sortBy(column),
      selectionChanged: () => this.#styleSelection(),
    });
  }

  async draw(cause: DrawCause): Promise<void> {
    const table = this.#options.read();
    if (table === undefined || this.#isClosed) return;
    this.#takeSchema(table);
    this.#order = orderRows(table, this.#sort);
    setAttribute(this.#element, 'aria-rowcount', String(table.rowCount + 1));
    setAttribute(this.#element, 'aria-colcount', String(table.fields.length));
    if (cause.isData) {
      this.#changes.nextCommit(cause.droppedFirst);
      this.#flashes = true;
      this.#flashPhase = this.#flashPhase === 0 ? 1 : 0;
      this.#draws++;
    }
    if (this.#order === null && this.#element.scrollTop > 0)
      this.#element.scrollTop -= cause.droppedFirst * ROW_PX;
    await this.#redraw();
    this.#hasDrawn = true;
    this.#flashes = false;
    this.#element.dataset.draws = String(this.#draws);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#input.close();
    this.#resizeObserver.disconnect();
    dropColumnStyles(this.#element);
    this.#element.remove();
  }

  /** regular-table watches its columns but not its own size. */
  async #resized(): Promise<void> {
    if (this.#hasDrawn && !this.#isClosed) await this.#redraw();
  }

  /** Without regular-table's throttle a draw awaits nothing but microtasks: it is done within the frame. */
  async #redraw(): Promise<void> {
    await this.#element.draw({ throttle: false });
  }

  #takeSchema(table: TableReader): void {
    const schemaId = JSON.stringify(
      table.fields.map((field) => [field.name, field.type, [...field.metadata]]),
    );
    if (schemaId === this.#schemaId && (this.#widths.count > 0 || table.fields.length === 0)) return;
    this.#schemaId = schemaId;
    this.#headers = table.fields.map(createHeaderContent);
    this.#sort = null;
    this.#changes.forget();
    this.#widths.measure(table);
    this.#element.resetAutoSize();
    this.#listen();
    const sizes = table.fields.map((_, column) => [column, this.#widths.px(column)]);
    this.#element.restoreColumnSizes(Object.fromEntries(sizes));
    this.#seenColumns.clear();
  }

  #listen(): void {
    this.#element.setDataListener(async (x0, y0, x1, y1) => this.#slice(x0, y0, x1, y1), {
      virtual_mode: 'both',
      column_classes: true,
    } as never);
  }

  #slice(x0: number, y0: number, x1: number, y1: number): never {
    const table = this.#options.read();
    const rows = table?.rowCount ?? 0;
    const columns = table?.fields.length ?? 0;
    const slice: Slice = {
      num_rows: rows,
      num_columns: columns,
      num_column_headers: HEADER_ROWS,
      row_height: ROW_PX,
      merge_headers: 'row',
      data: [],
      column_headers: [],
      metadata: [],
    };
    this.#sliceDraws = this.#draws;
    for (let column = x0; column < Math.min(x1, columns); column++) {
      if (table !== undefined) this.#sliceColumn(slice, table, column, y0, Math.min(y1, rows));
    }
    // The library's types know cells as scalars only, though headers may be elements.
    return slice as never;
  }

  #sliceColumn(slice: Slice, table: TableReader, column: number, start: number, end: number): void {
    const field = table.fields[column]!;
    const format = field.metadata.get('format');
    const texts: string[] = [];
    const looks: CellLook[] = [];
    for (let row = start; row < end; row++) {
      const at = this.#tableRow(row);
      const exact = table.text(at, column);
      const text = exact === null ? this.#options.texts.nullCell : shownText(exact, field.type, format);
      const change = this.#changes.see(table, at, column, exact);
      if (this.#widths.fit(column, text.length)) this.#grow(column);
      texts.push(text);
      looks.push({
        row,
        column,
        isNull: exact === null,
        title: exact !== null && (text !== exact || text.length > 40) ? exact.slice(0, 2000) : null,
        change: this.#flashes ? change : null,
      });
    }
    slice.data.push(texts);
    slice.column_headers.push([this.#headers[column] ?? createHeaderContent(field)]);
    slice.metadata.push(looks);
  }

  #grow(column: number): void {
    const sizes = this.#element.saveColumnSizes();
    this.#element.restoreColumnSizes({
      ...sizes,
      [column]: Math.max(sizes[column] ?? 0, this.#widths.px(column)),
    });
  }

  #tableRow(viewRow: number): number {
    return this.#order?.[viewRow] ?? viewRow;
  }

  #style(): void {
    const table = this.#options.read();
    if (table === undefined || this.#isClosed) return;
    for (const column of headerColumns(this.#element)) this.#seenColumns.add(column);
    styleGrid(this.#element, { table, sort: this.#sort, flashPhase: this.#flashPhase });
    this.#styleSelection();
    if (this.#sliceDraws !== this.#draws) requestAnimationFrame(() => void this.#redraw());
  }

  #styleSelection(): void {
    styleGridSelection(this.#element, { ...this.#input.corners(), cellId: `cell-${this.table}` });
  }

  async #sortBy(column: number): Promise<void> {
    const table = this.#options.read();
    if (table === undefined) return;
    this.#sort = nextSort(this.#sort, column);
    this.#order = orderRows(table, this.#sort);
    await this.#redraw();
  }

  #copy(a: Cell, b: Cell): string | null {
    const table = this.#options.read();
    const area = rectangle(a, b);
    if (table === undefined || area.bottom < 0 || area.bottom >= table.rowCount) return null;
    return copyText(area, (row, column) => table.text(this.#tableRow(row), column));
  }
}
