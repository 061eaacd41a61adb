import type { LiveTable } from '../table/live-table.ts';

/** What charts read of a table; rows are positions in table order, columns positions in `fields`. */
export interface ChartSource extends Pick<LiveTable, 'fields' | 'key' | 'rowCount' | 'text' | 'numbers'> {
  /** How many rows of the table come before the first of these; absent where these are all. */
  readonly firstRow?: number;
}
