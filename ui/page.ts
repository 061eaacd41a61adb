import { batch, computed, signal } from '@preact/signals-core';
import type { LiveTable } from '../protocol/table/live-table.ts';
import { applyChange } from '../protocol/table/replica-table.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { en } from './locales/en.ts';
import { RenderScheduler } from './render-scheduler.ts';
import { Replica, type ReplicaCommit } from './replica.ts';
import { type AppModel, createSelection, type Selection } from './shell/app-model.ts';
import { type GatewayTable, type GatewayTables, pollGatewayTables } from './shell/gateway-tables.ts';
import { TableActivity } from './shell/table-activity.ts';
import { createThemeControl, type ThemeControl } from './shell/theme.ts';
import { createWindowClock, liveUrl, storageOf } from './window-environment.ts';

const TICK_MS = 1000;
/** Instead of a status, where the gateway could not be reached. */
const NO_ANSWER = 0;

/** The page's parts put together: the line to the gateway, the replica, the scheduler, and the signals that elements read. */
export class Page {
  readonly model: AppModel;
  readonly #window: Window & typeof globalThis;
  readonly #baseUrl: string;
  readonly #connectionState = signal<ConnectionState>('connecting');
  readonly #version = signal<number | null>(null);
  readonly #nowMs = signal(Date.now());
  readonly #replicaNames = signal<readonly string[]>([]);
  readonly #gatewayTables = signal<ReadonlyMap<string, GatewayTable>>(new Map());
  readonly #rejectionCount = signal(0);
  readonly #activity = new TableActivity();
  readonly #selection: Selection;
  readonly #theme: ThemeControl;
  readonly #replica: Replica<LiveTable>;
  readonly #scheduler: RenderScheduler;
  readonly #connection: Connection;
  readonly #poll: GatewayTables;
  readonly #abort = new AbortController();

  constructor(window: Window & typeof globalThis) {
    this.#window = window;
    this.#baseUrl = new URL('.', window.document.baseURI).href;
    this.#selection = createSelection(window.location, window.history);
    this.#theme = createThemeControl({
      root: window.document.documentElement,
      storage: storageOf(window),
      systemIsDark: window.matchMedia('(prefers-color-scheme: dark)'),
    });
    this.#replica = this.#createReplica();
    this.#scheduler = this.#createScheduler();
    this.#poll = this.#createPoll();
    this.#connection = this.#connect();
    this.model = this.#createModel();
    this.#listen();
  }

  close(): void {
    this.#abort.abort();
    this.#connection.close();
    this.#poll.close();
    this.#scheduler.close();
    this.#theme.close();
  }

  #isVisible(): boolean {
    return this.#window.document.visibilityState === 'visible';
  }

  #logError(error: unknown): void {
    this.#window.console.error(error);
  }

  #createReplica(): Replica<LiveTable> {
    const replica = new Replica<LiveTable>({
      applyChange,
      nowMs: () => Date.now(),
      onFault: (error) => {
        this.#logError(error);
        this.#takeNames();
        this.#connection.restart();
      },
      onListenerError: (error) => this.#logError(error),
    });
    replica.onCommit((commit) => this.#takeCommit(commit));
    return replica;
  }

  #createScheduler(): RenderScheduler {
    return new RenderScheduler({
      requestFrame: (callback) => this.#window.requestAnimationFrame(callback),
      cancelFrame: (handle) => this.#window.cancelAnimationFrame(handle),
      isVisible: () => this.#isVisible(),
      onRendered: (version) => this.#rendered(version),
      onViewError: (error) => this.#logError(error),
    });
  }

  #createPoll(): GatewayTables {
    return pollGatewayTables({
      baseUrl: this.#baseUrl,
      fetch: (input, init) => this.#window.fetch(input, init),
      after: createWindowClock(this.#window).after,
      isVisible: () => this.#isVisible(),
      onTables: (tables) => {
        this.#gatewayTables.value = tables;
        // Tables that only wait in the stage are known by the gateway alone.
        if (this.#version.peek() !== null) this.#selection.selectDefault([...tables.keys()].sort());
      },
      onRejections: (count) => {
        this.#rejectionCount.value = count;
      },
    });
  }

  #connect(): Connection {
    return new Connection({
      url: liveUrl(this.#baseUrl),
      createSocket: (url, subprotocol) => new this.#window.WebSocket(url, subprotocol),
      clock: createWindowClock(this.#window),
      random: () => Math.random(),
      tables: '*',
      isVisible: () => this.#isVisible(),
      resumeAt: (epoch) => {
        this.#scheduler.newLine();
        return this.#replica.resumeAt(epoch);
      },
      onMessage: (message) => this.#replica.message(message),
      onBinary: (bytes) => this.#replica.binary(bytes),
      onState: (state) => {
        this.#connectionState.value = state;
        if (state === 'live') this.#poll.refresh();
      },
    });
  }

  #createModel(): AppModel {
    const names = () =>
      [...new Set([...this.#replicaNames.value, ...this.#gatewayTables.value.keys()])].sort();
    return {
      texts: en,
      connection: this.#connectionState,
      version: this.#version,
      nowMs: this.#nowMs,
      gatewayTables: this.#gatewayTables,
      rejectionCount: this.#rejectionCount,
      tableNames: computed(names),
      selected: this.#selection.selected,
      isListOpen: signal(false),
      tables: this.#replica.tables,
      activity: this.#activity,
      scheduler: this.#scheduler,
      theme: this.#theme,
      select: (table) => this.#selection.select(table),
      updateData: () => this.#updateData(),
    };
  }

  #listen(): void {
    const { signal: ended } = this.#abort;
    const { document } = this.#window;
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal: ended });
    this.#window.addEventListener('online', () => this.#connection.retryNow(), { signal: ended });
    const tick = this.#window.setInterval(() => {
      if (this.#isVisible()) this.#nowMs.value = Date.now();
    }, TICK_MS);
    ended.addEventListener('abort', () => this.#window.clearInterval(tick));
  }

  #takeCommit(commit: ReplicaCommit): void {
    this.#activity.note(commit, Date.now());
    this.#takeNames();
    this.#scheduler.commit(commit.version, commit.changed.keys(), commit.droppedFirst);
  }

  #takeNames(): void {
    const names = [...this.#replica.tables.keys()].sort();
    if (names.join('\n') !== this.#replicaNames.peek().join('\n')) this.#replicaNames.value = names;
    this.#selection.selectDefault(names);
  }

  #rendered(version: number): void {
    this.#window.document.documentElement.dataset.version = String(version);
    this.#connection.send({ type: 'rendered', version });
    batch(() => {
      this.#version.value = version;
      this.#nowMs.value = Date.now();
    });
  }

  #visibilityChanged(): void {
    this.#connection.send({ type: 'visibility', visible: this.#isVisible() });
    this.#scheduler.visibilityChanged();
    if (!this.#isVisible()) return;
    this.#nowMs.value = Date.now();
    this.#connection.retryNow();
    this.#poll.refresh();
  }

  async #updateData(): Promise<number> {
    const response = await this.#window
      .fetch(`${this.#baseUrl}update_data`, { method: 'POST' })
      .catch(() => null);
    this.#poll.refresh();
    return response?.status ?? NO_ANSWER;
  }
}
