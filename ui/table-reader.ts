import type { LiveTable } from '../protocol/table/live-table.ts';

/** What grids and charts read of a table; rows are positions in table order, columns positions in `fields`. */
export type TableReader = Pick<LiveTable, 'fields' | 'key' | 'rowCount' | 'value' | 'text' | 'numbers'>;
