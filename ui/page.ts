import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals-core';
import type { ServerMessage } from '../protocol/server-message.ts';
import { type ChartSpecs, createChartSpecs } from './chart/chart-specs.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { RenderScheduler } from './render-scheduler.ts';
import type { ReplicaCommit } from './replica.ts';
import { type AppModel, createSelection, type Selection } from './shell/app-model.ts';
import { createCatchUp } from './shell/catch-up.ts';
import { CommitGate, type HeldCommit, MAX_HELD_BYTES } from './shell/commit-gate.ts';
import { createAppModel } from './shell/create-app-model.ts';
import { type FirstRowsLoader, loadFirstRows } from './shell/first-rows.ts';
import { createGatewayKnowledge, type GatewayKnowledge } from './shell/gateway-knowledge.ts';
import { pageMode } from './shell/page-mode.ts';
import { PageTables } from './shell/page-tables.ts';
import { bindPauseKeys } from './shell/pause-keys.ts';
import { createPausing, type Pausing } from './shell/pausing.ts';
import { createPreferences, type Preferences } from './shell/preferences.ts';
import { TableActivity } from './shell/table-activity.ts';
import { COMMITS_AHEAD, TakenReports } from './taken-reports.ts';
import { createWindowClock, lineEnvironment, liveUrl, storageOf } from './window-environment.ts';

const TICK_MS = 1000;

