import type { RecordPage } from './record-pieces.ts';

/** How long an entry that is called stored lasts: beyond a loss of power, or beyond the end of the process alone. */
export type SyncMode = 'always' | 'interval';

/** The last whole snapshot of the tables: their state after all entries before `nextEntry`. */
export interface SnapshotMeta {
  readonly id: number;
  readonly nextEntry: number;
  readonly records: number;
  readonly bytes: number;
}

export interface StoredLog {
  readonly epoch: string;
  readonly snapshot: SnapshotMeta | null;
  /** The next snapshot has a higher one. */
  readonly lastSnapshotId: number;
}

/** Records in one buffer, with their numbers in turn from `first`. */
export interface RecordGroup {
  readonly first: number;
  readonly spans: readonly (readonly [start: number, end: number])[];
}

/** What is stored together or not at all. */
export interface WriteJob {
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly entries: RecordGroup;
  readonly snapshot: (RecordGroup & { readonly id: number }) | null;
  /** The snapshot that is whole with this. */
  readonly completed: SnapshotMeta | null;
}

/** Which records to read: entries of the log, or those of a snapshot. */
export type RecordSeries = { readonly type: 'entries' } | { readonly type: 'snapshot'; readonly id: number };

/**
 * Where a log lies on disk. One call at a time.
 *
 * Methods reject with TablecastError `bad_data_dir`, `data_dir_damaged`, `data_dir_in_use`, `log_write_failed`.
 */
export interface LogStore {
  /** Opens it, makes it where it is new, and takes it over: whoever had it opened before can write no more. */
  open(): Promise<StoredLog>;
  read(series: RecordSeries, from: number, maxBytes: number): Promise<RecordPage>;
  /** The buffer is handed over. */
  write(job: WriteJob): Promise<void>;
  /** Removes some of what a whole snapshot has made needless; whether there was any. Not while one is written. */
  clean(): Promise<boolean>;
  /** Stores all of it for good. */
  close(): Promise<void>;
}
