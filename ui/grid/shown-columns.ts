import type { Field } from '../../protocol/arrow/data-type.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { GridTexts } from '../locales/grid-texts.ts';
import { ColumnWidths, measureDigitPx } from './column-widths.ts';
import { GridHeaders } from './header/grid-headers.ts';
import { type GridColumn, gridColumns } from './state/grid-columns.ts';
import { chosenWidthPx, type GridState } from './state/grid-state.ts';
import type { GridSurface } from './surface/grid-surface.ts';

const ROW_NUMBER_PX = 76;

/** A grid's columns as its surface has them: which, in what order, how wide, below what headers. */
export class ShownColumns {
  readonly widths: ColumnWidths;
  readonly #surface: GridSurface;
  readonly #headers: GridHeaders;
  #columns: readonly GridColumn[] = [];
  #hasRowNumbers = false;
  #fields: readonly Field[] | null = null;
  #schemaId = '';

  constructor(surface: GridSurface, texts: GridTexts) {
    this.#surface = surface;
    this.#headers = new GridHeaders(texts);
    this.widths = new ColumnWidths(measureDigitPx(surface.element));
  }

  /** Without that of row numbers. */
  get list(): readonly GridColumn[] {
    return this.#columns;
  }

  /** Places in the view, that of row numbers included. */
  get placeCount(): number {
    return this.#columns.length + (this.#hasRowNumbers ? 1 : 0);
  }

  /** Answers whether the table has another schema than before; then the columns are to be chosen anew. */
  takeSchema(table: LiveTable): boolean {
    if (table.fields === this.#fields) return false;
    this.#fields = table.fields;
    const schemaId = JSON.stringify(
      table.fields.map(({ name, type, metadata }) => [name, type, [...metadata]]),
    );
    if (schemaId === this.#schemaId) return false;
    this.#schemaId = schemaId;
    this.#headers.setFields(table.fields);
    this.widths.measure(table);
    return true;
  }

  choose(table: LiveTable, state: GridState): void {
    this.#columns = gridColumns(table.fields, state);
    this.#hasRowNumbers = state.showsRowNumbers;
    this.widths.choose(table.fields.map(({ name }) => chosenWidthPx(state, name)));
    this.#headers.update(state);
    this.place();
  }

  /** Gives the surface the columns with their widths now. */
  place(): void {
    const columns = this.#columns.map((column) => ({
      header: this.#headers.of(column),
      widthPx: this.widths.px(column.index),
      isPinned: column.isPinned,
    }));
    const numbers = { header: this.#headers.numbers, widthPx: ROW_NUMBER_PX, isPinned: true };
    this.#surface.setColumns(this.#hasRowNumbers ? [numbers, ...columns] : columns);
  }
}
