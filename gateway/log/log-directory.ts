import { randomUUID } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { type Database, open, type RootDatabase, type Transaction } from 'lmdb';
import { TablecastError } from '../../protocol/errors.ts';
import { bootId } from './boot-id.ts';
import { checkDataFile, prepareDirectory } from './data-file.ts';
import type { RecordSeries, SnapshotMeta, StoredLog, SyncMode, WriteJob } from './log-store.ts';
import { pageDamage, pageDamageIn } from './page-damage.ts';
import {
  createScratch,
  type PieceDb,
  putRecord,
  type RecordPage,
  readPage,
  removeRange,
} from './record-pieces.ts';

/** Of what lies in the directory; another one is another program's. */
const FORMAT = 1;
/** So long one transaction removes what is needless, so that it keeps up with the writing that it alternates with. */
const CLEAN_MS = 20;

interface Identity {
  readonly format: number;
  readonly epoch: string;
  readonly created_at_ms: number;
}

/** How the log was last written: whether a loss of power may have taken commits that viewers saw. */
interface Run {
  readonly owner: string;
  readonly sync: SyncMode;
  readonly boot: string | null;
  readonly closed: boolean;
}

export interface LogDirectoryOptions {
  readonly path: string;
  readonly sync: SyncMode;
  readonly isReadOnly?: boolean;
}

/**
 * A log in a directory, by LMDB: databases `meta`, `entries` and `snapshots`. All calls block, so it lives in a thread
 * of its own.
 *
 * @throws TablecastError `bad_data_dir`, `data_dir_damaged`
 */
export class LogDirectory {
  readonly #options: LogDirectoryOptions;
  readonly #owner = randomUUID();
  readonly #scratch = createScratch();
  readonly #root: RootDatabase<Buffer, number[]>;
  readonly #meta: Database<unknown, string>;
  readonly #entries: PieceDb;
  readonly #snapshots: PieceDb;
  /** Of a reader: the log as it was at the beginning. */
  readonly #view: { readonly transaction?: Transaction };
  #snapshot: SnapshotMeta | null = null;
  #needsSync = false;

