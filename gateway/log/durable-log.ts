import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import type { Commit } from '../tables/commit.ts';
import { entryRecord } from './entry-codec.ts';
import type { Log, LogEntry } from './log.ts';
import { type PreparedRecord, prepareRecord } from './log-record.ts';
import type { LogStore, RecordGroup, WriteJob } from './log-store.ts';
import type { SnapshotSlice, SnapshotWriter } from './snapshot-writer.ts';

export interface DurableLogOptions {
  readonly epoch: string;
  readonly store: LogStore;
  /** The number of the next entry. */
  readonly nextEntry: number;
  readonly snapshots: SnapshotWriter;
  readonly fold: (entry: LogEntry) => Commit | null;
  /** The entry will be folded after all before it. */
  readonly expect: (entry: LogEntry) => void;
  /** What was expected and is not folded yet never will be. */
  readonly forgetExpected: () => void;
  readonly onFault: (error: unknown) => void;
  /** Beyond so many bytes that wait to be stored or folded the log is full. */
  readonly maxWaitingBytes?: number;
}

interface Waiting {
  readonly entry: LogEntry;
  readonly record: PreparedRecord;
  readonly folded: ((commit: Commit | null) => void) | undefined;
  readonly failed: ((error: TablecastError) => void) | undefined;
}

const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** What is written at once, if there is more than one entry of it. */
const GROUP_BYTES = 8 * 1024 * 1024;
/** So long entries are folded before other work has its turn. */
const FOLD_MS = 8;

/**
 * A log that stores entries before it folds them: all that wait while the disk is busy are written together with the next
 * write, so a slow disk makes larger groups, not a longer queue. Nothing of it blocks; whoever appends looks at `isFull`.
 */
export class DurableLog implements Log {
  readonly epoch: string;
  readonly shared = null;
  readonly #options: DurableLogOptions;
  #waiting: Waiting[] = [];
  /** Stored, and to be folded. */
  #stored: Waiting[] = [];
  /** Of entries that are neither folded nor failed. */
  #bytes = 0;
  #nextEntry: number;
  #working: Promise<void> | null = null;
  #folding: NodeJS.Immediate | null = null;
  #mayClean = true;
  #isClosed = false;
  #closing: Promise<void> | null = null;
  #wanting: (() => void)[] = [];

  constructor(options: DurableLogOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.#nextEntry = options.nextEntry;
    this.#start();
  }

