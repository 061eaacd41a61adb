import type { StoredTable } from '../tables/stored-table.ts';
import { sliceBatches } from './batch-pieces.ts';
import type { ReadQuery } from './read-query.ts';
import type { Rows } from './read-rows.ts';

/** What a reader gets, and how it is to be taken. */
export interface RowsSince {
  /** Rows that changed since a version; all rows instead, because the changes cannot be told; all, as asked for. */
  readonly change: 'delta' | 'snapshot' | null;
  /** Rows that went from the front since that version. */
  readonly dropFirst: number;
  /** Rows there are before `limit` and `offset`. */
  readonly total: number;
  readonly rows: Rows;
}

/** The rows that a read asks for, as they are now: later commits do not change them. */
export function rowsSince({ live, history }: StoredTable, query: ReadQuery): RowsSince {
  const { columns, offset, since } = query;
  const fields = columns.map((column) => live.fields[column]!);
  const end = offset + query.limit;
  if (since === null || since < 0 || !history.reaches(since) || live.deletedAfter(since).length > 0) {
    const rows = { fields, batches: live.readLazily(columns, offset, end).batches };
    return { change: since === null ? null : 'snapshot', dropFirst: 0, total: live.rowCount, rows };
  }
  const written = live.readAfterLazily(columns, since);
  return {
    change: 'delta',
    dropFirst: droppedSince({ live, history }, since),
    total: written.rowCount,
    rows: { fields, batches: sliceBatches(fields, written.batches, offset, end) },
  };
}

function droppedSince({ live, history }: Pick<StoredTable, 'live' | 'history'>, since: number): number {
  const now = live.queue;
  if (now === null) return 0;
  const then = history.queueAt(since);
  return Math.min(then.endRow, now.firstRow) - then.firstRow;
}
