import type { Session } from '../live/session.ts';
import type { StoredTable } from '../tables/stored-table.ts';
import type { TableStore } from '../tables/table-store.ts';

/** A label has at most so many values, whatever is published. */
const MAX_TABLES = 50;

/** Bytes that wait for all sessions together. */
export function queuedBytes(sessions: Iterable<Session>): number {
  let bytes = 0;
  for (const session of sessions) bytes += session.queuedBytes;
  return bytes;
}

/** Bytes that wait for the session for which most waits. */
export function longestQueueBytes(sessions: Iterable<Session>): number {
  let bytes = 0;
  for (const session of sessions) bytes = Math.max(bytes, session.queuedBytes);
  return bytes;
}

export function storedRows(store: TableStore): number {
  return sum(store, ({ live }) => live.rowCount);
}

export function stagedPublications(store: TableStore): number {
  return sum(store, ({ stage }) => stage.length);
}

/** The tables that take most memory, the largest first. */
export function largestTables(store: TableStore): readonly StoredTable[] {
  const sized = [...store.tables.values()].map((table) => ({ table, bytes: table.live.bytes }));
  return sized
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MAX_TABLES)
    .map(({ table }) => table);
}

function sum(store: TableStore, of: (table: StoredTable) => number): number {
  let total = 0;
  for (const table of store.tables.values()) total += of(table);
  return total;
}
