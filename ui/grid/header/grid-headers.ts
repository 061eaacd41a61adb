import type { Field } from '../../../protocol/arrow/data-type.ts';
import { columnLabel } from '../../../protocol/column-label.ts';
import type { GridTexts } from '../../locales/grid-texts.ts';
import { aggregatesOf, type GridColumn } from '../state/grid-columns.ts';
import { filterOf, type GridState, sortDirection } from '../state/grid-state.ts';
import { type ColumnHeader, createColumnHeader, createNumbersHeader } from './column-header.ts';

/** The headers of a table's columns, made once and kept up with the viewer's choices. */
export class GridHeaders {
  readonly numbers: HTMLTableCellElement;
  readonly #texts: GridTexts;
  #fields: readonly Field[] = [];
  #headers: readonly ColumnHeader[] = [];

  constructor(texts: GridTexts) {
    this.#texts = texts;
    this.numbers = createNumbersHeader(texts.rowNumber);
  }

  setFields(fields: readonly Field[]): void {
    this.#fields = fields;
    this.#headers = fields.map((field) =>
      createColumnHeader(field, this.#texts.columnMenu(columnLabel(field))),
    );
  }

  of(column: GridColumn): HTMLTableCellElement {
    return this.#headers[column.index]!.element;
  }

  update(state: GridState): void {
    const aggregates = state.groupBy.length === 0 ? [] : aggregatesOf(this.#fields, state);
    this.#fields.forEach((field, index) => {
      this.#headers[index]!.update({
        sort: sortDirection(state, field.name),
        sortPlace: state.sort.findIndex((sort) => sort.column === field.name),
        sortCount: state.sort.length,
        isFiltered: filterOf(state, field.name) !== null,
        aggregate: aggregates.find(({ column }) => column === field.name)?.fn ?? null,
        timeZone: state.timeZone,
      });
    });
  }
}