  constructor(options: LogDirectoryOptions) {
    const { path, sync, isReadOnly = false } = options;
    this.#options = options;
    if (!isReadOnly) prepareDirectory(path);
    checkDataFile(path, { isTried: isReadOnly });
    try {
      this.#root = open(path, {
        noSubdir: false,
        overlappingSync: false,
        noSync: sync === 'interval' && !isReadOnly,
        readOnly: isReadOnly,
        maxDbs: 4,
        encoding: 'binary',
      });
      const databases = [
        this.#root.openDB<unknown, string>('meta', { encoding: 'json' }),
        this.#root.openDB<Buffer, number[]>('entries', { encoding: 'binary' }),
        this.#root.openDB<Buffer, number[]>('snapshots', { encoding: 'binary' }),
      ] as const;
      if (databases.some((database) => database === undefined)) throw new Error('it holds no log');
      this.#meta = databases[0];
      this.#entries = databases[1];
      this.#snapshots = databases[2];
      this.#view = isReadOnly ? { transaction: this.#root.useReadTransaction() } : {};
    } catch (cause) {
      throw unusable(path, cause);
    }
  }

  /** What is there, without a change; null in a new directory. */
  look(): StoredLog | null {
    const identity = this.#meta.get('log', this.#view) as Identity | undefined;
    if (identity === undefined) return null;
    if (identity.format !== FORMAT) {
      throw new TablecastError(
        'bad_data_dir',
        `The data directory ${this.#options.path} has format ${identity.format}, and this program knows ${FORMAT}; give --data-dir another one.`,
      );
    }
    this.#snapshot = (this.#meta.get('snapshot', this.#view) as SnapshotMeta | undefined) ?? null;
    return { epoch: identity.epoch, snapshot: this.#snapshot, lastSnapshotId: this.#lastSnapshotId() };
  }

  /** One that was never whole may have left records of a higher number. */
  #lastSnapshotId(): number {
    const [key] = [...this.#snapshots.getKeys({ reverse: true, limit: 1, ...this.#view })];
    return Math.max(key?.[0] ?? 0, this.#snapshot?.id ?? 0);
  }

  /** Takes the log over: whoever had it before can write no more. */
  own(): StoredLog {
    const before = this.look();
    const run = this.#meta.get('run') as Run | undefined;
    const boot = bootId();
    // Commits that viewers saw may be lost: their versions must not be taken for others.
    const mayHaveLost = run?.sync === 'interval' && !run.closed && (boot === null || boot !== run.boot);
    const epoch = before === null || mayHaveLost ? randomUUID() : before.epoch;
    try {
      this.#transact(() => {
        if (before?.epoch !== epoch)
          this.#meta.putSync('log', { format: FORMAT, epoch, created_at_ms: Date.now() } satisfies Identity);
        this.#putRun(false);
      });
    } catch (cause) {
      // Pages that are free are looked at by the first write.
      const damage = pageDamageIn(cause);
      throw damage === null ? cause : pageDamage(this.#options.path, damage, cause);
    }
    return { epoch, snapshot: this.#snapshot, lastSnapshotId: this.#lastSnapshotId() };
  }

  #putRun(closed: boolean): void {
    const { sync } = this.#options;
    this.#meta.putSync('run', { owner: this.#owner, sync, boot: bootId(), closed } satisfies Run);
  }

  read(series: RecordSeries, from: number, maxBytes: number): RecordPage {
    const view = this.#view;
    return series.type === 'entries'
      ? readPage(this.#entries, { series: [], what: 'entry', view }, from, maxBytes)
      : readPage(this.#snapshots, { series: [series.id], what: 'snapshot record', view }, from, maxBytes);
  }

  /** @throws TablecastError `log_write_failed`, `data_dir_in_use`; then nothing of it is stored */
  write({ buffer, entries, snapshot, completed }: WriteJob): void {
    this.#transact(() => {
      this.#checkOwner();
      // A write that failed at its very end may be there all the same.
      if (this.#entries.doesExist([entries.first, 0])) this.#removeFrom(entries.first);
      entries.spans.forEach(([start, end], i) => {
        putRecord(this.#entries, [], entries.first + i, buffer.subarray(start, end), this.#scratch);
      });
      snapshot?.spans.forEach(([start, end], i) => {
        const bytes = buffer.subarray(start, end);
        putRecord(this.#snapshots, [snapshot.id], snapshot.first + i, bytes, this.#scratch);
      });
      if (completed !== null) this.#meta.putSync('snapshot', completed);
    });
    if (completed !== null) this.#snapshot = completed;
  }

  #removeFrom(entry: number): void {
    for (const key of [...this.#entries.getKeys({ start: [entry] })]) this.#entries.removeSync(key);
  }

  #checkOwner(): void {
    if ((this.#meta.get('run') as Run | undefined)?.owner === this.#owner) return;
    throw new TablecastError(
      'data_dir_in_use',
      'Another gateway has taken over the data directory; end one of the two.',
    );
  }

  /** Must not be called while a snapshot is written. */
  clean(): boolean {
    const kept = this.#snapshot;
    const endMs = performance.now() + CLEAN_MS;
    let removed = false;
    this.#transact(() => {
      this.#checkOwner();
      removed =
        (kept !== null && removeRange(this.#entries, { end: [kept.nextEntry] }, endMs)) ||
        removeRange(this.#snapshots, { end: [kept?.id ?? 0] }, endMs) ||
        removeRange(this.#snapshots, { start: [(kept?.id ?? -1) + 1] }, endMs);
    });
    return removed;
  }

  #transact(work: () => void): void {
    try {
      this.#root.transactionSync(() => {
        work();
      });
      this.#needsSync = true;
    } catch (cause) {
      if (cause instanceof TablecastError) throw cause;
      throw new TablecastError('log_write_failed', writeFailure(this.#options.path, cause), { cause });
    }
  }

  /** Where `interval` has left something to the operating system. */
  async sync(): Promise<void> {
    if (!this.#needsSync) return;
    this.#needsSync = false;
    const { env } = this.#root as unknown as { env: { sync(done: (error?: Error) => void): void } };
    await new Promise<void>((resolve) => env.sync(() => resolve()));
  }

  async close(): Promise<void> {
    if (this.#options.isReadOnly !== true) {
      if (this.#options.sync === 'interval') await this.sync();
      try {
        this.#transact(() => {
          this.#checkOwner();
          this.#putRun(true);
        });
        if (this.#options.sync === 'interval') await this.sync();
      } catch {
        // It only counts as not closed in order.
      }
    }
    this.#view.transaction?.done();
    await this.#root.close();
  }
}

function writeFailure(path: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  let room = '';
  try {
    const { bavail, bsize } = statfsSync(path);
    room = `; its disk has ${bavail * bsize} bytes left`;
  } catch {
    // The reason alone, then.
  }
  return `The data directory cannot be written (${reason}${room}); nothing more is taken until it can.`;
}

function unusable(path: string, cause: unknown): TablecastError {
  if (cause instanceof TablecastError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TablecastError(
    'bad_data_dir',
    `The data directory ${path} cannot be used (${reason}); give --data-dir one of a gateway, or a new one.`,
    { cause },
  );
}
