import type { ReadonlySignal } from '@preact/signals-core';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { Texts } from '../locales/en.ts';
import { activeParts } from './bar/active-parts.ts';
import { GridBar } from './bar/grid-bar.ts';
import { PassingMessage } from './bar/passing-message.ts';
import { bindSearchKey } from './bar/search-key.ts';
import { type Cell, cellCount, type GridSelection, MAX_COPIED_CELLS } from './cell-selection.ts';
import { bindGridClipboard, type GridClipboard } from './clipboard.ts';
import { ColumnActions, type ColumnActionsOptions } from './column-actions.ts';
import { bindGridKeys } from './grid-input.ts';
import { bindGridPointer } from './grid-pointer.ts';
import { bindHeaderInput } from './header/header-input.ts';
import { GridMenus } from './menu/grid-menus.ts';
import type { RowView } from './row-view/row-view.ts';
import { selectedText } from './selected-text.ts';
import { aggregatesOf } from './state/grid-columns.ts';
import { withExpanded } from './state/grid-state.ts';
import type { GridSurface } from './surface/grid-surface.ts';

export interface GridControlsOptions extends ColumnActionsOptions {
  /** Menus are put into it. */
  readonly parent: HTMLElement;
  readonly bar: HTMLElement;
  readonly table: string;
  readonly texts: Texts;
  /** Whether `/` searches, wherever the focus is. */
  readonly hasSearchKey: ReadonlySignal<boolean>;
  readonly surface: GridSurface;
  readonly selection: GridSelection;
  readonly rows: RowView;
  /** The viewer went elsewhere in the grid. */
  readonly moved: () => void;
  readonly selected: () => void;
  readonly redraw: () => void;
}

/** All by which a viewer works a grid: keyboard, pointer, clipboard, menus, and the bar above it. */
export class GridControls {
  readonly #options: GridControlsOptions;
  readonly #columns: ColumnActions;
  readonly #menus: GridMenus;
  readonly #bar: GridBar;
  readonly #clipboard: GridClipboard;
  readonly #ends: readonly (() => void)[];
  readonly #message: PassingMessage;
  #drawnBar = '';

