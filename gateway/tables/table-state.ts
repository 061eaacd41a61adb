import type { Field } from '../../protocol/arrow/data-type.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import type { PublishedOption } from '../../protocol/chart/clean-option.ts';
import type { Op, Retention } from '../../protocol/header.ts';
import type { WrittenRows } from '../../protocol/table/rows-cut.ts';
import { cutTable, type TableCut } from '../../protocol/table/table-cut.ts';
import { type StoredPublication, storedPublication } from '../log/entry-codec.ts';
import type { LogRecord } from '../log/log-record.ts';
import type { Publication } from './publication.ts';
import type { SequencePosition } from './sequence-position.ts';
import type { StoredTable } from './stored-table.ts';
import { slices } from './table-changes.ts';
import type { HistoryCut, Mark } from './table-history.ts';
import type { Drop, TableStore } from './table-store.ts';

/** What the header of a snapshot's record says; the records of a table follow its first one. */
export type StateHeader =
  | { readonly type: 'store'; readonly version: number; readonly drops: readonly Drop[] }
  | { readonly type: 'sequences'; readonly positions: readonly StoredPosition[] }
  /** Blobs: streams without rows of the columns that it has, and of those that it will have with its stage. */
  | ({ readonly type: 'table' } & TableHeader)
  | { readonly type: 'marks'; readonly marks: readonly StoredMark[] }
  /** Blobs: runs, slots, and a stream of the rows, in the order in which they were written. */
  | { readonly type: 'rows' }
  | { readonly type: 'deletions' }
  | { readonly type: 'staged'; readonly publication: StoredPublication }
  /** Blob: a stream of rows of the publication before. */
  | { readonly type: 'staged_rows' };

export type StoredPosition = readonly [table: string, run: string, position: SequencePosition];

export interface TableHeader {
  readonly name: string;
  readonly key: readonly string[] | null;
  readonly first_row: number;
  readonly slot_count: number;
  readonly head_key: readonly string[] | null;
  readonly retention: Retention | null;
  readonly chart: PublishedOption | null;
  readonly chart_changed: number;
  readonly op: Op;
  readonly last_publication_ms: number;
  readonly created_at_ms: number;
  readonly changed: number;
  readonly history_bytes: number;
}

export interface StoredMark extends Omit<Mark, 'columns'> {
  readonly columns: readonly string[] | null;
}

interface StoreCut {
  readonly version: number;
  readonly drops: readonly Drop[];
  readonly positions: readonly StoredPosition[];
}

interface StoredTableCut {
  readonly header: TableHeader;
  readonly headFields: readonly Field[];
  readonly cut: TableCut;
  readonly history: HistoryCut;
  readonly stage: readonly Publication[];
}

const MARKS_PER_RECORD = 1000;
const POSITIONS_PER_RECORD = 1000;

/**
 * All tables of a store as they are now, as records that are made one by one while they are asked for; what the store
 * does later does not change them. `pieceBytes` is what a record of rows holds, about.
 */
export function cutStore(store: TableStore, pieceBytes: number): Generator<LogRecord, void> {
  const { version, drops } = store;
  const tables = [...store.tables.values()].map((table) => cutStoredTable(store, table));
  return records({ version, drops, positions: store.sequences.cut() }, tables, pieceBytes);
}

function cutStoredTable(store: TableStore, table: StoredTable): StoredTableCut {
  const { name, live, history, stage } = table;
  const head = store.appliedHead(name);
  const cut = cutTable(live);
  const past = history.cut();
  return {
    header: {
      name,
      key: cut.shape.key,
      first_row: cut.shape.firstRow,
      slot_count: cut.shape.slotCount,
      head_key: head?.key ?? null,
      retention: table.retention,
      chart: table.chart,
      chart_changed: table.chartChanged,
      op: table.op,
      last_publication_ms: table.lastPublicationMs,
      created_at_ms: table.createdAtMs,
      changed: past.changed,
      history_bytes: past.bytes,
    },
    headFields: head?.fields ?? [],
    cut,
    history: past,
    stage: [...stage],
  };
}

function* records(
  { version, drops, positions }: StoreCut,
  tables: readonly StoredTableCut[],
  pieceBytes: number,
): Generator<LogRecord, void> {
  yield record({ type: 'store', version, drops });
  for (let start = 0; start < positions.length; start += POSITIONS_PER_RECORD)
    yield record({ type: 'sequences', positions: positions.slice(start, start + POSITIONS_PER_RECORD) });
  for (const { header, headFields, cut, history, stage } of tables) {
    const { fields } = cut.shape;
    yield record(
      { type: 'table', ...header },
      new IpcWriter(fields).stream([]),
      new IpcWriter(headFields).stream([]),
    );
    yield* markRecords(history.marks);
    const writer = new IpcWriter(fields);
    for (const rows of cut.rows.pieces(pieceBytes)) yield rowsRecord('rows', writer, rows);
    const keyFields = (cut.shape.key ?? []).map((name) => fields.find((field) => field.name === name)!);
    const keyWriter = new IpcWriter(keyFields);
    for (const rows of cut.deletions?.pieces(pieceBytes) ?? [])
      yield rowsRecord('deletions', keyWriter, rows);
    for (const publication of stage) yield* stagedRecords(publication, pieceBytes);
  }
}

function record(header: StateHeader, ...blobs: readonly Uint8Array[]): LogRecord {
  return { header, blobs };
}

function* markRecords(marks: readonly Mark[]): Generator<LogRecord, void> {
  for (let start = 0; start < marks.length; start += MARKS_PER_RECORD) {
    const stored = marks.slice(start, start + MARKS_PER_RECORD).map(({ columns, ...mark }) => ({
      ...mark,
      columns: columns === null ? null : [...columns],
    }));
    yield record({ type: 'marks', marks: stored });
  }
}

function rowsRecord(
  type: 'rows' | 'deletions',
  writer: IpcWriter,
  { batch, runs, slots }: WrittenRows,
): LogRecord {
  const numbers = Float64Array.from(runs.flatMap(({ rows, version, timeMs }) => [rows, version, timeMs]));
  return record(
    { type },
    new Uint8Array(numbers.buffer),
    slots === null ? new Uint8Array(0) : new Uint8Array(slots.buffer, slots.byteOffset, slots.byteLength),
    writer.stream([batch]),
  );
}

function* stagedRecords(publication: Publication, pieceBytes: number): Generator<LogRecord, void> {
  const writer = new IpcWriter(publication.fields);
  yield record({ type: 'staged', publication: storedPublication(publication) }, writer.stream([]));
  for (const batch of publication.batches)
    for (const slice of slices(batch, pieceBytes))
      yield record({ type: 'staged_rows' }, writer.stream([slice]));
}
