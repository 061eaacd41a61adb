import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import type { Op } from '../../../protocol/header.ts';
import type { LiveTable } from '../../../protocol/table/live-table.ts';
import { arrowOf, int32, type PlainRow } from '../../support/arrow-messages.ts';

/** Writes rows to a table as a commit of this version would. */
export function writeRows(
  table: LiveTable,
  op: Op,
  rows: readonly PlainRow[],
  at: { readonly version: number; readonly key?: readonly string[] },
): void {
  const { fields, batches } = readIpc(arrowOf(rows, { types: { k: int32(), v: int32() } }));
  const key = op === 'replace' ? (at.key ?? null) : (at.key ?? table.key);
  table.write({ op, key, fields, batches }, { version: at.version, timeMs: at.version });
  table.tidy();
}
