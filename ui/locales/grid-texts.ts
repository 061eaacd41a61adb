import type { AggregateFunction } from '../grid/row-view/view-spec.ts';

const counted = (value: number) =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');

const AGGREGATES: Readonly<Record<AggregateFunction, string>> = {
  count: 'count',
  sum: 'sum',
  mean: 'mean',
  min: 'min',
  max: 'max',
};

/** What the grid and its menus say, in English. */
export const gridTexts = {
  columnMenu: (column: string) => `Menu of ${column}`,
  rowNumber: 'Row number',
  search: 'Search',
  searchTable: (table: string) => `Search ${table}`,
  shownOf: (shown: number, all: number) => `${counted(shown)} of ${counted(all)} rows`,
  arranging: 'arranging…',
  activeParts: 'Sort, filters and groups in use',
  sortedBy: (column: string) => `sorted by ${column}`,
  groupedBy: (column: string) => `grouped by ${column}`,
  hiddenColumns: (count: number) => (count === 1 ? '1 hidden column' : `${counted(count)} hidden columns`),
  searchedFor: (text: string) => `contains “${text}”`,
  notUnderstood: 'This is left out: it does not fit the column.',
  remove: (part: string) => `Remove: ${part}`,
  removeAll: 'Remove all',
  jumpToEnd: 'Jump to the end',
  newRows: (count: number) => (count === 1 ? '1 new row' : `${counted(count)} new rows`),
  tooLargeToCopy: (cells: number, most: number) =>
    `Too much to copy: ${counted(cells)} cells, at most ${counted(most)}`,
  copiedCells: (rows: number, columns: number) => `Copied ${counted(rows)} × ${counted(columns)}`,

  sortAscending: 'Sort ascending',
  sortDescending: 'Sort descending',
  sortAlsoAscending: 'Then by this, ascending',
  sortAlsoDescending: 'Then by this, descending',
  removeSort: 'Do not sort by this',
  filter: 'Filter…',
  groupBy: 'Group by this',
  ungroup: 'Do not group by this',
  summarizeBy: (fn: AggregateFunction) => `In groups: ${AGGREGATES[fn]}`,
  aggregates: AGGREGATES,
  pin: 'Pin left',
  unpin: 'Unpin',
  moveLeft: 'Move left',
  moveRight: 'Move right',
  fitWidth: 'Fit width',
  hide: 'Hide',
  selectColumn: 'Select column',

  tableMenu: 'Table view',
  rowNumbers: 'Row numbers',
  copyWithHeaders: 'Copy with headers',
  selectAll: 'Select all',
  resetView: 'Reset view',
  times: {
    table: 'Times: as published',
    utc: 'Times: UTC',
    local: 'Times: local',
  },
  showColumn: (column: string) => `Show ${column}`,

  filterOf: (column: string) => `Filter ${column}`,
  condition: 'Condition',
  conditions: {
    contains: 'contains',
    equals: 'is exactly',
    starts: 'starts with',
    '=': '=',
    '≠': '≠',
    '<': '<',
    '≤': '≤',
    '≥': '≥',
    '>': '>',
    range: 'between',
    in: 'is one of',
    'not-in': 'is none of',
    missing: 'has no value',
    present: 'has a value',
  },
  value: 'Value',
  from: 'From',
  to: 'To',
  noValue: 'no value',
  emptyText: 'empty text',
  apply: 'Apply',
  clear: 'Clear',

  statistics: 'Statistics',
  statisticNames: {
    values: 'Values',
    nulls: 'Without value',
    nans: 'NaN',
    distinct: 'Different',
    min: 'Least',
    max: 'Greatest',
    mean: 'Mean',
  },
  moreThan: (count: number) => `> ${counted(count)}`,
  histogram: (min: string, max: string) => `Histogram from ${min} to ${max}`,
  noGroupValue: 'no value',
};

export type GridTexts = typeof gridTexts;