  constructor(options: GridControlsOptions) {
    const { surface, state, change } = options;
    this.#options = options;
    this.#columns = new ColumnActions(options);
    this.#message = new PassingMessage(options.redraw);
    this.#menus = this.#createMenus();
    this.#bar = new GridBar({
      parent: options.bar,
      table: options.table,
      texts: options.texts,
      onState: change,
      onSearch: (search) => {
        if (search !== state().search) change({ ...state(), search });
      },
      onFilterPart: (column, anchor) => this.#menus.openFilter(column, anchor),
      openMenu: (anchor) => this.#menus.openGrid(anchor),
      leave: () => surface.element.focus(),
    });
    this.#clipboard = bindGridClipboard(surface.element, (withHeaders) => this.#copied(withHeaders));
    this.#ends = [
      this.#bindKeys(),
      this.#bindPointer(),
      this.#bindHeaders(),
      bindSearchKey(options.hasSearchKey, () => {
        if (!this.#menus.isOpen) this.#bar.focusSearch();
      }),
    ];
  }

  /** The table changed. */
  changed(): void {
    this.#menus.changed();
  }

  draw(table: LiveTable): void {
    const { rows, texts, state, hasSearchKey } = this.#options;
    const { filters, search } = state();
    const content = {
      parts: activeParts(table.fields, state(), rows.problems, texts),
      search,
      shown: filters.length > 0 || search !== '' ? { rows: rows.matchCount, all: table.rowCount } : null,
      isArranging: rows.isBuilding,
      message: this.#message.text,
      hasSearchKey: hasSearchKey.peek(),
    };
    const drawn = JSON.stringify(content);
    if (drawn === this.#drawnBar) return;
    this.#drawnBar = drawn;
    this.#bar.draw(content);
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#message.close();
    this.#menus.close();
    this.#clipboard.close();
    this.#bar.close();
  }

  #createMenus(): GridMenus {
    const { parent, texts, read, state, change } = this.#options;
    return new GridMenus({
      host: parent,
      texts,
      read,
      state,
      change,
      canMove: (column, by) => this.#columns.canStep(column, by),
      move: (column, by) => this.#columns.step(column, by),
      fitWidth: (column) => this.#columns.fit(this.#columns.placeOf(column)),
      selectColumn: (column) => {
        const place = this.#columns.placeOf(column);
        this.#select({ row: 0, column: place }, { row: this.#options.rows.rowCount - 1, column: place });
      },
      selectAll: () =>
        this.#select(
          { row: 0, column: 0 },
          { row: this.#options.rows.rowCount - 1, column: this.#columns.count - 1 },
        ),
      copyWithHeaders: () => this.#clipboard.copy(true),
      canHide: () => this.#options.columns().length > 1,
    });
  }

  #size() {
    const { rows, surface } = this.#options;
    return {
      rows: rows.rowCount,
      columns: this.#columns.count,
      pageRows: Math.max(1, surface.pageRows - 1),
    };
  }

  #bindKeys(): () => void {
    const { surface, selection, redraw } = this.#options;
    return bindGridKeys(surface.element, selection, {
      size: () => this.#size(),
      moveTo: (cell, isExtended) => this.#goTo(cell, isExtended),
      selectionChanged: redraw,
      sortBy: (place, isAlso) => this.#columns.sortBy(place, isAlso),
      widen: (place, stepPx) => this.#columns.resize(place, this.#columns.widthPx(place) + stepPx),
      openMenu: (place) => this.#openMenu(place),
      setExpanded: (row, isExpanded) => this.#setExpanded(row, isExpanded),
      copyWithHeaders: () => this.#clipboard.copy(true),
      firstCell: () => this.#firstCell(),
    });
  }

  #bindPointer(): () => void {
    const { surface, selection, moved, selected, redraw } = this.#options;
    return bindGridPointer({
      surface,
      selection,
      hasRowNumbers: () => this.#columns.first > 0,
      size: () => this.#size(),
      toggleGroup: (row) => this.#setExpanded(row, null),
      selectionChanged: () => {
        selected();
        redraw();
      },
      onMoved: () => {
        moved();
        redraw();
      },
    });
  }

  #bindHeaders(): () => void {
    return bindHeaderInput({
      element: this.#options.surface.element,
      widthPx: (place) => this.#columns.widthPx(place),
      resize: (place, widthPx) => this.#columns.resize(place, widthPx),
      fit: (place) => this.#columns.fit(place),
      openMenu: (place) => this.#openMenu(place),
      sortBy: (place, isAlso) => this.#columns.sortBy(place, isAlso),
      canMove: (place) => this.#columns.canDrag(place),
      move: (place, target, isAfter) => this.#columns.drag(place, target, isAfter),
    });
  }

  #firstCell(): Cell | null {
    const { rows, surface } = this.#options;
    if (this.#columns.count === 0) return null;
    return { row: Math.min(surface.firstWholeRow, rows.rowCount - 1), column: 0 };
  }

  #goTo(cell: Cell, isExtended: boolean): void {
    const { selection, surface, moved, selected, redraw } = this.#options;
    selection.moveTo(cell, isExtended);
    surface.reveal(cell.row, cell.column);
    moved();
    selected();
    redraw();
  }

  #openMenu(place: number): void {
    const { surface, redraw } = this.#options;
    const column = this.#columns.at(place);
    if (column === undefined) return;
    surface.reveal(-1, place);
    redraw();
    const header = surface.element.querySelector(`th[aria-colindex="${place + 1}"]`);
    if (header !== null) this.#menus.openColumn(column.field.name, header.getBoundingClientRect());
  }

  #setExpanded(row: number, isExpanded: boolean | null): boolean {
    const { rows, state, change } = this.#options;
    const line = row < rows.rowCount ? rows.rowAt(row) : null;
    if (line?.type !== 'group' || line.isExpanded === isExpanded) return false;
    change(withExpanded(state(), line.path, !line.isExpanded));
    return true;
  }

  #select(anchor: Cell, head: Cell): void {
    const { selection, surface, redraw } = this.#options;
    selection.select(anchor, head);
    surface.element.focus();
    redraw();
  }

  #copied(withHeaders: boolean): string | null {
    const { selection, rows, read, state, texts } = this.#options;
    const { area: selected } = selection;
    const table = read();
    if (selected === null || table === undefined || rows.rowCount === 0) return null;
    const left = Math.max(selected.left, this.#columns.first);
    const right = Math.max(left, selected.right);
    const area = { ...selected, left, right, bottom: Math.min(selected.bottom, rows.rowCount - 1) };
    const aggregates = aggregatesOf(table.fields, state());
    const columnAt = (place: number) => this.#columns.at(place);
    const text = selectedText({ area, rows, columnAt, aggregates, withHeaders });
    this.#message.say(
      text === null
        ? texts.grid.tooLargeToCopy(cellCount(area), MAX_COPIED_CELLS)
        : texts.grid.copiedCells(area.bottom - area.top + 1, area.right - area.left + 1),
    );
    return text;
  }
}
