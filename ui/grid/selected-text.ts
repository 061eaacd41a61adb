import { columnLabel } from '../../protocol/column-label.ts';
import { copyText, type Rectangle } from './cell-selection.ts';
import type { RowView } from './row-view/row-view.ts';
import type { Aggregate } from './row-view/view-spec.ts';
import type { GridColumn } from './state/grid-columns.ts';

export interface SelectedTextOptions {
  readonly area: Rectangle;
  readonly rows: RowView;
  readonly columnAt: (place: number) => GridColumn | undefined;
  readonly aggregates: readonly Aggregate[];
  readonly withHeaders: boolean;
}

/** The exact texts of a grid's cells, tab-separated; null where the area is too large to copy. */
export function selectedText({
  area,
  rows,
  columnAt,
  aggregates,
  withHeaders,
}: SelectedTextOptions): string | null {
  function textAt(row: number, place: number): string | null {
    const column = columnAt(place);
    if (column === undefined) return null;
    const line = rows.rowAt(row);
    if (line.type === 'row') return rows.text(row, column.index);
    const { name } = column.field;
    if (line.column === name) return line.text;
    return line.aggregates[aggregates.findIndex((aggregate) => aggregate.column === name)]?.text ?? null;
  }
  function headerAt(place: number): string {
    const column = columnAt(place);
    return column === undefined ? '' : columnLabel(column.field);
  }
  return copyText(area, textAt, withHeaders ? headerAt : null);
}
