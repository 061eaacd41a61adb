import { Intake } from '../../gateway/intake.ts';
import { Broadcaster } from '../../gateway/live/broadcaster.ts';
import { Receipts } from '../../gateway/live/receipts.ts';
import type { CommitScope, Log } from '../../gateway/log/log.ts';
import { createMemoryLog } from '../../gateway/log/memory-log.ts';
import { Rejections } from '../../gateway/rejections.ts';
import { SequenceTracker } from '../../gateway/sequence/sequence-tracker.ts';
import type { Commit } from '../../gateway/tables/commit.ts';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';

const UNBOUNDED = { maxTables: 100, maxStagedBytes: 1e12, maxMemoryBytes: 1e12 };

export const EPOCH = 'this-epoch';

/** The topic, header and Arrow frames of a message from the bus. */
export type Frames = readonly Uint8Array[];

export interface LiveEngineOptions {
  readonly history: HistoryLimits;
  /** A commit is made, and no viewer has been told of it. */
  readonly onCommit?: (commit: Commit) => void;
  readonly maxStallMs?: number;
}

/** Everything between the bus and the viewers' sockets, without either; its clock stands still until it is moved. */
export class LiveEngine {
  readonly store: TableStore;
  readonly broadcaster: Broadcaster;
  readonly #log: Log;
  readonly #intake: Intake;
  readonly #onCommit: (commit: Commit) => void;
  readonly #faults: unknown[] = [];
  nowMs = 1_700_000_000_000;

  constructor({ history, onCommit = () => {}, maxStallMs = Number.POSITIVE_INFINITY }: LiveEngineOptions) {
    const now = () => this.nowMs;
    this.store = new TableStore({ history, ...UNBOUNDED });
    this.#log = createMemoryLog({ epoch: EPOCH, fold: (entry) => this.store.apply(entry) });
    this.broadcaster = new Broadcaster({
      store: this.store,
      epoch: EPOCH,
      receipts: new Receipts({ now }),
      onFault: (error) => void this.#faults.push(error),
      maxStallMs,
    });
    this.#onCommit = (commit) => {
      onCommit(commit);
      this.broadcaster.publish(commit);
    };
    this.#intake = new Intake({
      sequence: new SequenceTracker({ store: this.store, now: () => 0, monotonicMs: () => 0 }),
      store: this.store,
      log: this.#log,
      rejections: new Rejections({ max: 10 }),
      commitMode: 'auto',
      maxMessageBytes: 1e12,
      now,
      onCommit: this.#onCommit,
      onRejected: () => {},
    });
  }

  /** Takes messages that arrive together. */
  publish(...messages: readonly Frames[]): void {
    this.#intake.takeMessages(messages.map((frames) => ({ source: 'sub', frames })));
  }

  commit(scope: CommitScope): void {
    this.#log.append({ publications: [], commit: { scope, timeMs: this.nowMs } }, (commit) => {
      if (commit !== null) this.#onCommit(commit);
    });
  }

  /** Time passes, and retention takes what has grown too old. */
  pass(ms: number): void {
    this.nowMs += ms;
    const expired = this.store.expired(this.nowMs);
    if (expired.length > 0) this.commit({ type: 'retention', tables: expired });
  }

  /** Throws the first fault of serving a viewer, if there was any. */
  check(): void {
    if (this.#faults.length > 0) throw this.#faults[0];
  }

  close(): void {
    this.broadcaster.close();
  }
}
