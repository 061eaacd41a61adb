import type { GatewayConfig } from '../config.ts';
import type { DrawnTimes, RenderAsk } from '../log/log.ts';
import type { ViewerReadings } from '../metrics/viewer-readings.ts';

/** What a worker begins with. Its feed is the pipe of {@link FEED_FD}. */
export interface WorkerStart {
  readonly number: number;
  readonly config: GatewayConfig;
  readonly epoch: string;
  readonly pageDirectory: string;
  /** Where the first process answers what a worker passes on. */
  readonly forwardPath: string;
  /** Where the worker's own server listens, for it has to listen somewhere; connections are handed to it. */
  readonly listenPath: string;
}

/** From the first process. */
export type ToWorker =
  | ({ readonly type: 'start' } & WorkerStart)
  /** With the connection itself; answered by `taken`. */
  | { readonly type: 'connection' }
  /** Connected to all other workers. */
  | { readonly type: 'viewers_elsewhere'; readonly count: number }
  | { readonly type: 'drawn'; readonly id: number; readonly ask: RenderAsk }
  | { readonly type: 'stop' };

/** To the first process. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'taken' }
  | { readonly type: 'viewers'; readonly count: number }
  | { readonly type: 'drawn'; readonly id: number; readonly times: DrawnTimes }
  | ({ readonly type: 'report' } & WorkerReport);

/** Comes every {@link REPORT_MS}, so that a worker that has stopped is noticed. */
export interface WorkerReport {
  readonly viewers: ViewerReadings;
  /** Of the connections that it took. */
  readonly closedConnections: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

export const FEED_FD = 3;
export const REPORT_MS = 500;
