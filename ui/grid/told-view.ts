import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { ShownView } from '../shell/shown-view.ts';
import type { RowView } from './row-view/row-view.ts';
import type { GridColumn } from './state/grid-columns.ts';

export interface ToldViewOptions {
  readonly rows: RowView;
  /** Brings the rows to the table's present version. */
  readonly refresh: () => void;
  /** Null for the whole table as it is. Called where it differs from the last time. */
  readonly onShown: (view: ShownView | null) => void;
}

/** Tells others what of its table a grid shows. */
export class ToldView {
  readonly #options: ToldViewOptions;
  #told = '';

  constructor(options: ToldViewOptions) {
    this.#options = options;
  }

  tell(table: LiveTable, shown: readonly GridColumn[]): void {
    const { rows, refresh, onShown } = this.#options;
    const columns = shown.map(({ index }) => index);
    const hasAll = columns.length === table.fields.length && columns.every((column, i) => column === i);
    const isWhole = hasAll && rows.isPlain && !rows.isBuilding;
    const told = isWhole ? '' : `${columns.join()} ${rows.matchCount} ${rows.isBuilding}`;
    if (told === this.#told) return;
    this.#told = told;
    onShown(
      isWhole
        ? null
        : {
            columns,
            rowCount: rows.matchCount,
            isArranging: rows.isBuilding,
            rows() {
              refresh();
              return rows.matchingRows();
            },
          },
    );
  }
}
