import { effect, type ReadonlySignal } from '@preact/signals-core';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { Texts } from '../locales/en.ts';
import type { DrawCause, View } from '../render-scheduler.ts';
import type { ShownView } from '../shell/shown-view.ts';
import { AfterOthers } from './after-others.ts';
import { GridSelection } from './cell-selection.ts';
import { CellChanges } from './cells/cell-changes.ts';
import { type CellMarks, NO_MARKS } from './cells/cell-marks.ts';
import { GridCells, type GridCellsOptions } from './cells/grid-cells.ts';
import { EndFollower } from './end-follower.ts';
import { GridControls } from './grid-controls.ts';
import { RowHold } from './row-hold.ts';
import { RowView } from './row-view/row-view.ts';
import { ShownColumns } from './shown-columns.ts';
import { aggregatesOf, viewSpec } from './state/grid-columns.ts';
import { type GridState, PLAIN_STATE } from './state/grid-state.ts';
import { KeptState } from './state/kept-state.ts';
import type { StoredStates } from './state/stored-states.ts';
import { GridSurface } from './surface/grid-surface.ts';
import { ToldView } from './told-view.ts';

const ROW_PX = 26;
const HEADER_PX = 2 * ROW_PX;

export interface GridViewOptions {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly read: () => LiveTable | undefined;
  readonly texts: Texts;
  /** Where the viewer's choices are kept. */
  readonly states: StoredStates;
  /** Whether the table's rows are appended: then the view follows its end. */
  readonly isAppended: ReadonlySignal<boolean>;
  /** Whether `/` searches, wherever the focus is. */
  readonly hasSearchKey: ReadonlySignal<boolean>;
  /** What of the table is shown; null for all of it, as it is. */
  readonly onShown: (view: ShownView | null) => void;
  /** Unlike that of other grids of the table on the page. */
  readonly id?: string;
  readonly marks?: CellMarks;
}

/**
 * One table as a grid, which draws what is in view alone. It draws when told to, or when the viewer scrolls, chooses or
 * resizes. `data-draws` of the grid's element counts draws that a commit caused.
 */
export class GridView implements View {
  readonly table: string;
  readonly #options: GridViewOptions;
  readonly #holder: HTMLElement;
  readonly #surface: GridSurface;
  readonly #columns: ShownColumns;
  readonly #changes = new CellChanges();
  readonly #selection = new GridSelection();
  readonly #rows: RowView;
  readonly #afterOthers = new AfterOthers();
  readonly #follower: EndFollower;
  readonly #hold: RowHold;
  readonly #controls: GridControls;
  readonly #state: KeptState;
  readonly #told: ToldView;
  readonly #stopFollowing: () => void;
  #specId = '';
  #draws = 0;
  #isClosed = false;

