import type { ClientMessage, Since } from '../../protocol/client-message.ts';
import type { ChangeHeader, ServerMessage } from '../../protocol/server-message.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';
import { applyChange } from '../../protocol/table/replica-table.ts';
import { Replica, type ReplicaCommit } from '../replica.ts';
import type { ClientDrawing } from './client-drawing.ts';
import { Subscription, type SubscriptionSource } from './subscription.ts';
import { TableCursor } from './table-cursor.ts';
import { ALL_TABLES, WantedTables } from './wanted-tables.ts';

export interface FollowedTablesOptions {
  /** Sends on the line that is live; drops the message where none is. */
  readonly send: (message: ClientMessage) => void;
  /** Takes up another line where one is live. */
  readonly restart: () => void;
  /** Unix time. */
  readonly nowMs: () => number;
  readonly onError: (error: unknown) => void;
  readonly drawing?: Pick<ClientDrawing, 'changed' | 'committed'>;
}

/** The replica of all tables that some subscription wants, and what is to be said to the gateway so that it stays that. */
export class FollowedTables implements SubscriptionSource {
  readonly #options: FollowedTablesOptions;
  readonly #wanted = new WantedTables();
  readonly #subscriptions = new Set<Subscription>();
  readonly #cursors = new Set<TableCursor>();
  readonly #replica: Replica<LiveTable>;
  /** Whether the line began from nothing: all that is wanted is asked for whole. */
  #beganAnew = true;
  /** Whether a heartbeat has followed a commit on this line: what was asked for at its beginning has been answered. */
  #isSettled = false;
  #hasCommitOnLine = false;
  /** With `*`: whether every table that the gateway has is in the replica, which the first commit on a line brings. */
  #holdsAll = false;

  constructor(options: FollowedTablesOptions) {
    this.#options = options;
    this.#replica = this.#createReplica();
  }

  get tables(): ReadonlyMap<string, LiveTable> {
    return this.#replica.tables;
  }

  get position(): Since | null {
    return this.#replica.position;
  }

  isComplete(names: readonly string[]): boolean {
    if (this.#isSettled) return true;
    if (names.includes(ALL_TABLES)) return this.#holdsAll;
    return names.every((name) => this.tables.has(name));
  }

  follow(names: readonly string[]): Subscription {
    const subscription = new Subscription({
      names,
      source: this,
      onClose: () => {
        this.#subscriptions.delete(subscription);
        this.#unwant(names);
      },
    });
    this.#subscriptions.add(subscription);
    this.#want(names);
    return subscription;
  }

  /** A reader of one table's changes; the function ends it. */
  addCursor(name: string): { readonly cursor: TableCursor; readonly remove: () => void } {
    const cursor = new TableCursor(name);
    this.#cursors.add(cursor);
    return { cursor, remove: () => this.#cursors.delete(cursor) };
  }

  /** A new line begins: where it resumes; null to begin from nothing. */
  resumeAt(epoch: string): Since | null {
    this.#isSettled = false;
    this.#hasCommitOnLine = false;
    if (this.#wanted.isAll && !this.#holdsAll) this.#replica.beginAnew();
    const since = this.#replica.resumeAt(epoch);
    this.#beganAnew = since === null;
    if (this.#beganAnew) this.#holdsAll = false;
    return since;
  }

  /** What the line's first subscription asks for: of the wanted tables those that `since` holds for. */
  greeting(): '*' | readonly string[] {
    if (this.#wanted.isAll) return ALL_TABLES;
    return this.#wanted.names.filter((name) => this.#beganAnew || this.tables.has(name));
  }

  /** The line is live: the other tables are asked for whole. */
  lineIsUp(): void {
    const greeted = this.greeting();
    if (greeted !== ALL_TABLES) this.#ask(this.#wanted.names.filter((name) => !greeted.includes(name)));
  }

  message(message: ServerMessage): void {
    if (message.type === 'heartbeat' && this.#hasCommitOnLine && !this.#isSettled) {
      this.#isSettled = true;
      for (const subscription of [...this.#subscriptions]) subscription.note([]);
    }
    this.#replica.message(message);
  }

  binary(bytes: Uint8Array): void {
    this.#replica.binary(bytes);
  }

  /** Ends all loops over subscriptions, with the error where there is one. */
  end(error: Error | null): void {
    for (const subscription of [...this.#subscriptions]) {
      if (error === null) subscription.close();
      else subscription.fail(error);
    }
  }

  #createReplica(): Replica<LiveTable> {
    const replica = new Replica<LiveTable>({
      applyChange: (tables, change, ipc, at) => {
        // Of a table that is wanted no more, or again and not come yet, changes may still be under way.
        if (!this.#wanted.has(change.table) || (!change.snapshot && !tables.has(change.table))) return;
        applyChange(tables, change, ipc, at, (name) => new LiveTable(name, { keepsDeletions: true }));
        this.#noteDeletions(change);
      },
      onChange: (change) => {
        if (this.#wanted.has(change.table)) this.#options.drawing?.changed(change);
      },
      nowMs: this.#options.nowMs,
      onFault: (error) => {
        this.#options.onError(error);
        this.#holdsAll = false;
        for (const subscription of [...this.#subscriptions]) subscription.note(subscription.names);
        this.#options.restart();
      },
      onListenerError: this.#options.onError,
    });
    replica.onCommit((commit) => this.#committed(commit));
    return replica;
  }

  #noteDeletions(change: ChangeHeader): void {
    if (change.op !== 'delete') return;
    for (const cursor of this.#cursors) if (cursor.name === change.table) cursor.noteDeletions(change.rows);
  }

  #committed(commit: ReplicaCommit): void {
    const { version, changed } = commit;
    this.#options.drawing?.committed(commit);
    this.#hasCommitOnLine = true;
    if (this.#wanted.isAll) this.#holdsAll = true;
    for (const subscription of [...this.#subscriptions]) subscription.note(changed.keys());
    for (const name of changed.keys()) {
      const waiting = [...this.#cursors].filter((cursor) => cursor.name === name);
      this.tables
        .get(name)
        ?.forgetDeletions(Math.min(version, ...waiting.map((cursor) => cursor.version ?? version)));
    }
  }

  /** `*` is asked for at the beginning of a line alone: only there is it known what the answer holds. */
  #want(names: readonly string[]): void {
    const added = this.#wanted.add(names);
    if (added.includes(ALL_TABLES)) {
      this.#holdsAll = false;
      this.#options.restart();
    } else if (!this.#wanted.isAll) this.#ask(added);
  }

  #unwant(names: readonly string[]): void {
    const removed = this.#wanted.remove(names);
    for (const name of [...this.tables.keys()]) if (!this.#wanted.has(name)) this.#replica.forget(name);
    if (removed.includes(ALL_TABLES)) this.#options.restart();
    else if (removed.length > 0 && !this.#wanted.isAll)
      this.#options.send({ type: 'unsubscribe', tables: removed });
  }

  #ask(names: readonly string[]): void {
    if (names.length === 0) return;
    this.#isSettled = false;
    this.#options.send({ type: 'subscribe', tables: [...names] });
  }
}
