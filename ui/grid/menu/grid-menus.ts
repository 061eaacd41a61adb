import type { LiveTable } from '../../../protocol/table/live-table.ts';
import type { Texts } from '../../locales/en.ts';
import { filterOf, type GridState, withFilter } from '../state/grid-state.ts';
import type { ColumnSummary } from '../statistics/column-summary.ts';
import { type SummaryWatch, watchSummary } from '../statistics/watch-summary.ts';
import { columnMenuItems } from './column-menu.ts';
import { openFilterForm } from './filter-form.ts';
import { gridMenuItems } from './grid-menu.ts';
import { openMenu } from './menu.ts';
import type { Popup } from './popup.ts';
import { createStatisticsSection } from './statistics-section.ts';

export interface GridMenusOptions {
  readonly host: HTMLElement;
  readonly texts: Texts;
  readonly read: () => LiveTable | undefined;
  readonly state: () => GridState;
  readonly change: (state: GridState) => void;
  /** The column can be moved by so many places. */
  readonly canMove: (column: string, by: -1 | 1) => boolean;
  readonly move: (column: string, by: -1 | 1) => void;
  readonly fitWidth: (column: string) => void;
  readonly selectColumn: (column: string) => void;
  readonly selectAll: () => void;
  readonly copyWithHeaders: () => void;
  /** Whether more than one column is shown. */
  readonly canHide: () => boolean;
}

/** A grid's menus and forms, one at a time. */
export class GridMenus {
  readonly #options: GridMenusOptions;
  #popup: Popup | null = null;
  #watch: SummaryWatch | null = null;

  constructor(options: GridMenusOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#popup !== null;
  }

  /** The table changed. */
  changed(): void {
    this.#watch?.changed();
  }

  close(): void {
    this.#popup?.close();
  }

  openColumn(column: string, anchor: DOMRect): void {
    const { host, texts, state, change, move } = this.#options;
    const field = this.#options.read()?.fields.find(({ name }) => name === column);
    if (field === undefined) return;
    this.close();
    const statistics = createStatisticsSection(field, texts);
    const items = columnMenuItems({
      column,
      type: field.type,
      state: state(),
      texts: texts.grid,
      canHide: this.#options.canHide(),
      canMoveLeft: this.#options.canMove(column, -1),
      canMoveRight: this.#options.canMove(column, 1),
      change,
      openFilter: () => this.openFilter(column, anchor),
      move: (by) => move(column, by),
      fitWidth: () => this.#options.fitWidth(column),
      selectColumn: () => this.#options.selectColumn(column),
    });
    const label = texts.grid.columnMenu(column);
    const popup = openMenu({
      host,
      anchor,
      label,
      items,
      below: statistics.element,
      onClose: () => this.#closed(),
    });
    this.#popup = popup;
    this.#watchColumn(column, (summary) => {
      statistics.show(summary);
      popup.place();
    });
  }

  openFilter(column: string, anchor: DOMRect): void {
    const { host, texts, state, change } = this.#options;
    const field = this.#options.read()?.fields.find(({ name }) => name === column);
    if (field === undefined) return;
    this.close();
    const form = openFilterForm({
      host,
      anchor,
      field,
      filter: filterOf(state(), column),
      texts,
      onFilter: (filter) => change(withFilter(state(), column, filter)),
      onClose: () => this.#closed(),
    });
    this.#popup = form;
    this.#watchColumn(column, form.show);
  }

  openGrid(anchor: DOMRect): void {
    const { host, texts, state, change, copyWithHeaders, selectAll } = this.#options;
    const fields = this.#options.read()?.fields ?? [];
    this.close();
    const items = gridMenuItems({
      fields,
      state: state(),
      texts: texts.grid,
      change,
      copyWithHeaders,
      selectAll,
    });
    this.#popup = openMenu({
      host,
      anchor,
      label: texts.grid.tableMenu,
      items,
      onClose: () => this.#closed(),
    });
  }

  #watchColumn(column: string, onSummary: (summary: ColumnSummary) => void): void {
    this.#watch = watchSummary({
      read: this.#options.read,
      column,
      nowMs: () => performance.now(),
      after: (delayMs, callback) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
      onSummary,
    });
  }

  #closed(): void {
    this.#watch?.close();
    this.#watch = null;
    this.#popup = null;
  }
}
