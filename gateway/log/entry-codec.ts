import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import type { Header, Op, Retention } from '../../protocol/header.ts';
import { admit, type TableHead } from '../tables/admission.ts';
import type { Publication } from '../tables/publication.ts';
import type { SequenceNumber, TakenSequence } from '../tables/sequence-position.ts';
import { TableSchemas } from '../tables/table-schemas.ts';
import type { CommitScope, LogEntry } from './log.ts';
import type { LogRecord } from './log-record.ts';

/** A publication in a record, its Arrow message apart. */
export interface StoredPublication {
  readonly table: string;
  readonly op: Op;
  readonly key: readonly string[] | null;
  readonly bytes: number;
  readonly received_at_ms: number;
  readonly sent_at_ms?: number;
  readonly retention?: Retention | null;
  readonly chart?: Header['chart'];
  readonly sequence?: TakenSequence;
  readonly number?: SequenceNumber;
}

interface StoredEntry {
  readonly publications: readonly StoredPublication[];
  readonly commit: { readonly scope: CommitScope; readonly timeMs: number } | null;
}

/** An entry as it is stored: its publications' headers as they were settled, their Arrow messages as they came. */
export function entryRecord({ publications, messages, commit }: LogEntry): LogRecord {
  const header: StoredEntry = { publications: publications.map(storedPublication), commit };
  const blobs = messages ?? publications.map(({ fields, batches }) => new IpcWriter(fields).stream(batches));
  return { header, blobs };
}

export function storedPublication(publication: Publication): StoredPublication {
  const { table, op, key, byteLength, receivedAtMs, sentAtMs, retention, chart, sequence, number } =
    publication;
  return {
    table,
    op,
    key,
    bytes: byteLength,
    received_at_ms: receivedAtMs,
    ...(sentAtMs === undefined ? {} : { sent_at_ms: sentAtMs }),
    ...(retention === undefined ? {} : { retention }),
    ...(chart === undefined ? {} : { chart }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(number === undefined ? {} : { number }),
  };
}

export function publicationOf(
  stored: StoredPublication,
  data: Pick<IpcTable, 'fields' | 'batches' | 'rowCount'>,
  head: TableHead | null,
): Publication {
  const { table, op, key, bytes, received_at_ms, sent_at_ms, retention, chart, sequence, number } = stored;
  return {
    table,
    op,
    key,
    fields: data.fields,
    batches: data.batches,
    rowCount: data.rowCount,
    byteLength: bytes,
    head,
    receivedAtMs: received_at_ms,
    ...(sent_at_ms === undefined ? {} : { sentAtMs: sent_at_ms }),
    ...(retention === undefined ? {} : { retention }),
    ...(chart === undefined ? {} : { chart }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(number === undefined ? {} : { number }),
  };
}

/**
 * Reads entries in the order of the log: each publication is admitted again, against what the ones before it have made of
 * its table, and so gets the same head as it had.
 */
export class EntryReader {
  readonly #headOf: (table: string) => TableHead | null;
  readonly #schemas = new TableSchemas();

  /** `headOf`: what a table is when all entries read before are applied. */
  constructor(headOf: (table: string) => TableHead | null) {
    this.#headOf = headOf;
  }

  /** @throws what reading Arrow and admitting throw, where the record is none of {@link entryRecord} */
  read({ header, blobs }: LogRecord): LogEntry {
    const { publications, commit } = header as StoredEntry;
    // Of one table there may be several in an entry.
    const heads = new Map<string, TableHead | null>();
    return {
      publications: publications.map((stored, i) => this.#publication(stored, blobs[i]!, heads)),
      commit,
    };
  }

  #publication(
    stored: StoredPublication,
    arrow: Uint8Array,
    heads: Map<string, TableHead | null>,
  ): Publication {
    const { table, op, key } = stored;
    const data = readIpc(arrow, this.#schemas.of(table));
    const before = heads.has(table) ? (heads.get(table) ?? null) : this.#headOf(table);
    const { head } = admit(table, key === null ? { op } : { op, key }, data, before);
    if (head !== null) heads.set(table, head);
    return publicationOf(stored, data, head);
  }
}
