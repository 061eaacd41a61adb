import { batch, computed, signal } from '@preact/signals-core';
import type { ServerMessage } from '../protocol/server-message.ts';
import { LiveTable } from '../protocol/table/live-table.ts';
import { applyChange } from '../protocol/table/replica-table.ts';
import { type ChartSpecs, createChartSpecs } from './chart/chart-specs.ts';
import { PublishedCharts } from './chart/published-charts.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { RenderScheduler } from './render-scheduler.ts';
import { Replica, type ReplicaCommit } from './replica.ts';
import { type AppModel, createSelection, type Selection } from './shell/app-model.ts';
import { createCatchUp } from './shell/catch-up.ts';
import { CommitGate } from './shell/commit-gate.ts';
import { createAppModel } from './shell/create-app-model.ts';
import { type FirstRowsLoader, loadFirstRows } from './shell/first-rows.ts';
import { createGatewayKnowledge, type GatewayKnowledge } from './shell/gateway-knowledge.ts';
import { pageMode } from './shell/page-mode.ts';
import { bindPauseKeys } from './shell/pause-keys.ts';
import { createPausing, type Pausing } from './shell/pausing.ts';
import { createPreferences, type Preferences } from './shell/preferences.ts';
import { TableActivity } from './shell/table-activity.ts';
import { createWindowClock, liveUrl, storageOf } from './window-environment.ts';

const TICK_MS = 1000;
/** Of commits that come while the viewer pauses; beyond, they are asked for anew afterwards. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** The page's parts put together: the line to the gateway, the replica, the scheduler, and the signals that elements read. */
export class Page {
  readonly model: AppModel;
  readonly #window: Window & typeof globalThis;
  readonly #baseUrl: string;
  readonly #connectionState = signal<ConnectionState>('connecting');
  readonly #version = signal<number | null>(null);
  readonly #hasVersion = computed(() => this.#version.value !== null);
  readonly #nowMs = signal(Date.now());
  readonly #replicaNames = signal<readonly string[]>([]);
  readonly #activity = new TableActivity();
  readonly #charts = new PublishedCharts();
  readonly #catchUp = createCatchUp();
  readonly #selection: Selection;
  readonly #chartSpecs: ChartSpecs;
  readonly #preferences: Preferences;
  readonly #replica: Replica<LiveTable>;
  readonly #gate: CommitGate;
  readonly #pausing: Pausing;
  readonly #scheduler: RenderScheduler;
  readonly #connection: Connection;
  readonly #known: GatewayKnowledge;
  readonly #firstRows: FirstRowsLoader;
  readonly #abort = new AbortController();
  /** The newest version that came, on screen or not. */
  #reachedVersion = 0;

