import type { Field } from '../../protocol/arrow/data-type.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { Rows } from './rows.ts';

/** Deleted keys that are kept for a cursor that does not take them; beyond, it is brought the whole table. */
const MAX_WAITING_DELETIONS = 1_000_000;

/**
 * What one table's rows did from one version to another. Applied in this order it brings a copy from there to here: with
 * `snapshot` the copy starts anew; `deleted` keys go; `rows` come, by key where there is one, else at the end; then the first
 * `dropFirst` rows go. With `drop` the table is gone.
 */
export interface TableChange {
  readonly table: string;
  readonly epoch: string;
  /** The version that the copy is at afterwards. */
  readonly version: number;
  readonly op: 'snapshot' | 'append' | 'upsert' | 'drop';
  /** Names of the key's columns; null for a table without a key. */
  readonly key: readonly string[] | null;
  /** Whole rows, all of the table's columns. */
  readonly rows: Rows;
  /** The key's columns alone. */
  readonly deleted: Rows;
  readonly dropFirst: number;
}

interface Seen {
  /** Another object once the table began anew. */
  readonly rows: LiveTable['rows'];
  readonly version: number;
  readonly firstRow: number;
  readonly endRow: number;
}

const NO_ROWS = new Rows([], []);

/** Where a reader of one table's changes stands. It holds nothing of what it has not taken: the table itself does. */
export class TableCursor {
  readonly name: string;
  #seen: Seen | null = null;
  #waitingDeletions = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Deletions after this version are still to be taken; null where none are. */
  get version(): number | null {
    return this.#seen?.version ?? null;
  }

  /** Keys were deleted that the table keeps for this cursor. */
  noteDeletions(count: number): void {
    if (this.#seen === null) return;
    this.#waitingDeletions += count;
    if (this.#waitingDeletions > MAX_WAITING_DELETIONS) this.#seen = null;
  }

  /** All that happened since the last call; null where nothing did. `table` is undefined where there is none. */
  take(
    table: LiveTable | undefined,
    at: { readonly epoch: string; readonly version: number },
  ): TableChange | null {
    const seen = this.#seen;
    this.#waitingDeletions = 0;
    if (table === undefined) {
      this.#seen = null;
      const nothing = { key: null, rows: NO_ROWS, deleted: NO_ROWS, dropFirst: 0 };
      return seen === null ? null : { ...at, ...nothing, table: this.name, op: 'drop' };
    }
    this.#seen = {
      rows: table.rows,
      version: at.version,
      firstRow: table.queue?.firstRow ?? 0,
      endRow: table.queue?.endRow ?? 0,
    };
    const base = { ...at, table: this.name, key: table.key };
    if (seen === null || seen.rows !== table.rows) {
      const rows = new Rows(table.fields, table.read(allOf(table.fields), 0, table.rowCount));
      return { ...base, op: 'snapshot', rows, deleted: NO_ROWS, dropFirst: 0 };
    }
    const change = table.key === null ? appended(table, seen) : upserted(table, seen);
    const isNothing = change.rows.length === 0 && change.deleted.length === 0 && change.dropFirst === 0;
    return isNothing ? null : { ...base, ...change };
  }
}

function appended(table: LiveTable, seen: Seen): Pick<TableChange, 'op' | 'rows' | 'deleted' | 'dropFirst'> {
  const { firstRow, endRow } = table.queue!;
  const start = Math.max(0, seen.endRow - firstRow);
  return {
    op: 'append',
    rows: new Rows(table.fields, table.read(allOf(table.fields), start, endRow - firstRow)),
    deleted: NO_ROWS,
    // Rows that came and went in between are told of by neither.
    dropFirst: Math.min(firstRow, seen.endRow) - seen.firstRow,
  };
}

function upserted(table: LiveTable, seen: Seen): Pick<TableChange, 'op' | 'rows' | 'deleted' | 'dropFirst'> {
  const keyFields = table.keyColumns().map((column) => table.fields[column]!);
  return {
    op: 'upsert',
    rows: new Rows(table.fields, table.readAfter(allOf(table.fields), seen.version)),
    deleted: new Rows(keyFields, table.deletedAfter(seen.version)),
    dropFirst: 0,
  };
}

function allOf(fields: readonly Field[]): number[] {
  return fields.map((_, i) => i);
}
