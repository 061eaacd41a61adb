import type { Field } from '../../protocol/arrow/data-type.ts';
import type { IpcTable } from '../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { Header, Op } from '../../protocol/header.ts';
import { createKeyCodec } from '../../protocol/table/key-codec.ts';
import { columnOf, fitFields } from '../../protocol/table/table-fields.ts';

/** What a table will be once everything admitted so far is committed: a publication is checked against this. */
export interface TableHead {
  readonly fields: readonly Field[];
  readonly key: readonly string[] | null;
  /** The columns of the last publication that fitted: the same ones fit again. */
  readonly fitted?: readonly Field[];
}

/** A publication's columns. */
type Columns = Pick<IpcTable, 'fields'>;

export interface Admitted {
  readonly op: Op;
  readonly key: readonly string[] | null;
  /** null where the publication makes no table (a delete from one that does not exist). */
  readonly head: TableHead | null;
}

/**
 * Settles a publication's operation and key and checks that its columns fit; after this, applying it cannot fail.
 *
 * @throws TablecastError `missing_key`, `missing_key_column`, `key_mismatch`, `key_type`, `type_mismatch`
 */
export function admit(table: string, header: Header, data: Columns, head: TableHead | null): Admitted {
  const key = header.key ?? head?.key ?? null;
  const op = header.op ?? (key === null ? 'replace' : 'upsert');
  if (op === 'replace' || head === null) return admitFirst(table, op, key, data, head);
  checkSameKey(table, header.key, head);
  if (key === null && op !== 'append') throw noKey(table, op);
  if (op !== 'delete' && head.fitted === data.fields) return { op, key: head.key, head };
  if (key === null) return { op, key, head: fitted(table, head, data) };
  const keyFields = key.map((name) => data.fields[columnOf(table, data.fields, name)]!);
  if (op === 'delete') {
    const own = key.map((name) => head.fields[columnOf(table, head.fields, name)]!);
    fitFields(table, own, keyFields, true);
    return { op, key, head };
  }
  return { op, key: head.key, head: fitted(table, head, data) };
}

function fitted(table: string, head: TableHead, data: Columns): TableHead {
  return { ...head, fields: fitFields(table, head.fields, data.fields, true).fields, fitted: data.fields };
}

/** A publication that begins a table, or begins it anew. */
function admitFirst(
  table: string,
  op: Op,
  key: readonly string[] | null,
  data: Columns,
  head: TableHead | null,
): Admitted {
  if (key === null && (op === 'upsert' || op === 'delete')) throw noKey(table, op);
  for (const name of key ?? []) createKeyCodec(data.fields[columnOf(table, data.fields, name)]!);
  if (op === 'delete') return { op, key, head };
  return { op, key, head: { key, fields: fitFields(table, data.fields, data.fields, false).fields } };
}

function checkSameKey(table: string, given: readonly string[] | undefined, head: TableHead): void {
  if (given === undefined) return;
  const own = head.key ?? [];
  if (given.length === own.length && given.every((name) => own.includes(name))) return;
  const shown = own.length === 0 ? 'no key' : `the key ${own.join(', ')}`;
  throw new TablecastError(
    'key_mismatch',
    `The table "${table}" has ${shown}, the publication says ${given.join(', ')}; op replace sets another key.`,
  );
}

function noKey(table: string, op: Op): TablecastError {
  return new TablecastError(
    'missing_key',
    `The op ${op} on "${table}" needs a key: name its columns in the header's "key".`,
  );
}
