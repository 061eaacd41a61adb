import type { AggregateFunction, Filter, SortColumn } from '../row-view/view-spec.ts';
import { type GridState, PLAIN_STATE } from './grid-state.ts';

const STORAGE_KEY = 'tablecast.grids';
/** Tables remembered, those used last. */
const MAX_TABLES = 50;
/** Choices longer than this are not remembered. */
const MAX_CHARACTERS = 100_000;

export interface StoredStates {
  load(table: string): GridState;
  /** The plain state is forgotten instead. */
  save(table: string, state: GridState): void;
  /** Saving costs nothing. */
  readonly isInstant?: boolean;
}

/**
 * Each table's choices, in the browser's storage as `[[table, choices], …]`, the newest first. What was stored by another
 * release or by hand is taken as far as it fits. Null, or a storage that is full or forbidden, remembers nothing.
 */
export function createStoredStates(storage: Storage | null): StoredStates {
  function entries(): [string, unknown][] {
    try {
      const parsed: unknown = JSON.parse(storage?.getItem(STORAGE_KEY) ?? '[]');
      return Array.isArray(parsed) ? parsed.filter(isEntry) : [];
    } catch {
      return [];
    }
  }
  return {
    load: (table) => parseGridState(entries().find(([name]) => name === table)?.[1]),
    save(table, state) {
      const others = entries().filter(([name]) => name !== table);
      const changed = changedChoices(state);
      const isKept = Object.keys(changed).length > 0 && JSON.stringify(changed).length <= MAX_CHARACTERS;
      const kept = isKept ? [[table, changed], ...others] : others;
      try {
        storage?.setItem(STORAGE_KEY, JSON.stringify(kept.slice(0, MAX_TABLES)));
      } catch {
        // Without room for it the choices last as long as the page.
      }
    },
  };
}

function isEntry(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

/** What differs from the plain state. */
export function changedChoices(state: GridState): Partial<GridState> {
  const entries = Object.entries(state).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(PLAIN_STATE[name as keyof GridState]),
  );
  return Object.fromEntries(entries);
}

/** What of a JSON value is a viewer's choices; the rest is as in the plain state. */
export function parseGridState(json: unknown): GridState {
  const from = isRecord(json) ? json : {};
  const { timeZone } = from;
  return {
    sort: listOf(from.sort, isSort),
    filters: listOf(from.filters, isFilter),
    search: typeof from.search === 'string' ? from.search : '',
    groupBy: listOf(from.groupBy, isText),
    expanded: listOf(from.expanded, isText),
    aggregates: recordOf(from.aggregates, isAggregate),
    order: listOf(from.order, isText),
    hidden: listOf(from.hidden, isText),
    pinned: listOf(from.pinned, isText),
    widthsPx: recordOf(from.widthsPx, isWidth),
    showsRowNumbers: from.showsRowNumbers === true,
    timeZone: timeZone === 'utc' || timeZone === 'local' ? timeZone : 'table',
  };
}

function listOf<T>(value: unknown, isItem: (item: unknown) => item is T): readonly T[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function recordOf<T>(value: unknown, isItem: (item: unknown) => item is T): Record<string, T> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => isItem(entry[1])));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isWidth(value: unknown): value is number {
  return typeof value === 'number' && value >= 16 && value <= 4000;
}

function isAggregate(value: unknown): value is AggregateFunction {
  return isText(value) && ['count', 'sum', 'mean', 'min', 'max'].includes(value);
}

function isSort(value: unknown): value is SortColumn {
  return (
    isRecord(value) &&
    isText(value.column) &&
    (value.direction === 'ascending' || value.direction === 'descending')
  );
}

function isFilter(value: unknown): value is Filter {
  if (!isRecord(value) || !isText(value.column)) return false;
  switch (value.type) {
    case 'text':
      return (
        isText(value.value) && isText(value.match) && ['contains', 'equals', 'starts'].includes(value.match)
      );
    case 'number':
      return (
        isText(value.value) && isText(value.compare) && ['<', '≤', '=', '≠', '≥', '>'].includes(value.compare)
      );
    case 'range':
      return isTextOrNull(value.min) && isTextOrNull(value.max);
    case 'set':
      return (
        Array.isArray(value.values) &&
        value.values.every(isTextOrNull) &&
        typeof value.isExcluded === 'boolean'
      );
    case 'null':
      return typeof value.isNull === 'boolean';
    default:
      return false;
  }
}
