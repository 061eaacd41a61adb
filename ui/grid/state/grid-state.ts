import type { AggregateFunction, Filter, SortColumn } from '../row-view/view-spec.ts';

/** In which zone times with a zone are shown: their column's own, UTC, or the browser's. */
export type TimeZoneChoice = 'table' | 'utc' | 'local';

/** All that a viewer chose for one table. Columns are named, so choices outlive changes of the schema. */
export interface GridState {
  readonly sort: readonly SortColumn[];
  /** At most one for each column. */
  readonly filters: readonly Filter[];
  readonly search: string;
  /** The outermost column first. */
  readonly groupBy: readonly string[];
  /** Paths of group lines that are open. */
  readonly expanded: readonly string[];
  readonly aggregates: Readonly<Record<string, AggregateFunction>>;
  /** Columns in the viewer's order; those not named follow in the table's. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  readonly widthsPx: Readonly<Record<string, number>>;
  readonly showsRowNumbers: boolean;
  readonly timeZone: TimeZoneChoice;
}

export const PLAIN_STATE: GridState = {
  sort: [],
  filters: [],
  search: '',
  groupBy: [],
  expanded: [],
  aggregates: {},
  order: [],
  hidden: [],
  pinned: [],
  widthsPx: {},
  showsRowNumbers: false,
  timeZone: 'table',
};

/** What the viewer chose for a column, whose name may be that of anything an object has. */
export function chosenAggregate({ aggregates }: GridState, column: string): AggregateFunction | null {
  return Object.hasOwn(aggregates, column) ? (aggregates[column] ?? null) : null;
}

export function chosenWidthPx({ widthsPx }: GridState, column: string): number | null {
  return Object.hasOwn(widthsPx, column) ? (widthsPx[column] ?? null) : null;
}

export type SortDirection = SortColumn['direction'];

export function sortDirection(state: GridState, column: string): SortDirection | null {
  return state.sort.find((sort) => sort.column === column)?.direction ?? null;
}

/** Sorts by this column alone; null for no sort. */
export function withSort(state: GridState, column: string, direction: SortDirection | null): GridState {
  return { ...state, sort: direction === null ? [] : [{ column, direction }] };
}

/** Adds the column to the sort, after those that are there, or changes its direction in place; null takes it out. */
export function withSortAlso(state: GridState, column: string, direction: SortDirection | null): GridState {
  const others = state.sort.filter((sort) => sort.column !== column);
  if (direction === null) return { ...state, sort: others };
  if (others.length === state.sort.length) return { ...state, sort: [...others, { column, direction }] };
  return {
    ...state,
    sort: state.sort.map((sort) => (sort.column === column ? { column, direction } : sort)),
  };
}

/** none → ascending → descending → none. */
export function nextDirection(direction: SortDirection | null): SortDirection | null {
  if (direction === null) return 'ascending';
  return direction === 'ascending' ? 'descending' : null;
}

export function filterOf(state: GridState, column: string): Filter | null {
  return state.filters.find((filter) => filter.column === column) ?? null;
}

/** Gives the column this filter in place of the one it had; null for none. */
export function withFilter(state: GridState, column: string, filter: Filter | null): GridState {
  const others = state.filters.filter((other) => other.column !== column);
  return { ...state, filters: filter === null ? others : [...others, filter] };
}

export function withGroup(state: GridState, column: string, isGrouped: boolean): GridState {
  const others = state.groupBy.filter((name) => name !== column);
  return { ...state, groupBy: isGrouped ? [...others, column] : others, expanded: [] };
}

export function withExpanded(state: GridState, path: string, isExpanded: boolean): GridState {
  const others = state.expanded.filter((open) => open !== path);
  return { ...state, expanded: isExpanded ? [...others, path] : others };
}

export function withHidden(state: GridState, column: string, isHidden: boolean): GridState {
  return { ...state, hidden: toggled(state.hidden, column, isHidden) };
}

export function withPinned(state: GridState, column: string, isPinned: boolean): GridState {
  return { ...state, pinned: toggled(state.pinned, column, isPinned) };
}

/** A column's width in pixels; null lets it find its own again. */
export function withWidth(state: GridState, column: string, widthPx: number | null): GridState {
  const { [column]: _, ...others } = state.widthsPx;
  return { ...state, widthsPx: widthPx === null ? others : { ...others, [column]: Math.round(widthPx) } };
}

/** Moves a column to the place that `before` has, or to the end. `names` are all columns as they stand now. */
export function withMoved(
  state: GridState,
  names: readonly string[],
  column: string,
  before: string | null,
): GridState {
  if (column === before) return state;
  const others = names.filter((name) => name !== column);
  const at = before === null ? -1 : others.indexOf(before);
  return { ...state, order: others.toSpliced(at < 0 ? others.length : at, 0, column) };
}

function toggled(names: readonly string[], name: string, isIn: boolean): readonly string[] {
  const others = names.filter((other) => other !== name);
  return isIn ? [...others, name] : others;
}
