import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { ClientMessage, Since } from '../../protocol/client-message.ts';
import type { ChangeHeader, CommitMessage } from '../../protocol/server-message.ts';
import { type CommitPoint, LiveTable } from '../../protocol/table/live-table.ts';
import { applyChange } from '../../protocol/table/replica-table.ts';
import { PublishedCharts } from '../chart/published-charts.ts';
import { Replica, type ReplicaCommit } from '../replica.ts';
import type { Selection } from './app-model.ts';
import type { HeldCommit } from './commit-gate.ts';
import type { GatewayTableList } from './gateway-table.ts';
import { ShownTables } from './shown-tables.ts';

export interface PageTablesOptions {
  readonly selection: Selection;
  /** Sends on the line that is live. */
  readonly send: (message: ClientMessage) => void;
  readonly defer: (callback: () => void) => void;
  readonly onCommit: (commit: ReplicaCommit) => void;
  /** All that is shown may be there now, without a commit. */
  readonly onChange: () => void;
  /** What came could not be applied, and the replica is empty now. */
  readonly onFault: (error: unknown) => void;
  readonly onListenerError: (error: unknown) => void;
}

/** The tables that the page shows, as one replica; of the others it knows what the gateway's list says. */
export class PageTables {
  readonly charts = new PublishedCharts();
  readonly replica: Replica<LiveTable>;
  readonly shown: ShownTables;
  readonly #options: PageTablesOptions;
  readonly #names = signal<readonly string[]>([]);
  #list: GatewayTableList | null = null;
  /** The version at which a table last came or went, as commits say. */
  #listedVersion = Number.POSITIVE_INFINITY;

  constructor(options: PageTablesOptions) {
    this.#options = options;
    this.replica = new Replica<LiveTable>({
      applyChange: (tables, change, ipc, at) => this.#apply(tables, change, ipc, at),
      onChange: (change) => {
        if (this.shown.has(change.table)) this.charts.note(change);
      },
      nowMs: () => Date.now(),
      onFault: (error) => {
        this.#takeNames();
        options.onFault(error);
      },
      onListenerError: options.onListenerError,
    });
    this.shown = new ShownTables({
      tables: this.replica.tables,
      bytesOf: (name) => this.#list?.tables.get(name)?.bytes ?? 0,
      send: options.send,
      forget: (name) => this.replica.forget(name),
      onChange: () => {
        this.#takeNames();
        options.onChange();
      },
      defer: options.defer,
    });
    this.replica.onCommit((commit) => this.#takeCommit(commit));
  }

  /** Names of the tables that the replica has, sorted. */
  get names(): ReadonlySignal<readonly string[]> {
    return this.#names;
  }

  /** Whether all is there that is to be on screen. Where nothing is open, a table that is new may be about to be. */
  get isComplete(): boolean {
    const { selected, dashboard } = this.#options.selection;
    const isOpen = selected.peek() !== null || dashboard.peek() !== null;
    return isOpen ? this.shown.isComplete : this.#isListed();
  }

  /** A new line begins: where it resumes; null to begin from nothing. */
  lineBegins(epoch: string): Since | null {
    const since = this.replica.resumeAt(epoch);
    this.shown.lineBegins(since);
    return since;
  }

  /** The commit without what answers subscriptions to tables that were there before. */
  newsOf<Commit extends HeldCommit>(commit: Commit): Commit {
    const awaited = this.shown.awaited.peek();
    if (awaited.size === 0) return commit;
    return { ...commit, changed: new Map([...commit.changed].filter(([name]) => !awaited.has(name))) };
  }

  /** A commit comes: whether the gateway's list was asked for before a table came or went. */
  isListOutdated({ epoch, version, listed = version }: CommitMessage): boolean {
    this.#listedVersion = listed;
    return this.#list === null || this.#list.epoch !== epoch || this.#list.version < listed;
  }

  /** The gateway's list came: it says what there is to open. */
  takeList(list: GatewayTableList): void {
    this.#list = list;
    const names = [...list.tables.keys()].sort();
    // Others only wait in the stage.
    const committed = names.filter((name) => this.#isCommitted(name));
    this.#options.selection.selectDefault(committed.length > 0 ? committed : names);
    this.#compareList();
    this.#options.onChange();
  }

  #apply(
    tables: Map<string, LiveTable>,
    change: ChangeHeader,
    ipc: Uint8Array | null,
    at: CommitPoint,
  ): void {
    // Of a table that is shown no more, or again and not come yet, changes may still be under way.
    if (!this.shown.has(change.table) || (!change.snapshot && !tables.has(change.table))) return;
    applyChange(tables, change, ipc, at, (name) => new LiveTable(name, { keepsNumbers: true }));
  }

  #takeCommit(commit: ReplicaCommit): void {
    this.#options.onCommit(commit);
    this.shown.commit(commit);
    this.#compareList();
    this.#takeNames();
  }

  /** A list that is as new as the replica says which tables it waits for in vain. */
  #compareList(): void {
    if (this.#isListed()) this.shown.noteList((name) => this.#isCommitted(name));
  }

  /** Whether the list knows all tables there are, as far as commits tell. */
  #isListed(): boolean {
    const { position } = this.replica;
    return (
      position !== null && position.epoch === this.#list?.epoch && this.#listedVersion <= this.#list.version
    );
  }

  #isCommitted(name: string): boolean {
    return (this.#list?.tables.get(name)?.changed ?? 0) > 0;
  }

  #takeNames(): void {
    const names = [...this.replica.tables.keys()].sort();
    if (names.join('\n') !== this.#names.peek().join('\n')) this.#names.value = names;
  }
}
