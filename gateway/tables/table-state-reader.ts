import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import type { Batch } from '../../protocol/arrow/vector.ts';
import type { WrittenRows } from '../../protocol/table/rows-cut.ts';
import { publicationOf, type StoredPublication } from '../log/entry-codec.ts';
import type { LogRecord } from '../log/log-record.ts';
import type { TableHead } from './admission.ts';
import type { StoredTable } from './stored-table.ts';
import type { Mark } from './table-history.ts';
import type { StateHeader, TableHeader } from './table-state.ts';
import type { TableStore } from './table-store.ts';

/** Fills a store without tables from the records of a snapshot, given in their order. */
export class TableStateReader {
  readonly #store: TableStore;
  #open: { table: StoredTable; header: TableHeader; head: TableHead; marks: Mark[] } | null = null;
  #staged: { publication: StoredPublication; data: IpcTable; batches: Batch[]; rowCount: number } | null =
    null;

  constructor(store: TableStore) {
    this.#store = store;
  }

  add({ header, blobs }: LogRecord): void {
    const state = header as StateHeader;
    if (state.type !== 'staged_rows') this.#endStaged();
    switch (state.type) {
      case 'store':
        return this.#store.restore(state);
      case 'sequences':
        for (const position of state.positions) this.#store.sequences.restore(...position);
        return;
      case 'table':
        return this.#begin(state, blobs);
      case 'marks':
        for (const { columns, ...mark } of state.marks)
          this.#open!.marks.push({ ...mark, columns: columns === null ? null : new Set(columns) });
        return;
      case 'rows':
        return this.#open!.table.live.rows.restore(writtenRows(blobs));
      case 'deletions':
        return this.#open!.table.live.restoreDeletions(writtenRows(blobs));
      case 'staged':
        this.#staged = { publication: state.publication, data: readIpc(blobs[0]!), batches: [], rowCount: 0 };
        return;
      case 'staged_rows': {
        const { batches, rowCount } = readIpc(blobs[0]!);
        this.#staged!.batches.push(...batches);
        this.#staged!.rowCount += rowCount;
        return;
      }
      default:
        state satisfies never;
    }
  }

  /** All records are given. */
  end(): void {
    this.#endStaged();
    this.#endTable();
  }

  #begin(header: TableHeader, blobs: readonly Uint8Array[]): void {
    this.#endTable();
    const head = { fields: readIpc(blobs[1]!).fields, key: header.head_key };
    const table = this.#store.restoreTable(header.name, head, header.created_at_ms);
    const { fields } = readIpc(blobs[0]!);
    if (fields.length > 0) {
      table.live.restore({
        fields,
        key: header.key,
        firstRow: header.first_row,
        slotCount: header.slot_count,
      });
    }
    table.retention = header.retention;
    table.chart = header.chart;
    table.chartChanged = header.chart_changed;
    table.op = header.op;
    table.lastPublicationMs = header.last_publication_ms;
    this.#open = { table, header, head, marks: [] };
  }

  #endTable(): void {
    if (this.#open === null) return;
    const { table, header, marks } = this.#open;
    table.history.restore({ marks, bytes: header.history_bytes, changed: header.changed });
    this.#open = null;
  }

  #endStaged(): void {
    if (this.#staged === null) return;
    const { publication, data, batches, rowCount } = this.#staged;
    this.#staged = null;
    this.#store.restoreStaged(
      publicationOf(publication, { fields: data.fields, batches, rowCount }, this.#open!.head),
    );
  }
}

function writtenRows([runBytes, slotBytes, arrow]: readonly Uint8Array[]): WrittenRows {
  const numbers = numbersOf(Float64Array, runBytes!);
  const runs = Array.from({ length: numbers.length / 3 }, (_, i) => ({
    rows: numbers[i * 3]!,
    version: numbers[i * 3 + 1]!,
    timeMs: numbers[i * 3 + 2]!,
  }));
  const slots = slotBytes!.length === 0 ? null : numbersOf(Uint32Array, slotBytes!);
  return { batch: readIpc(arrow!).batches[0]!, runs, slots };
}

function numbersOf<T>(
  kind: { new (buffer: ArrayBufferLike, offset: number, length: number): T; BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
): T {
  return new kind(bytes.buffer, bytes.byteOffset, bytes.byteLength / kind.BYTES_PER_ELEMENT);
}
