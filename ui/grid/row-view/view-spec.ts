import type { Comparison } from '../../../protocol/condition/number-test.ts';

export type { Comparison };

/**
 * What a viewer wants to see of a table. Columns are named, so a spec outlives changes of the schema: a part of it that
 * names a column which is not there, or whose value does not fit the column, is left out and told as a {@link SpecProblem}.
 */
export interface ViewSpec {
  /** The first column decides, the next ones where it leaves rows equal; then the table's order. */
  readonly sort: readonly SortColumn[];
  /** A row is shown where all of them hold. */
  readonly filters: readonly Filter[];
  /** Shown are the rows of which some searched column's exact text contains it, upper and lower case alike; '' for all. */
  readonly search: string;
  /** The columns searched; null for all. */
  readonly searchColumns: readonly string[] | null;
  readonly group: Grouping | null;
}

export interface SortColumn {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/**
 * A condition on one column. Rows without a value fulfil `null` with `isNull` and `set` alone; NaN lies in no range and
 * compares as `≠` alone.
 *
 * Values of `number` and `range` are texts, so that they are exact: decimal numbers (`-1.5`, `1e6`) for numbers,
 * ISO 8601 (`2026-11-21`, `2026-11-21T09:30:00.123456789Z`) for timestamps and dates, which also take a number as Unix
 * milliseconds, `09:30:00` for times of day, seconds for durations.
 */
export type Filter =
  | {
      readonly type: 'text';
      readonly column: string;
      readonly match: 'contains' | 'equals' | 'starts';
      /** Compared with the cell's exact text, upper and lower case alike. */
      readonly value: string;
    }
  | {
      readonly type: 'number';
      readonly column: string;
      readonly compare: Comparison;
      readonly value: string;
    }
  | {
      readonly type: 'range';
      readonly column: string;
      /** Both ends belong to the range; null for an open one. */
      readonly min: string | null;
      readonly max: string | null;
    }
  | {
      readonly type: 'set';
      readonly column: string;
      /** Exact texts as cells have them; null for no value. */
      readonly values: readonly (string | null)[];
      /** Shown are the rows whose value is not among them. */
      readonly isExcluded: boolean;
    }
  | { readonly type: 'null'; readonly column: string; readonly isNull: boolean };

export interface Grouping {
  /** The outermost column first. */
  readonly by: readonly string[];
  readonly aggregates: readonly Aggregate[];
  /** Paths of the group lines whose content is shown ({@link groupPath}); `all` for every one. */
  readonly expanded: ReadonlySet<string> | 'all';
}

export interface Aggregate {
  readonly column: string;
  /** `count` counts values that are there. */
  readonly fn: AggregateFunction;
}

export type AggregateFunction = 'count' | 'sum' | 'mean' | 'min' | 'max';

/** A part of a spec that is left out. */
export interface SpecProblem {
  readonly part: 'sort' | 'filter' | 'search' | 'group' | 'aggregate';
  /** Its place in that part's list. */
  readonly index: number;
  readonly column: string;
  readonly reason: 'missing_column' | 'bad_value' | 'bad_type' | 'too_many_groups';
}

/** The path of a group line: the exact texts of its group columns' values from the outermost one to its own. */
export function groupPath(texts: readonly (string | null)[]): string {
  return JSON.stringify(texts);
}

/** The table as it is. */
export const PLAIN_SPEC: ViewSpec = {
  sort: [],
  filters: [],
  search: '',
  searchColumns: null,
  group: null,
};
