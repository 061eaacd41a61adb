import type { Since } from '../protocol/client-message.ts';
import type { ChangeHeader, CommitMessage, ServerMessage } from '../protocol/server-message.ts';

/** What a whole commit did to the replica, told once after all of it was applied. */
export interface ReplicaCommit {
  readonly epoch: string;
  readonly version: number;
  /** The answer to a subscription: it brings the replica to the present and is no news of its own. */
  readonly isAnswer: boolean;
  /** Rows that came, per changed table; a dropped table stands here with 0. */
  readonly changed: ReadonlyMap<string, number>;
  /** Rows that went from the front by retention, per table. */
  readonly droppedFirst: ReadonlyMap<string, number>;
}

export interface ReplicaOptions<Table> {
  /** Applies one change to the tables; it may throw. */
  readonly applyChange: (
    tables: Map<string, Table>,
    change: ChangeHeader,
    ipc: Uint8Array | null,
    at: { readonly version: number; readonly timeMs: number },
  ) => void;
  /** A change of a commit that is applied, in order. */
  readonly onChange?: (change: ChangeHeader) => void;
  /** Unix time. */
  readonly nowMs: () => number;
  /** The replica could not follow and is empty now: subscribe anew. */
  readonly onFault: (error: unknown) => void;
  /** A listener threw; the others were told all the same. */
  readonly onListenerError: (error: unknown) => void;
}

interface Arriving<Table> {
  readonly commit: CommitMessage;
  /** Its changes that bring data, in order. */
  readonly awaited: readonly ChangeHeader[];
  /** Of each of those that came: its data, null where it went into `begun`. */
  readonly payloads: (Uint8Array | null)[];
  /** Tables that begin anew with this commit, as far as they came. */
  readonly begun: Map<string, Table>;
}

/**
 * A viewer's copy of its tables, always at exactly one version: a commit is collected whole, applied in one go, and
 * told once. Snapshots, which may be large, are built beside the tables as they come, and shown with their commit. Heartbeats may come between its parts. A new epoch, or a subscription without `since`, begins from nothing
 * with its first commit; until then the old tables stay readable.
 */
export class Replica<Table> {
  readonly #options: ReplicaOptions<Table>;
  readonly #tables = new Map<string, Table>();
  readonly #listeners = new Set<(commit: ReplicaCommit) => void>();
  #position: Since | null = null;
  /** Where to resume; null to begin from nothing. It outlives a line that broke before its first commit. */
  #held: Since | null = null;
  #startsAnew = true;
  #awaitsAnswer = true;
  #arriving: Arriving<Table> | null = null;

  constructor(options: ReplicaOptions<Table>) {
    this.#options = options;
  }

  get tables(): ReadonlyMap<string, Table> {
    return this.#tables;
  }

  /** Null before the first commit, and after a fault. */
  get position(): Since | null {
    return this.#position;
  }

  onCommit(listener: (commit: ReplicaCommit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The viewer wants this table no more; changes of it that are under way are {@link ReplicaOptions.applyChange}'s to leave out. */
  forget(table: string): void {
    this.#tables.delete(table);
    this.#arriving?.begun.delete(table);
  }

  /** The next line is to bring all tables as snapshots; those of now stay readable until then. */
  beginAnew(): void {
    this.#held = null;
  }

  /** A new line begins: what was half collected is void. Answers where to resume in this epoch. */
  resumeAt(epoch: string): Since | null {
    this.#arriving = null;
    this.#awaitsAnswer = true;
    this.#startsAnew = this.#held?.epoch !== epoch;
    return this.#startsAnew ? null : this.#held;
  }

  message(message: ServerMessage): void {
    if (message.type !== 'commit') return;
    if (this.#arriving !== null) {
      this.#fail(new Error('A commit began before the last one was whole.'));
      return;
    }
    const awaited = message.changes.filter((change) => change.op !== 'drop');
    this.#arriving = { commit: message, awaited, payloads: [], begun: new Map() };
    this.#takeIfWhole(this.#arriving);
  }

  binary(bytes: Uint8Array): void {
    if (this.#arriving === null) {
      this.#fail(new Error('Data came that no commit announced.'));
      return;
    }
    try {
      this.#arriving.payloads.push(this.#begin(this.#arriving, bytes) ? null : bytes);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#takeIfWhole(this.#arriving);
  }

  /** Whether the data was of a table that begins anew, which it went into. */
  #begin({ commit, awaited, payloads, begun }: Arriving<Table>, bytes: Uint8Array): boolean {
    const change = awaited[payloads.length];
    if (change === undefined || !(change.snapshot || begun.has(change.table))) return false;
    const at = { version: commit.version, timeMs: this.#options.nowMs() };
    this.#options.applyChange(begun, change, bytes, at);
    return true;
  }

  #takeIfWhole(arriving: Arriving<Table>): void {
    if (arriving.payloads.length < arriving.awaited.length) return;
    this.#arriving = null;
    try {
      this.#tell(this.#apply(arriving));
    } catch (error) {
      this.#fail(error);
    }
  }

  #apply({ commit, payloads, begun }: Arriving<Table>): ReplicaCommit {
    const { epoch, version } = commit;
    if (!this.#startsAnew && epoch !== this.#position?.epoch) {
      throw new Error('The epoch changed within one line.');
    }
    const changed = new Map<string, number>();
    const droppedFirst = new Map<string, number>();
    const at = { version, timeMs: this.#options.nowMs() };
    if (this.#startsAnew) {
      this.#clear(changed);
      this.#held = null;
    }
    let next = 0;
    for (const change of commit.changes) {
      const ipc = change.op === 'drop' ? null : payloads[next++]!;
      const anew = begun.get(change.table);
      if (change.op === 'drop' || ipc !== null) this.#options.applyChange(this.#tables, change, ipc, at);
      else if (anew !== undefined) this.#tables.set(change.table, anew);
      this.#options.onChange?.(change);
      changed.set(change.table, (changed.get(change.table) ?? 0) + change.rows);
      count(droppedFirst, change);
    }
    const isAnswer = this.#awaitsAnswer;
    this.#startsAnew = false;
    this.#awaitsAnswer = false;
    this.#position = { epoch, version };
    this.#held = this.#position;
    return { epoch, version, isAnswer, changed, droppedFirst };
  }

  #clear(changed: Map<string, number>): void {
    for (const name of this.#tables.keys()) changed.set(name, 0);
    this.#tables.clear();
  }

  #fail(error: unknown): void {
    this.#arriving = null;
    this.#position = null;
    this.#held = null;
    this.#startsAnew = true;
    this.#tables.clear();
    this.#options.onFault(error);
  }

  #tell(commit: ReplicaCommit): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(commit);
      } catch (error) {
        this.#options.onListenerError(error);
      }
    }
  }
}

function count(droppedFirst: Map<string, number>, change: ChangeHeader): void {
  if (change.snapshot) droppedFirst.delete(change.table);
  if (change.op === 'append' && change.drop_first !== undefined) {
    droppedFirst.set(change.table, (droppedFirst.get(change.table) ?? 0) + change.drop_first);
  }
}
