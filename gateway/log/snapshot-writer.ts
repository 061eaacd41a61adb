import { type LogRecord, type PreparedRecord, prepareRecord } from './log-record.ts';
import type { SnapshotMeta } from './log-store.ts';

export interface SnapshotWriterOptions {
  /** All tables as they are now, as records that are made one by one. */
  readonly cut: () => Iterator<LogRecord, void>;
  /** The last whole one. */
  readonly last: SnapshotMeta | null;
  readonly lastId: number;
  /** The number of the first entry that is not folded, and the bytes of those that were since the last snapshot. */
  readonly nextEntry: number;
  readonly loggedBytes: number;
  /** The log grows by so many bytes, and by as many as the last snapshot has, before the next one is begun. */
  readonly minLoggedBytes?: number;
}

/** Some records of a snapshot, to be stored together. */
export interface SnapshotSlice {
  readonly id: number;
  readonly first: number;
  readonly records: readonly PreparedRecord[];
  /** What is whole once these are stored; null where more follow. */
  readonly completed: SnapshotMeta | null;
}

interface OpenSnapshot {
  readonly id: number;
  readonly nextEntry: number;
  readonly source: Iterator<LogRecord, void>;
  records: number;
  bytes: number;
}

const MIN_LOGGED_BYTES = 256 * 1024 * 1024;
const SLICE_BYTES = 2 * 1024 * 1024;
const SLICE_MS = 5;

/** Decides when the tables are written down whole, so that entries before can go, and hands that out in slices. */
export class SnapshotWriter {
  readonly #options: SnapshotWriterOptions;
  #last: SnapshotMeta | null;
  #lastId: number;
  #nextEntry: number;
  #loggedBytes: number;
  #open: OpenSnapshot | null = null;

  constructor(options: SnapshotWriterOptions) {
    this.#options = options;
    this.#last = options.last;
    this.#lastId = options.lastId;
    this.#nextEntry = options.nextEntry;
    this.#loggedBytes = options.loggedBytes;
  }

  /** Whether {@link next} has something. */
  get isActive(): boolean {
    return this.#open !== null;
  }

  /** Whether records of a snapshot that is not whole yet were handed out. */
  get hasHandedOut(): boolean {
    return this.#open !== null && this.#open.records > 0;
  }

  /** The next entry was folded; a snapshot begins where it is time, of the tables as they are with it. */
  folded(byteLength: number): void {
    this.#nextEntry++;
    this.#loggedBytes += byteLength;
    const { minLoggedBytes = MIN_LOGGED_BYTES } = this.#options;
    if (this.#open === null && this.#loggedBytes >= Math.max(minLoggedBytes, this.#last?.bytes ?? 0))
      this.#begin();
  }

  #begin(): void {
    this.#loggedBytes = 0;
    this.#open = {
      id: ++this.#lastId,
      nextEntry: this.#nextEntry,
      source: this.#options.cut(),
      records: 0,
      bytes: 0,
    };
  }

  /** The next slice of the snapshot that is being written, made now; null where none is. */
  next(): SnapshotSlice | null {
    const open = this.#open;
    if (open === null) return null;
    const first = open.records;
    const endMs = performance.now() + SLICE_MS;
    const records: PreparedRecord[] = [];
    let bytes = 0;
    let isWhole = false;
    while (!isWhole && bytes < SLICE_BYTES && performance.now() < endMs) {
      const { value, done } = open.source.next();
      if (done === true) {
        isWhole = true;
        break;
      }
      const record = prepareRecord(value as LogRecord);
      records.push(record);
      bytes += record.byteLength;
    }
    open.records += records.length;
    open.bytes += bytes;
    const { id, nextEntry } = open;
    const completed = isWhole ? { id, nextEntry, records: open.records, bytes: open.bytes } : null;
    return { id, first, records, completed };
  }

  /** What was handed out is stored. */
  stored({ completed }: SnapshotSlice): void {
    if (completed === null) return;
    this.#open = null;
    this.#last = completed;
  }

  /** What was handed out could not be stored; the log grows as much again before the next attempt. */
  abandon(): void {
    this.#open = null;
  }
}