  constructor(options: GridViewOptions) {
    const { parent, table, texts, read } = options;
    this.#options = options;
    this.table = table;
    this.#state = new KeptState(table, options.states);
    this.#rows = new RowView({
      read,
      nowMs: () => performance.now(),
      schedule: (slice) => this.#afterOthers.call(slice),
      onReady: () => requestAnimationFrame(() => this.#redraw()),
    });
    this.#told = new ToldView({
      rows: this.#rows,
      refresh: () => this.#redraw(),
      onShown: options.onShown,
    });
    this.#holder = document.createElement('div');
    this.#holder.className = 'grid-holder';
    const bar = document.createElement('div');
    parent.append(bar, this.#holder);
    this.#surface = this.#createSurface();
    this.#columns = new ShownColumns(this.#surface, texts.grid);
    this.#follower = new EndFollower({
      parent: this.#holder,
      texts: texts.grid,
      jump: () => this.#jumpToEnd(),
    });
    this.#hold = new RowHold({
      rows: this.#rows,
      surface: this.#surface,
      selection: this.#selection,
      follower: this.#follower,
    });
    this.#controls = new GridControls({
      parent,
      bar,
      table,
      texts,
      hasSearchKey: options.hasSearchKey,
      read,
      surface: this.#surface,
      selection: this.#selection,
      rows: this.#rows,
      columns: () => this.#columns.list,
      widthPx: (column) => this.#columns.widths.px(column.index),
      state: () => this.#state.value,
      change: (state) => this.#change(state),
      fitColumn: (index) => this.#fitColumn(index),
      moved: () => this.#moved(),
      selected: () => this.#selected(),
      redraw: () => this.#redraw(),
    });
    this.#stopFollowing = effect(() => {
      this.#follower.setCanFollow(options.isAppended.value);
      void options.hasSearchKey.value;
      this.#redraw();
    });
  }

  draw(cause: DrawCause): void {
    if (cause.isData) {
      this.#changes.nextCommit();
      this.#draws++;
    }
    this.#redraw(cause.isData);
    if (!cause.isData) return;
    this.#controls.changed();
    this.#surface.element.dataset.draws = String(this.#draws);
  }

  /** What is chosen of the table now. */
  get state(): GridState {
    return this.#state.value;
  }

  /** Shows the table so from here on, as if the viewer had chosen it. */
  arrange(state: GridState): void {
    this.#change(state);
  }

  /** Draws again what is not the table's: marks that are others now. */
  redraw(): void {
    this.#redraw();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#state.save();
    this.#stopFollowing();
    this.#controls.close();
    this.#follower.close();
    this.#rows.close();
    this.#afterOthers.close();
    this.#surface.close();
    this.#holder.remove();
  }

  #createSurface(): GridSurface {
    const surface = new GridSurface({
      parent: this.#holder,
      label: this.table,
      rowPx: ROW_PX,
      headerPx: HEADER_PX,
      activeId: `cell-${this.#options.id ?? this.table}`,
      onMoved: (by) => {
        if (by === 'scroll') this.#moved();
        this.#redraw();
      },
    });
    surface.element.dataset.draws = '0';
    return surface;
  }

  #moved(): void {
    this.#follower.moved(this.#surface.isAtEnd);
  }

  /** The viewer selected something, to look at it: the view follows the end no more, unless that is where they are. */
  #selected(): void {
    const { active } = this.#selection;
    const isAtLast = active === null || active.row === this.#rows.rowCount - 1;
    this.#follower.moved(this.#surface.isAtEnd && isAtLast);
  }

  #jumpToEnd(): void {
    this.#surface.moveToEnd(this.#rows.rowCount);
    this.#moved();
    this.#redraw();
    this.#surface.element.focus();
  }

  /** `isByCommit`: nothing else happened since the last draw. */
  #redraw(isByCommit = false): void {
    const table = this.#options.read();
    if (table === undefined || this.#isClosed) return;
    if (this.#columns.takeSchema(table)) {
      this.#changes.forget();
      this.#selection.clear();
      this.#takeState(table);
    }
    const { sort, groupBy } = this.#state.value;
    const isOrdered = sort.length === 0 && groupBy.length === 0;
    const isStill = this.#hold.update(table, { isOrdered, placeCount: this.#columns.placeCount });
    this.#paint(table, { isStill: isStill && isByCommit, isByCommit });
  }

  #takeState(table: LiveTable): void {
    this.#columns.choose(table, this.#state.value);
    const spec = viewSpec(table.fields, this.#state.value);
    const specId = JSON.stringify([spec, this.#state.value.expanded]);
    if (specId !== this.#specId) this.#rows.setSpec(spec);
    this.#specId = specId;
  }

  #paint(table: LiveTable, cause: Pick<GridCellsOptions, 'isStill' | 'isByCommit'>): void {
    const cells = new GridCells({
      table,
      rows: this.#rows,
      columns: this.#columns.list,
      hasRowNumbers: this.#state.value.showsRowNumbers,
      aggregates: this.#state.value.groupBy.length === 0 ? [] : aggregatesOf(table.fields, this.#state.value),
      timeZone: this.#state.value.timeZone,
      texts: this.#options.texts,
      widths: this.#columns.widths,
      changes: this.#changes,
      marks: (this.#options.marks ?? NO_MARKS)(table.fields),
      selection: this.#selection,
      ...cause,
    });
    this.#surface.draw(cells);
    if (this.#columns.widths.takeGrown()) {
      this.#columns.place();
      this.#surface.draw(cells);
    }
    this.#follower.draw(table.queue?.endRow ?? null, this.#surface.isWhole);
    this.#controls.draw(table);
    this.#told.tell(table, this.#columns.list);
  }

  /** The viewer chose something else. */
  #change(state: GridState): void {
    const before = this.#state.value;
    const table = this.#options.read();
    this.#state.set(state);
    if (table === undefined) return;
    if (state === PLAIN_STATE) this.#columns.widths.measure(table);
    const parts = ['sort', 'filters', 'search', 'groupBy'] as const;
    if (parts.some((part) => state[part] !== before[part])) {
      const isOrdered = state.sort.length === 0 && state.groupBy.length === 0;
      if (!this.#follower.isFollowing || !isOrdered) this.#hold.startOver();
      this.#selection.clearRows();
    }
    this.#takeState(table);
    this.#redraw();
  }

  #fitColumn(column: number): void {
    const table = this.#options.read();
    if (table === undefined) return;
    this.#columns.widths.measureColumn(table, column);
    this.#columns.place();
    this.#redraw();
  }
}
