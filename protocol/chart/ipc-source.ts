import { readIpc } from '../arrow/read-ipc.ts';
import { LiveTable } from '../table/live-table.ts';
import type { ChartSource } from './chart-source.ts';

/**
 * The newest rows of a table, that were handed on as an Arrow stream, as charts read them.
 *
 * @param firstRow Rows of the table before these.
 */
export function ipcSource(
  ipc: Uint8Array,
  firstRow: number,
  key: readonly string[] | null = null,
): ChartSource {
  const { fields, batches } = readIpc(ipc);
  const table = new LiveTable('');
  table.write({ op: 'replace', key: null, fields, batches }, { version: 1, timeMs: 0 });
  return {
    fields: table.fields,
    key,
    rowCount: table.rowCount,
    firstRow,
    text: (row, column) => table.text(row, column),
    numbers: (column, start, end) => table.numbers(column, start, end),
  };
}
