import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { PublishedCharts } from '../chart/published-charts.ts';
import { Client, type ClientEnvironment, type ClientState } from '../client/client.ts';
import type { ClientDrawing, DrawingSource } from '../client/client-drawing.ts';
import type { Subscription } from '../client/subscription.ts';
import { RenderScheduler } from '../render-scheduler.ts';

/** The version that elements show, on screen. */
export interface DrawnVersion {
  readonly epoch: string;
  readonly version: number;
}

export interface ElementGatewayOptions {
  /** Ends with a slash. */
  readonly url: string;
  readonly window: Window;
  readonly environment: ClientEnvironment;
}

/** One gateway as all elements of a page see it: one line, one replica, drawn at most once a frame. */
export class ElementGateway {
  readonly url: string;
  readonly charts = new PublishedCharts();
  readonly scheduler: RenderScheduler;
  readonly state: ReadonlySignal<ClientState>;
  readonly #client: Client;
  readonly #abort = new AbortController();
  readonly #drawnListeners = new Set<(drawn: DrawnVersion) => void>();
  #source: DrawingSource | null = null;
  #drawn: DrawnVersion | null = null;

  /** @throws TablecastError `bad_parameter` where the address is none */
  constructor({ url, window, environment }: ElementGatewayOptions) {
    this.url = url;
    const isVisible = () => window.document.visibilityState === 'visible';
    this.scheduler = new RenderScheduler({
      clock: environment.clock,
      requestFrame: (callback) => window.requestAnimationFrame(callback),
      cancelFrame: (handle) => window.cancelAnimationFrame(handle),
      isVisible,
      onRendered: (version) => this.#rendered(version),
      onViewError: environment.onError,
    });
    this.#client = new Client({ urls: [url], token: null, environment, drawing: this.#drawing(isVisible) });
    const state = signal<ClientState>(this.#client.state);
    this.state = state;
    this.#client.onState((next) => {
      state.value = next;
    });
    const { signal: ended } = this.#abort;
    const onVisibility = () => {
      this.#source?.send({ type: 'visibility', visible: isVisible() });
      this.scheduler.visibilityChanged();
      if (isVisible()) this.#source?.retryNow();
    };
    window.document.addEventListener('visibilitychange', onVisibility, { signal: ended });
    window.addEventListener('online', () => this.#source?.retryNow(), { signal: ended });
  }

  /** All tables that some element follows, as they are now. */
  get tables(): ReadonlyMap<string, LiveTable> {
    return this.#source?.tables ?? new Map();
  }

  /** @throws TablecastError `bad_name` */
  subscribe(table: string): Subscription {
    return this.#client.subscribe(table);
  }

  /** The version on screen; null before the first, and while a newer one has come, of which `onDrawn` is to tell. */
  get drawnNow(): DrawnVersion | null {
    const position = this.#client.position;
    const isNewest = position?.epoch === this.#drawn?.epoch && position?.version === this.#drawn?.version;
    return isNewest ? this.#drawn : null;
  }

  /** Tells each version once it is on screen; the function that it answers ends that. */
  onDrawn(listener: (drawn: DrawnVersion) => void): () => void {
    this.#drawnListeners.add(listener);
    return () => this.#drawnListeners.delete(listener);
  }

  close(): void {
    this.#abort.abort();
    this.#client.close();
    this.scheduler.close();
    this.#drawnListeners.clear();
  }

  #drawing(isVisible: () => boolean): ClientDrawing {
    return {
      begin: (source) => {
        this.#source = source;
      },
      isVisible,
      lineBegins: () => this.scheduler.newLine(),
      changed: (change) => this.charts.note(change),
      committed: ({ version, changed, droppedFirst }) =>
        this.scheduler.commit(version, changed.keys(), droppedFirst),
    };
  }

  #rendered(version: number): void {
    this.#source?.send({ type: 'rendered', version });
    const epoch = this.#client.position?.epoch;
    if (epoch === undefined) return;
    this.#drawn = { epoch, version };
    for (const listener of [...this.#drawnListeners]) listener(this.#drawn);
  }
}