  get isFull(): boolean {
    return !this.#isClosed && this.#bytes >= (this.#options.maxWaitingBytes ?? MAX_WAITING_BYTES);
  }

  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#wanting.push(resolve));
  }

  append(entry: LogEntry, folded?: Waiting['folded'], failed?: Waiting['failed']): void {
    if (this.#isClosed) {
      failed?.(new TablecastError('shutting_down', 'The gateway is stopping and stores nothing more.'));
      return;
    }
    const record = prepareRecord(entryRecord(entry));
    this.#options.expect(entry);
    this.#bytes += record.byteLength;
    this.#waiting.push({ entry, record, folded, failed });
    this.#start();
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #work(): Promise<void> {
    const { snapshots } = this.#options;
    // What comes in the same turn of the event loop is written together.
    await new Promise(setImmediate);
    for (;;) {
      const mayClean = this.#mayClean && !snapshots.isActive && !this.#isClosed;
      const hasMore = this.#waiting.length > 0 || (snapshots.isActive && !this.#isClosed);
      if (hasMore) await this.#write();
      else if (!mayClean) return;
      if (mayClean && !snapshots.hasHandedOut) await this.#clean();
    }
  }

  async #write(): Promise<void> {
    const group = this.#takeGroup();
    const slice = this.#isClosed ? null : this.#nextSlice();
    const isStored = slice !== null && (await this.#writeSnapshot(group, slice));
    try {
      if (!isStored && group.length > 0)
        await this.#options.store.write(writeJob(this.#nextEntry, group, null));
    } catch (thrown) {
      return this.#fail(group, toTablecastError(thrown));
    }
    this.#nextEntry += group.length;
    for (const waiting of group) this.#stored.push(waiting);
    this.#fold();
  }

  #nextSlice(): SnapshotSlice | null {
    try {
      return this.#options.snapshots.next();
    } catch (error) {
      this.#abandonSnapshot(error);
      return null;
    }
  }

  /** Writes entries with a piece of the snapshot; where that fails they may still fit by themselves. */
  async #writeSnapshot(group: readonly Waiting[], slice: SnapshotSlice): Promise<boolean> {
    try {
      await this.#options.store.write(writeJob(this.#nextEntry, group, slice));
    } catch (error) {
      this.#abandonSnapshot(error);
      return false;
    }
    this.#options.snapshots.stored(slice);
    if (slice.completed !== null) this.#mayClean = true;
    return true;
  }

  #abandonSnapshot(error: unknown): void {
    this.#options.snapshots.abandon();
    this.#mayClean = true;
    this.#options.onFault(error);
  }

  #takeGroup(): Waiting[] {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length; count++) {
      bytes += this.#waiting[count]!.record.byteLength;
      if (count > 0 && bytes > GROUP_BYTES) break;
    }
    return this.#waiting.splice(0, count);
  }

  /** Folds what is stored for a while; the rest has its turn after what else the event loop has to do. */
  #fold(): void {
    if (this.#folding !== null) return;
    const endMs = performance.now() + FOLD_MS;
    let count = 0;
    while (count < this.#stored.length && performance.now() < endMs) this.#foldOne(this.#stored[count++]!);
    this.#stored.splice(0, count);
    if (this.#stored.length > 0) {
      this.#folding = setImmediate(() => {
        this.#folding = null;
        this.#fold();
      });
    }
    this.#release();
  }

  #foldOne({ entry, record, folded }: Waiting): void {
    const { fold, onFault, snapshots } = this.#options;
    this.#bytes -= record.byteLength;
    try {
      const commit = fold(entry);
      snapshots.folded(record.byteLength);
      folded?.(commit);
    } catch (error) {
      // A listener's fault, or the fold's own, which would meet it again at the next start.
      onFault(error);
    }
  }

  #foldAll(): void {
    if (this.#folding !== null) clearImmediate(this.#folding);
    this.#folding = null;
    for (const waiting of this.#stored.splice(0)) this.#foldOne(waiting);
  }

  /** What waits was admitted in the belief that the group before it is taken, so it fails with it. */
  #fail(group: readonly Waiting[], error: TablecastError): void {
    this.#foldAll();
    const failing = [...group, ...this.#waiting.splice(0)];
    for (const { record } of failing) this.#bytes -= record.byteLength;
    this.#options.forgetExpected();
    this.#mayClean = true;
    for (const { failed } of failing) {
      try {
        failed?.(error);
      } catch (thrown) {
        this.#options.onFault(thrown);
      }
    }
    this.#release();
  }

  #release(): void {
    if (this.isFull) return;
    for (const resume of this.#wanting.splice(0)) resume();
  }

  async #clean(): Promise<void> {
    try {
      this.#mayClean = await this.#options.store.clean();
    } catch (error) {
      this.#mayClean = false;
      this.#options.onFault(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    while (this.#working !== null) await this.#working;
    this.#foldAll();
    this.#release();
    await this.#options.store.close();
  }
}

/** One buffer with all records, each at a multiple of 8. */
function writeJob(nextEntry: number, group: readonly Waiting[], slice: SnapshotSlice | null): WriteJob {
  const records = [...group.map(({ record }) => record), ...(slice?.records ?? [])];
  const buffer = new Uint8Array(records.reduce((sum, record) => sum + record.byteLength, 0));
  const spans: [number, number][] = [];
  let at = 0;
  for (const record of records) {
    const end = at + record.byteLength;
    record.writeTo(buffer.subarray(at, end));
    spans.push([at, end]);
    at = end;
  }
  const entries: RecordGroup = { first: nextEntry, spans: spans.slice(0, group.length) };
  const snapshot =
    slice === null ? null : { id: slice.id, first: slice.first, spans: spans.slice(group.length) };
  return { buffer, entries, snapshot, completed: slice?.completed ?? null };
}