/** The page's parts put together: the line to the gateway, the replica, the scheduler, and the signals that elements read. */
export class Page {
  readonly model: AppModel;
  readonly #window: Window & typeof globalThis;
  readonly #baseUrl: string;
  readonly #connectionState = signal<ConnectionState>('connecting');
  readonly #version = signal<number | null>(null);
  readonly #hasVersion = computed(() => this.#version.value !== null);
  readonly #nowMs = signal(Date.now());
  readonly #activity = new TableActivity();
  readonly #catchUp = createCatchUp();
  readonly #selection: Selection;
  readonly #chartSpecs: ChartSpecs;
  readonly #preferences: Preferences;
  readonly #tables: PageTables;
  readonly #gate: CommitGate;
  readonly #pausing: Pausing;
  readonly #scheduler: RenderScheduler;
  readonly #connection: Connection;
  readonly #taken: TakenReports;
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
    this.#tables = this.#createTables();
    this.#taken = new TakenReports((message) => this.#connection.send(message));
    this.#gate = new CommitGate({
      onMessage: (message) => this.#tables.replica.message(message),
      onBinary: (bytes) => this.#tables.replica.binary(bytes),
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
      onTables: (list) => {
        this.#activity.noteList(list, Date.now());
        this.#tables.takeList(list);
      },
    });
    this.#firstRows = this.#loadFirstRows(this.#selection.selected);
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

  #createTables(): PageTables {
    return new PageTables({
      selection: this.#selection,
      send: (message) => this.#connection.send(message),
      defer: (callback) => this.#window.queueMicrotask(callback),
      onCommit: (commit) => this.#takeCommit(commit),
      onChange: () => this.#scheduler.completed(),
      onFault: (error) => {
        this.#logError(error);
        this.#gate.abandon();
        this.#connection.restart();
      },
      onListenerError: (error) => this.#logError(error),
    });
  }

  #createPausing(): Pausing {
    return createPausing({
      gate: this.#gate,
      activity: this.#activity,
      position: () => this.#tables.replica.position,
      requestFrame: (callback) => this.#window.requestAnimationFrame(callback),
      onChange: () => this.#tellVisibility(),
      onLost: () => this.#connection.restart(),
    });
  }

  #createScheduler(): RenderScheduler {
    return new RenderScheduler({
      requestFrame: (callback) => this.#window.requestAnimationFrame(callback),
      cancelFrame: (handle) => this.#window.cancelAnimationFrame(handle),
      isVisible: () => this.#isVisible(),
      clock: createWindowClock(this.#window),
      isComplete: () => this.#preferences.language.isReady.peek() && this.#tables.isComplete,
      onRendered: (version) => this.#rendered(version),
      onViewError: (error) => this.#logError(error),
    });
  }

  #connect(): Connection {
    const shown = this.#tables.shown;
    return new Connection({
      url: liveUrl(this.#baseUrl),
      ...lineEnvironment(this.#window),
      get tables() {
        return shown.greeting;
      },
      lists: true,
      rests: true,
      ahead: COMMITS_AHEAD,
      isVisible: () => this.#isDrawing(),
      resumeAt: (epoch) => {
        this.#scheduler.newLine();
        this.#gate.newLine();
        this.#taken.newLine();
        return this.#tables.lineBegins(epoch);
      },
      onMessage: (message) => this.#takeMessage(message),
      onBinary: (bytes) => this.#gate.binary(bytes),
      onState: (state) => {
        this.#connectionState.value = state;
        shown.lineIsDown();
        if (state !== 'live') return;
        shown.lineIsUp();
        this.#catchUp.lineIsUp();
        this.#known.refresh();
      },
    });
  }

  #loadFirstRows(table: ReadonlySignal<string | null>): FirstRowsLoader {
    return loadFirstRows({
      baseUrl: this.#baseUrl,
      fetch: (input, init) => this.#window.fetch(input, init),
      after: createWindowClock(this.#window).after,
      table,
      hasVersion: this.#hasVersion,
      isAwaited: (name) => this.#tables.shown.awaited.value.has(name),
      sizeOf: (name) => this.#known.tables.value.get(name) ?? null,
      isListed: this.#known.isListed,
      hold: (name) => this.#tables.shown.hold(name),
      isPaused: () => this.#pausing.waiting.value !== null,
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
      rowsPerSecond: this.#known.rowsPerSecond,
      rejections: this.#known.rejections,
      isLoginNeeded: this.#known.isLoginNeeded,
      replicaNames: this.#tables.names,
      selected: this.#selection.selected,
      dashboard: this.#selection.dashboard,
      tables: this.#tables.replica.tables,
      shownTables: this.#tables.shown,
      firstRows: this.#firstRows.rows,
      loadFirstRows: (table) => this.#loadFirstRows(signal(table)),
      charts: this.#tables.charts,
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
    const { selected } = this.#selection;
    const stops = [
      () => this.#window.clearInterval(tick),
      effect(() => (selected.value === null ? undefined : this.#tables.shown.show(selected.value))),
      effect(() => {
        if (this.#preferences.language.isReady.value) this.#scheduler.completed();
      }),
    ];
    ended.addEventListener('abort', () => {
      for (const stop of stops) stop();
    });
  }

  #takeMessage(message: ServerMessage): void {
    if (message.type === 'heartbeat') this.#catchUp.heartbeat(message.version, this.#reachedVersion);
    if (message.type === 'commit' && this.#tables.isListOutdated(message)) this.#known.noteNews();
    this.#gate.message(message);
  }

  #takeCommit(commit: ReplicaCommit): void {
    if (!this.#gate.isReleasing) this.#reached(commit);
    this.#scheduler.commit(commit.version, commit.changed.keys(), commit.droppedFirst);
  }

  #reached(commit: HeldCommit): void {
    this.#reachedVersion = commit.version;
    this.#taken.took(commit.version);
    this.#catchUp.commit(commit.version);
    this.#activity.note(this.#tables.newsOf(commit), Date.now());
  }

  #rendered(version: number): void {
    this.#window.document.documentElement.dataset.version = String(version);
    this.#connection.send({ type: 'rendered', version });
    this.#taken.rendered(version);
    batch(() => {
      this.#version.value = version;
      this.#nowMs.value = Date.now();
    });
  }

  #tellVisibility(): void {
    this.#connection.send({ type: 'visibility', visible: this.#isDrawing() });
  }

  #visibilityChanged(): void {
    this.#tellVisibility();
    this.#scheduler.visibilityChanged();
    if (!this.#isVisible()) return;
    this.#nowMs.value = Date.now();
    this.#connection.retryNow();
    this.#known.refresh();
  }
}
