import { readIpc } from '../arrow/read-ipc.ts';
import { TablecastError } from '../errors.ts';
import type { ChangeHeader } from '../server-message.ts';
import { type CommitPoint, LiveTable } from './live-table.ts';

/**
 * Applies one change of a commit to a viewer's tables; `ipc` is its binary message, null for a `drop`.
 * A viewer applies all changes of a commit before it shows any.
 *
 * @throws TablecastError where the change cannot be applied; the tables are then to be asked for anew
 */
export function applyChange(
  tables: Map<string, LiveTable>,
  change: ChangeHeader,
  ipc: Uint8Array | null,
  at: CommitPoint,
  createTable: (name: string) => LiveTable = (name) => new LiveTable(name),
): void {
  if (change.op === 'drop') {
    tables.delete(change.table);
    return;
  }
  if (ipc === null)
    throw new TablecastError('bad_message', `The change of "${change.table}" came without its data.`);
  const { fields, batches, rowCount } = readIpc(ipc);
  if (rowCount !== change.rows) {
    throw new TablecastError(
      'bad_message',
      `The change of "${change.table}" brings ${rowCount} rows and says ${change.rows}.`,
    );
  }
  const before = tables.get(change.table);
  if (before === undefined && !change.snapshot) {
    throw new TablecastError('bad_message', `The change of "${change.table}" came before its snapshot.`);
  }
  const table = before ?? createTable(change.table);
  const key = change.key ?? null;
  const op = change.snapshot ? 'replace' : change.op;
  table.write({ op, key: op === 'replace' ? key : table.key, fields, batches }, at);
  if (change.op === 'append' && change.drop_first !== undefined) table.dropFirst(change.drop_first);
  table.tidy();
  tables.set(change.table, table);
}
