import type { ChildProcess } from 'node:child_process';
import type { FastifyBaseLogger } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayConfig } from '../config.ts';
import type { DrawnTimes, OwnViewers, RenderAsk } from '../log/log.ts';
import { addReadings, NO_VIEWERS, type ViewerReadings } from '../metrics/viewer-readings.ts';
import type { WorkerReadings } from '../metrics/worker-metrics.ts';
import { cutStore } from '../tables/table-state.ts';
import type { TableStore } from '../tables/table-store.ts';
import { ConnectionDesk } from './connection-desk.ts';
import { Feed } from './feed.ts';
import { createPrivatePaths, type PrivatePaths } from './private-paths.ts';
import { forkWorker, WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';

export interface WorkerPoolOptions {
  readonly config: GatewayConfig;
  readonly pageDirectory: string;
  readonly logger: FastifyBaseLogger;
  /** Starts a worker's process. */
  readonly fork?: () => ChildProcess;
}

/** What the pool needs once there are tables. */
export interface WorkerTables {
  readonly store: TableStore;
  readonly epoch: string;
}

/** Intake waits where a worker that answers is so far behind. */
const MAX_LAG_BYTES = 64 * 1024 * 1024;
const STATE_PIECE_BYTES = 1024 * 1024;
const TICK_MS = 1000;
/** A worker that ends is started again: at once, then after longer and longer while it keeps ending. */
const MIN_RESTART_MS = 100;
const MAX_RESTART_MS = 5000;
/** One that has gone on for so long does not count as one that keeps ending. */
const STEADY_MS = 10_000;
/** Beyond the drain of a worker's own server; the whole gateway has less than 5 s to end in. */
const CLOSE_MS = 3500;

const forkMain = () => forkWorker(new URL('./worker-main.js', import.meta.url));

/** The processes that serve viewers: one that ends is started again, and goes on with the tables as they are then. */
export class WorkerPool {
  readonly feed = new Feed({ maxLagBytes: MAX_LAG_BYTES });
  readonly viewers: OwnViewers = {
    count: () => this.#sum(({ viewers }) => viewers),
    drawn: (ask) => this.#drawn(ask),
  };
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  readonly #desk = new ConnectionDesk({ workers: () => this.#workers.values() });
  readonly #paths: PrivatePaths = createPrivatePaths();
  #tables: WorkerTables | null = null;
  #ticking: NodeJS.Timeout | null = null;
  #restarts = 0;
  #restartMs = MIN_RESTART_MS;
  /** Of workers that have ended. */
  #counted: ViewerReadings = NO_VIEWERS;
  #closing: Promise<void> | null = null;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Where the first process is to answer what workers pass on. */
  get forwardPath(): string {
    return this.#paths.path('first');
  }

  /** Listens, and rejects with Node's own error where it cannot. Connections wait until workers are ready. */
  listen(): Promise<number> {
    return this.#desk.listen(this.#options.config);
  }

  /** Resolves once all workers serve. @throws TablecastError `internal` where one ends before */
  async start(tables: WorkerTables): Promise<void> {
    this.#tables = tables;
    const numbers = Array.from({ length: this.#options.config.workers }, (_, i) => i + 1);
    await Promise.all(numbers.map((number) => this.#begin(number)));
    this.#ticking = setInterval(() => {
      for (const worker of this.#workers.values()) worker.tick();
      // Connections may wait for one that has fallen silent.
      this.#desk.handOut();
    }, TICK_MS);
  }

  #begin(number: number): Promise<void> {
    const { config, pageDirectory, fork = forkMain } = this.#options;
    const { store, epoch } = this.#tables!;
    const begunMs = performance.now();
    const listenPath = this.#paths.path(`worker-${number}-${this.#restarts}`);
    return new Promise((resolve, reject) => {
      const ended = (how: string) => {
        if (performance.now() - begunMs > STEADY_MS) this.#restartMs = MIN_RESTART_MS;
        this.#ended(number, how);
        reject(new TablecastError('internal', `Worker ${number} ended before it was ready (${how}).`));
      };
      const options: WorkerProcessOptions = {
        fork,
        start: { number, config, epoch, pageDirectory, forwardPath: this.forwardPath, listenPath },
        feed: this.feed,
        state: () => cutStore(store, STATE_PIECE_BYTES),
        onReady: ({ pid }) => {
          this.#options.logger.info({ worker: number, workerPid: pid }, 'a worker serves');
          this.#tellViewers();
          this.#desk.handOut();
          resolve();
        },
        onFree: () => this.#desk.handOut(),
        onViewers: () => this.#tellViewers(),
        onEnded: ({ readings }, how) => {
          this.#counted = addReadings(this.#counted, readings);
          ended(how);
        },
      };
      try {
        this.#workers.set(number, new WorkerProcess(options));
      } catch (error) {
        ended(String(error));
      }
    });
  }

  #ended(number: number, how: string): void {
    this.#workers.delete(number);
    this.#desk.handOut();
    this.#tellViewers();
    // While all are started for the first time, whoever starts them is told.
    if (this.#closing !== null || this.#ticking === null) return;
    this.#options.logger.error({ worker: number, how }, 'a worker ended and is started again');
    setTimeout(() => {
      if (this.#closing !== null) return;
      this.#restarts++;
      this.#begin(number).catch(() => {});
    }, this.#restartMs);
    this.#restartMs = Math.min(MAX_RESTART_MS, this.#restartMs * 2);
  }

  #tellViewers(): void {
    const count = this.viewers.count();
    for (const worker of this.#workers.values())
      worker.tell({ type: 'viewers_elsewhere', count: count - worker.viewers });
  }

  #sum(of: (worker: WorkerProcess) => number): number {
    let total = 0;
    for (const worker of this.#workers.values()) total += of(worker);
    return total;
  }

  async #drawn(ask: RenderAsk): Promise<DrawnTimes> {
    const ready = [...this.#workers.values()].filter(({ isReady }) => isReady);
    const times = await Promise.all(ready.map((worker) => worker.drawn(ask)));
    const sum = (of: (drawn: DrawnTimes) => number) => times.reduce((total, each) => total + of(each), 0);
    return {
      tookMs: times.flatMap(({ tookMs }) => tookMs),
      pending: sum(({ pending }) => pending),
      hidden: sum(({ hidden }) => hidden),
    };
  }

  /** Of all workers there are and were, as of a moment ago. */
  readings(): ViewerReadings {
    return [...this.#workers.values()].map(({ readings }) => readings).reduce(addReadings, this.#counted);
  }

  workerReadings(): WorkerReadings {
    const ready = [...this.#workers.values()].filter(({ isReady }) => isReady);
    return { workers: ready.map(({ reading }) => reading), restarts: this.#restarts };
  }

  /** Lets workers send their viewers away; one that takes too long is ended. New connections go to those that are left. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    const workers = [...this.#workers.values()];
    for (const worker of workers) {
      if (worker.isReady && worker.answers) worker.tell({ type: 'stop' });
      // It has nobody to send away yet, or hears nothing.
      else worker.kill();
    }
    const timer = setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, CLOSE_MS);
    await Promise.all(workers.map(({ ended }) => ended));
    clearTimeout(timer);
    this.#desk.close();
    this.#paths.remove();
  }
}
