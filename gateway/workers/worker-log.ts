import type { Duplex } from 'node:stream';
import { TablecastError } from '../../protocol/errors.ts';
import { EntryReader } from '../log/entry-codec.ts';
import type { Log, LogEntry, Peers, SharedLog, SharedTexts } from '../log/log.ts';
import { readRecord } from '../log/log-record.ts';
import type { Commit } from '../tables/commit.ts';
import { TableStateReader } from '../tables/table-state-reader.ts';
import type { TableStore } from '../tables/table-store.ts';
import { FeedFrames, type FrameKind } from './feed-frames.ts';

export interface WorkerLogOptions {
  /** From the first process. */
  readonly stream: Duplex;
  readonly epoch: string;
  /** Without tables; it is filled with what the first process has. */
  readonly store: TableStore;
  readonly fold: (entry: LogEntry) => Commit | null;
}

const NO_PEERS: Peers = { viewers: 0, drawn: async () => [], serve() {} };
const NO_TEXTS: SharedTexts = { all: () => new Map(), set: async () => false, onChange() {} };
const ASK = Uint8Array.of(0);

/** Opens a worker's log: resolves once its tables are those of the first process. Rejects where that ends before. */
export async function openWorkerLog(options: WorkerLogOptions): Promise<WorkerLog> {
  const log = new WorkerLog(options);
  await Promise.race([log.begun, log.lost.then((error) => Promise.reject(error))]);
  return log;
}

/**
 * The log of a process that only shows: it is given what the first process has folded, in the same order, and appends
 * nothing itself, for what writes is passed on to that process.
 */
export class WorkerLog implements Log, SharedLog {
  readonly epoch: string;
  readonly isFull = false;
  readonly notReady = null;
  readonly leads = false;
  readonly lagMessages = 0;
  readonly peers = NO_PEERS;
  readonly texts = NO_TEXTS;
  readonly begun: Promise<void>;
  readonly lost: Promise<TablecastError>;
  readonly #options: WorkerLogOptions;
  readonly #state: TableStateReader;
  readonly #entries: EntryReader;
  readonly #frames = new FeedFrames();
  readonly #asking: (() => void)[] = [];
  #isLost = false;
  #begin: () => void = () => {};
  #lose: (error: TablecastError) => void = () => {};
  #onForeign: (commit: Commit) => void = () => {};

  constructor(options: WorkerLogOptions) {
    const { stream, store } = options;
    this.#options = options;
    this.epoch = options.epoch;
    this.#state = new TableStateReader(store);
    this.#entries = new EntryReader((table) => store.head(table));
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.lost = new Promise((resolve) => {
      this.#lose = (error) => {
        this.#isLost = true;
        resolve(error);
        for (const answer of this.#asking.splice(0)) answer();
      };
    });
    stream.on('data', (chunk: Uint8Array) => this.#add(chunk));
    const end = (cause?: Error) =>
      this.#lose(new TablecastError('shutting_down', 'The first process has ended.', { cause }));
    stream.on('error', end).once('close', () => end());
  }

  get shared(): SharedLog {
    return this;
  }

  #add(chunk: Uint8Array): void {
    try {
      this.#frames.add(chunk, (kind, bytes) => this.#take(kind, bytes));
    } catch (cause) {
      this.#options.stream.destroy();
      const detail = 'What the first process sent cannot be read.';
      this.#lose(new TablecastError('internal', detail, { cause }));
    }
  }

  #take(kind: FrameKind, bytes: Uint8Array<ArrayBuffer>): void {
    switch (kind) {
      case 'state':
        return this.#state.add(readRecord(bytes));
      case 'begun':
        this.#state.end();
        return this.#begin();
      case 'entry': {
        const commit = this.#options.fold(this.#entries.read(readRecord(bytes)));
        if (commit !== null) this.#onForeign(commit);
        return;
      }
      case 'mark':
        return this.#asking.shift()?.();
      default:
        kind satisfies never;
    }
  }

  onForeign(listener: (commit: Commit) => void): void {
    this.#onForeign = listener;
  }

  /** Resolves once everything is folded here that the first process had folded when it was asked, or where this is lost. */
  async caughtUp(): Promise<void> {
    if (this.#isLost) return;
    this.#options.stream.write(ASK);
    // Not a race with `lost`, which would remember each that ever asked.
    await new Promise<void>((resolve) => this.#asking.push(resolve));
  }

  away(): null {
    return null;
  }

  async room(): Promise<void> {}

  append(...[, , failed]: Parameters<Log['append']>): void {
    failed?.(new TablecastError('internal', 'A worker writes nothing; the first process does.'));
  }

  async close(): Promise<void> {
    this.#options.stream.destroy();
  }
}