  constructor(window: Window & typeof globalThis) {
    this.#window = window;
    this.#baseUrl = new URL('.', window.document.baseURI).href;
    this.#selection = createSelection(window.location, window.history);
    this.#chartSpecs = createChartSpecs({
      location: window.location,
      history: window.history,
      storage: storageOf(window),
      selected: this.#selection.selected,
    });
    this.#preferences = createPreferences({
      window,
      storage: storageOf(window),
      onError: (error) => this.#logError(error),
    });
    this.#replica = this.#createReplica();
    this.#gate = new CommitGate({
      onMessage: (message) => this.#replica.message(message),
      onBinary: (bytes) => this.#replica.binary(bytes),
      onHeld: (commit) => {
        this.#reached(commit);
        this.#pausing.held(commit);
      },
      maxHeldBytes: MAX_HELD_BYTES,
    });
    this.#pausing = this.#createPausing();
    this.#scheduler = this.#createScheduler();
    this.#known = createGatewayKnowledge({
      window,
      baseUrl: this.#baseUrl,
      isVisible: () => this.#isVisible(),
      onTables: () => this.#selectDefault(),
    });
    this.#firstRows = this.#loadFirstRows();
    this.#connection = this.#connect();
    this.model = this.#createModel();
    this.#listen();
  }

  close(): void {
    this.#abort.abort();
    this.#connection.close();
    this.#known.close();
    this.#firstRows.close();
    this.#scheduler.close();
    this.#chartSpecs.close();
    this.#preferences.close();
  }

  #isVisible(): boolean {
    return this.#window.document.visibilityState === 'visible';
  }

  /** Whether commits are drawn as they come: a paused viewer counts as a hidden one. */
  #isDrawing(): boolean {
    return this.#isVisible() && this.#pausing.waiting.peek() === null;
  }

  #logError(error: unknown): void {
    this.#window.console.error(error);
  }

  #createReplica(): Replica<LiveTable> {
    const replica = new Replica<LiveTable>({
      applyChange: (tables, change, ipc, at) => {
        applyChange(tables, change, ipc, at, (name) => new LiveTable(name, { keepsNumbers: true }));
        this.#charts.note(change);
      },
      nowMs: () => Date.now(),
      onFault: (error) => {
        this.#logError(error);
        this.#gate.abandon();
        this.#takeNames();
        this.#connection.restart();
      },
      onListenerError: (error) => this.#logError(error),
    });
    replica.onCommit((commit) => this.#takeCommit(commit));
    return replica;
  }

  #createPausing(): Pausing {
    return createPausing({
      gate: this.#gate,
      activity: this.#activity,
      position: () => this.#replica.position,
      requestFrame: (callback) => this.#window.requestAnimationFrame(callback),
      onChange: () => this.#connection.send({ type: 'visibility', visible: this.#isDrawing() }),
      onLost: () => this.#connection.restart(),
    });
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

  #connect(): Connection {
    return new Connection({
      url: liveUrl(this.#baseUrl),
      createSocket: (url, subprotocol) => new this.#window.WebSocket(url, subprotocol),
      clock: createWindowClock(this.#window),
      random: () => Math.random(),
      tables: '*',
      isVisible: () => this.#isDrawing(),
      resumeAt: (epoch) => {
        this.#scheduler.newLine();
        this.#gate.newLine();
        return this.#replica.resumeAt(epoch);
      },
      onMessage: (message) => this.#takeMessage(message),
      onBinary: (bytes) => this.#gate.binary(bytes),
      onState: (state) => {
        this.#connectionState.value = state;
        if (state !== 'live') return;
        this.#catchUp.lineIsUp();
        this.#known.refresh();
      },
    });
  }

  #loadFirstRows(): FirstRowsLoader {
    return loadFirstRows({
      baseUrl: this.#baseUrl,
      fetch: (input, init) => this.#window.fetch(input, init),
      after: createWindowClock(this.#window).after,
      selected: this.#selection.selected,
      hasVersion: this.#hasVersion,
    });
  }

  #createModel(): AppModel {
    return createAppModel({
      preferences: this.#preferences,
      mode: pageMode(this.#window.location.href),
      connection: this.#connectionState,
      isBehind: this.#catchUp.isBehind,
      pausing: this.#pausing,
      version: this.#version,
      hasVersion: this.#hasVersion,
      nowMs: this.#nowMs,
      gatewayTables: this.#known.tables,
      rejections: this.#known.rejections,
      isLoginNeeded: this.#known.isLoginNeeded,
      replicaNames: this.#replicaNames,
      selected: this.#selection.selected,
      dashboard: this.#selection.dashboard,
      tables: this.#replica.tables,
      firstRows: this.#firstRows.rows,
      charts: this.#charts,
      chartSpecs: this.#chartSpecs,
      activity: this.#activity,
      scheduler: this.#scheduler,
      select: (table) => this.#selection.select(table),
      openDashboard: (name) => this.#selection.openDashboard(name),
      updateData: () => this.#known.updateData(),
    });
  }

  #listen(): void {
    const { signal: ended } = this.#abort;
    const { document } = this.#window;
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal: ended });
    this.#window.addEventListener('online', () => this.#connection.retryNow(), { signal: ended });
    if (this.model.mode === 'full')
      ended.addEventListener(
        'abort',
        bindPauseKeys(document, this.model.singleKeys.isOn, this.#pausing.toggle),
      );
    const tick = this.#window.setInterval(() => {
      if (this.#isVisible()) this.#nowMs.value = Date.now();
    }, TICK_MS);
    ended.addEventListener('abort', () => this.#window.clearInterval(tick));
  }

  #takeMessage(message: ServerMessage): void {
    if (message.type === 'heartbeat') this.#catchUp.heartbeat(message.version, this.#reachedVersion);
    this.#gate.message(message);
  }

  #takeCommit(commit: ReplicaCommit): void {
    if (!this.#gate.isReleasing) this.#reached(commit);
    this.#takeNames();
    this.#scheduler.commit(commit.version, commit.changed.keys(), commit.droppedFirst);
  }

  #reached(commit: Pick<ReplicaCommit, 'version' | 'isAnswer' | 'changed'>): void {
    this.#reachedVersion = commit.version;
    this.#catchUp.commit(commit.version);
    this.#activity.note(commit, Date.now());
  }

  #takeNames(): void {
    const names = [...this.#replica.tables.keys()].sort();
    if (names.join('\n') !== this.#replicaNames.peek().join('\n')) this.#replicaNames.value = names;
    this.#selection.selectDefault(names);
  }

  /** Tables that only wait in the stage are known by the gateway alone. */
  #selectDefault(): void {
    if (this.#version.peek() !== null && this.#selection.selected.peek() === null)
      this.#selection.selectDefault([...this.#known.tables.peek().keys()].sort());
  }

  #rendered(version: number): void {
    this.#window.document.documentElement.dataset.version = String(version);
    this.#connection.send({ type: 'rendered', version });
    batch(() => {
      this.#version.value = version;
      this.#nowMs.value = Date.now();
    });
    this.#selectDefault();
  }

  #visibilityChanged(): void {
    this.#connection.send({ type: 'visibility', visible: this.#isDrawing() });
    this.#scheduler.visibilityChanged();
    if (!this.#isVisible()) return;
    this.#nowMs.value = Date.now();
    this.#connection.retryNow();
    this.#known.refresh();
  }
}
