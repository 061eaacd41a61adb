import type { LiveTable } from '../../protocol/table/live-table.ts';
import { columnNames, type GridColumn } from './state/grid-columns.ts';
import {
  type GridState,
  nextDirection,
  sortDirection,
  withMoved,
  withPinned,
  withSort,
  withSortAlso,
  withWidth,
} from './state/grid-state.ts';

export interface ColumnActionsOptions {
  readonly read: () => LiveTable | undefined;
  /** Those shown, without that of row numbers. */
  readonly columns: () => readonly GridColumn[];
  readonly widthPx: (column: GridColumn) => number;
  readonly state: () => GridState;
  readonly change: (state: GridState) => void;
  /** The column of the table finds its width anew. */
  readonly fitColumn: (index: number) => void;
}

/** What a viewer does with columns. Places are those of the view, that of row numbers included; names are the table's. */
export class ColumnActions {
  readonly #options: ColumnActionsOptions;

  constructor(options: ColumnActionsOptions) {
    this.#options = options;
  }

  /** Where the table's columns begin. */
  get first(): number {
    return this.#options.state().showsRowNumbers ? 1 : 0;
  }

  get count(): number {
    return this.#options.columns().length + this.first;
  }

  /** Undefined for the row numbers. */
  at(place: number): GridColumn | undefined {
    return this.#options.columns()[place - this.first];
  }

  placeOf(name: string): number {
    return this.#options.columns().findIndex(({ field }) => field.name === name) + this.first;
  }

  /** `isAlso` leaves the other columns in the sort. */
  sortBy(place: number, isAlso: boolean): void {
    const { state, change } = this.#options;
    const name = this.at(place)?.field.name;
    if (name === undefined) return;
    const isOnly = state().sort.every((sort) => sort.column === name);
    const next = nextDirection(sortDirection(state(), name));
    if (isAlso) change(withSortAlso(state(), name, next));
    else change(withSort(state(), name, isOnly ? next : 'ascending'));
  }

  widthPx(place: number): number {
    const column = this.at(place);
    return column === undefined ? 0 : this.#options.widthPx(column);
  }

  resize(place: number, widthPx: number): void {
    const { state, change } = this.#options;
    const column = this.at(place);
    if (column !== undefined) change(withWidth(state(), column.field.name, widthPx));
  }

  fit(place: number): void {
    const { state, change, fitColumn } = this.#options;
    const column = this.at(place);
    if (column === undefined) return;
    change(withWidth(state(), column.field.name, null));
    fitColumn(column.index);
  }

  /** Columns that rows are grouped by stand in the groups' order. */
  canDrag(place: number): boolean {
    const column = this.at(place);
    return column !== undefined && !this.#options.state().groupBy.includes(column.field.name);
  }

  drag(place: number, target: number, isAfter: boolean): void {
    const from = this.at(place);
    const to = this.at(target);
    if (from !== undefined && to !== undefined) this.#move(from.field.name, to.field.name, isAfter);
  }

  canStep(name: string, by: -1 | 1): boolean {
    return this.#neighbour(name, by) !== null;
  }

  /** Changes places with the column at that side. */
  step(name: string, by: -1 | 1): void {
    const neighbour = this.#neighbour(name, by);
    if (neighbour !== null) this.#move(name, neighbour, by > 0);
  }

  #neighbour(name: string, by: -1 | 1): string | null {
    const { columns, state } = this.#options;
    const movable = columns().filter(({ field }) => !state().groupBy.includes(field.name));
    const at = movable.findIndex(({ field }) => field.name === name);
    const neighbour = at < 0 ? undefined : movable[at + by];
    return neighbour?.isPinned === movable[at]?.isPinned ? (neighbour?.field.name ?? null) : null;
  }

  /** Moves a column before or after another one, and into the pinned ones or out of them where that one stands. */
  #move(name: string, target: string, isAfter: boolean): void {
    const { read, state, change } = this.#options;
    const names = columnNames(read()?.fields ?? [], state());
    const others = names.filter((other) => other !== name);
    const before = isAfter ? (others[others.indexOf(target) + 1] ?? null) : target;
    const moved = withMoved(state(), names, name, before);
    change(withPinned(moved, name, moved.pinned.includes(target)));
  }
}
