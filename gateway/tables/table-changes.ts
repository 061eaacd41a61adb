import type { Field } from '../../protocol/arrow/data-type.ts';
import { type Batch, byteLengthOf, sliceVector } from '../../protocol/arrow/vector.ts';
import type { ChangeHeader } from '../../protocol/server-message.ts';
import type { StoredTable } from './stored-table.ts';

/** One change of a commit, before it is encoded. */
export interface TableChange {
  readonly header: Exclude<ChangeHeader, { op: 'drop' }>;
  readonly fields: readonly Field[];
  readonly batches: readonly Batch[];
}

/** Rows read at once for a snapshot: what a piece may hold at most, and the step in which pieces are cut. */
const READ_ROWS = 1 << 16;

/**
 * What brings a replica from a version to now, in the order in which it is to be applied; empty where nothing changed.
 * `null`, and versions that the history does not reach, get a snapshot: pieces of about `pieceBytes`, the first of which
 * begins the replica's table anew.
 */
export function changesSince(table: StoredTable, version: number | null, pieceBytes: number): TableChange[] {
  if (version !== null && version >= table.history.changed && table.history.reaches(version)) return [];
  if (version === null || !table.history.reaches(version)) {
    return withChart(snapshot(table, pieceBytes), table, table.chart !== null);
  }
  const changes =
    table.live.key === null
      ? appended(table, version, pieceBytes)
      : upserted(table, version, table.live.key, pieceBytes);
  return withChart(changes, table, table.chartChanged > version);
}

/** The first change tells the table's chart, where there is one to tell. */
function withChart(changes: TableChange[], { chart }: StoredTable, isTold: boolean): TableChange[] {
  const [first, ...rest] = changes;
  if (!isTold || first === undefined) return changes;
  return [{ ...first, header: { ...first.header, chart: chart === null ? null : { ...chart } } }, ...rest];
}

function snapshot(table: StoredTable, pieceBytes: number): TableChange[] {
  const { live, name } = table;
  const { fields, key } = live;
  const columns = fields.map((_, i) => i);
  const batches: Batch[] = [];
  for (let start = 0; start < live.rowCount; start += READ_ROWS)
    batches.push(...live.read(columns, start, start + READ_ROWS));
  return pieces(batches, pieceBytes).map(({ batches: piece, rows }, i) => ({
    header:
      i === 0
        ? { table: name, op: 'replace', rows, snapshot: true, ...(key === null ? {} : { key: [...key] }) }
        : key === null
          ? { table: name, op: 'append', rows, snapshot: false }
          : { table: name, op: 'upsert', key: [...key], rows, snapshot: false },
    fields,
    batches: piece,
  }));
}

function appended(table: StoredTable, version: number, pieceBytes: number): TableChange[] {
  const { live, name } = table;
  const now = live.queue!;
  const then = table.history.queueAt(version);
  const dropFirst = Math.min(then.endRow, now.firstRow) - then.firstRow;
  const columns = live.fields.map((_, i) => i);
  const cut = pieces(live.readAfter(columns, version), pieceBytes);
  return cut.map(({ batches, rows }, i) => ({
    header: {
      table: name,
      op: 'append',
      rows,
      snapshot: false,
      ...(dropFirst > 0 && i === cut.length - 1 ? { drop_first: dropFirst } : {}),
    },
    fields: live.fields,
    batches,
  }));
}

function upserted(
  table: StoredTable,
  version: number,
  key: readonly string[],
  pieceBytes: number,
): TableChange[] {
  const { live, name } = table;
  const changes: TableChange[] = [];
  const deleted = live.deletedAfter(version);
  if (deleted.length > 0) {
    const fields = live.keyColumns().map((column) => live.fields[column]!);
    changes.push({
      header: { table: name, op: 'delete', key: [...key], rows: rowsOf(deleted), snapshot: false },
      fields,
      batches: deleted,
    });
  }
  const brought = table.history.columnsAfter(version);
  const columns = live.fields.flatMap((field, i) =>
    brought === null || brought.has(field.name) || key.includes(field.name) ? [i] : [],
  );
  const fields = columns.map((column) => live.fields[column]!);
  const batches = live.readAfter(columns, version);
  // Only keys went: an upsert without rows is for the columns that upserts brought.
  if (batches.length === 0 && changes.length > 0 && brought?.size === 0) return changes;
  for (const { batches: piece, rows } of pieces(batches, pieceBytes)) {
    changes.push({
      header: { table: name, op: 'upsert', key: [...key], rows, snapshot: false },
      fields,
      batches: piece,
    });
  }
  return changes;
}

function rowsOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, batch) => sum + batch.rowCount, 0);
}

/** Cuts and groups batches into pieces of about `pieceBytes`; always one piece, so that a schema without rows arrives too. */
function pieces(batches: readonly Batch[], pieceBytes: number): { batches: Batch[]; rows: number }[] {
  const cut: { batches: Batch[]; rows: number }[] = [];
  let open: { batches: Batch[]; rows: number } = { batches: [], rows: 0 };
  let bytes = 0;
  for (const batch of batches.flatMap((whole) => slices(whole, pieceBytes))) {
    if (bytes >= pieceBytes) {
      cut.push(open);
      open = { batches: [], rows: 0 };
      bytes = 0;
    }
    open.batches.push(batch);
    open.rows += batch.rowCount;
    bytes += bytesOf(batch);
  }
  cut.push(open);
  return cut;
}

/** A batch much larger than a piece as slices of that size, which share its bytes. */
export function slices(batch: Batch, pieceBytes: number): Batch[] {
  const bytes = bytesOf(batch);
  if (bytes <= 2 * pieceBytes) return [batch];
  // Slices that begin at whole bytes of a bitmap copy nothing.
  const step = Math.max(8, Math.floor((batch.rowCount * pieceBytes) / bytes / 8) * 8);
  const cut: Batch[] = [];
  for (let start = 0; start < batch.rowCount; start += step) {
    const end = Math.min(start + step, batch.rowCount);
    cut.push({
      rowCount: end - start,
      columns: batch.columns.map((column) => column && sliceVector(column, start, end)),
    });
  }
  return cut;
}

function bytesOf(batch: Batch): number {
  return batch.columns.reduce((sum, column) => sum + byteLengthOf(column, 0, batch.rowCount), 0);
}
