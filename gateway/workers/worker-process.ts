import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DrawnTimes, RenderAsk } from '../log/log.ts';
import type { LogRecord } from '../log/log-record.ts';
import { countedAlone, NO_VIEWERS, type ViewerReadings } from '../metrics/viewer-readings.ts';
import type { WorkerReading } from '../metrics/worker-metrics.ts';
import type { Feed } from './feed.ts';
import type { FeedLine } from './feed-line.ts';
import {
  FEED_FD,
  type FromWorker,
  type ToWorker,
  type WorkerReport,
  type WorkerStart,
} from './worker-message.ts';

export interface WorkerProcessOptions {
  /** Starts it; see {@link forkWorker}. */
  readonly fork: () => ChildProcess;
  readonly start: WorkerStart;
  readonly feed: Feed;
  /** All tables as they are now. */
  readonly state: () => Iterator<LogRecord, void>;
  readonly onReady: (worker: WorkerProcess) => void;
  /** It can take another connection. */
  readonly onFree: () => void;
  readonly onViewers: () => void;
  readonly onEnded: (worker: WorkerProcess, how: string) => void;
}

/** So many seconds without a word it is given connections, and waited for by intake. */
const MAX_QUIET_TICKS = 2;
/** After so many seconds without a word it is ended; what is stopped cannot end by itself. */
const MAX_SILENT_TICKS = 15;
/** What is kept for one that is silent and was sent the tables; beyond that it is ended sooner. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;
/** Beyond its own time a worker's answer about viewers is waited for so long. */
const ANSWER_MS = 500;

/** Starts `module` as a worker. What the system refuses is told by the process's `error`, most of it. */
export function forkWorker(module: URL): ChildProcess {
  return fork(module, [], { stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'] });
}

/** One process that serves viewers, as the first process sees it. */
export class WorkerProcess {
  readonly number: number;
  readonly ended: Promise<void>;
  isReady = false;
  viewers = 0;
  readonly #options: WorkerProcessOptions;
  readonly #child: ChildProcess;
  /** null where there is no process. */
  #line: FeedLine | null = null;
  readonly #answers = new Map<number, (times: DrawnTimes) => void>();
  #lastAsk = 0;
  #silentTicks = 0;
  #handed = 0;
  #isHanding = false;
  #isFinished = false;
  #report: WorkerReport = { viewers: NO_VIEWERS, closedConnections: 0, cpuSeconds: 0, residentBytes: 0 };

  /** @throws Error where the system refuses a process at once */
  constructor(options: WorkerProcessOptions) {
    const { start } = options;
    this.#options = options;
    this.number = start.number;
    this.#child = options.fork();
    let fault: string | null = null;
    this.ended = new Promise((resolve) => {
      // A process that was not to be had comes without `exit`, and one for which no file was left without a feed.
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) this.#finish(error.message, resolve);
        else this.kill();
      });
      this.#child.once('exit', (code, signal) =>
        this.#finish(fault ?? signal ?? `exit code ${code}`, resolve),
      );
    });
    this.#child.on('message', (message) => this.#take(message as FromWorker));
    try {
      this.#feed();
      this.tell({ type: 'start', ...start });
    } catch (error) {
      fault = String(error);
      this.kill();
    }
  }

  #feed(): void {
    const { feed, state } = this.#options;
    const stream = this.#child.stdio?.[FEED_FD] as Duplex | undefined;
    // Its end is told by `exit`.
    stream?.on('error', () => {});
    if (stream !== undefined && this.#child.pid !== undefined) this.#line = feed.begin(stream, state());
  }

  #finish(how: string, resolve: () => void): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.isReady = false;
    if (this.#line !== null) this.#options.feed.end(this.#line);
    this.#child.stdio?.[FEED_FD]?.destroy();
    for (const answer of [...this.#answers.values()]) answer({ tookMs: [], pending: 0, hidden: 0 });
    this.#options.onEnded(this, how);
    resolve();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get readings(): ViewerReadings {
    const { viewers } = this.#report;
    return this.isReady ? viewers : countedAlone(viewers);
  }

  get reading(): WorkerReading {
    const { cpuSeconds, residentBytes } = this.#report;
    return {
      number: this.number,
      viewers: this.viewers,
      cpuSeconds,
      residentBytes,
      lagBytes: this.#line?.lagBytes ?? 0,
    };
  }

  /** Whether it was heard of a moment ago. */
  get answers(): boolean {
    return this.#silentTicks <= MAX_QUIET_TICKS;
  }

  /** Connections that it has. */
  get connections(): number {
    return this.#handed - this.#report.closedConnections;
  }

  /** Whether it can take a connection now; it takes one at a time. */
  get isFree(): boolean {
    return this.isReady && this.answers && !this.#isHanding;
  }

  /** A second has passed. Time is told by ticks, so that it stands still where this process does. */
  tick(): void {
    this.#silentTicks++;
    const line = this.#line;
    if (line === null) return;
    if (!this.answers) this.#options.feed.setAnswers(line, false);
    const isFull = !this.answers && !line.isBeginning && line.lagBytes >= MAX_KEPT_BYTES;
    if (isFull || this.#silentTicks >= MAX_SILENT_TICKS) this.kill();
  }

  hand(socket: Socket): void {
    this.#isHanding = true;
    this.#handed++;
    if (this.#child.connected) this.#child.send({ type: 'connection' } satisfies ToWorker, socket, () => {});
    else socket.destroy();
  }

  tell(message: ToWorker): void {
    // Where it has just ended, that is told by `exit`.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** What became of a version at its viewers; all of them are pending where it does not answer. */
  drawn(ask: RenderAsk): Promise<DrawnTimes> {
    const id = ++this.#lastAsk;
    return new Promise((resolve) => {
      const answer = (times: DrawnTimes) => {
        clearTimeout(timer);
        this.#answers.delete(id);
        resolve(times);
      };
      const timer = setTimeout(
        () => answer({ tookMs: [], pending: this.viewers, hidden: 0 }),
        ask.timeoutMs + ANSWER_MS,
      );
      this.#answers.set(id, answer);
      this.tell({ type: 'drawn', id, ask });
    });
  }

  kill(): void {
    if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
  }

  #take(message: FromWorker): void {
    if (!this.answers && this.#line !== null) this.#options.feed.setAnswers(this.#line, true);
    this.#silentTicks = 0;
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        return this.#options.onReady(this);
      case 'taken':
        this.#isHanding = false;
        return this.#options.onFree();
      case 'viewers':
        return this.#setViewers(message.count);
      case 'drawn':
        return this.#answers.get(message.id)?.(message.times);
      case 'report':
        this.#report = message;
        this.#setViewers(message.viewers.live + message.viewers.events);
        return;
      default:
        message satisfies never;
    }
  }

  #setViewers(count: number): void {
    if (count === this.viewers) return;
    this.viewers = count;
    this.#options.onViewers();
  }
}
