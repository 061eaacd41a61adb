import type { FastifyBaseLogger } from 'fastify';
import type { TablecastError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { BodyConverter } from './bodies/body-converter.ts';
import { createChartThread } from './charts/chart-thread.ts';
import { QueuedChartRenderer } from './charts/queued-chart-renderer.ts';
import type { GatewayConfig } from './config.ts';
import { createDashboards } from './create-dashboards.ts';
import type { CreateLogOptions } from './create-log.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { Access } from './http/auth/access.ts';
import { Idempotency } from './http/idempotency.ts';
import { Intake } from './intake.ts';
import { Broadcaster } from './live/broadcaster.ts';
import { EventStreams } from './live/event-streams.ts';
import { gatewayViewers } from './live/gateway-viewers.ts';
import { Receipts } from './live/receipts.ts';
import { ONLY_PROCESS } from './live/restart-delays.ts';
import { VersionWaits } from './live/version-waits.ts';
import type { CommitScope, Log, LogEntry, OwnViewers } from './log/log.ts';
import { GatewayCounts } from './metrics/gateway-counts.ts';
import { createMetrics } from './metrics/metrics.ts';
import { SentTimes } from './metrics/sent-times.ts';
import { readViewers, type ViewerReadings } from './metrics/viewer-readings.ts';
import type { WorkerReadings } from './metrics/worker-metrics.ts';
import { Rejections } from './rejections.ts';
import { SequenceTracker } from './sequence/sequence-tracker.ts';
import type { Commit } from './tables/commit.ts';
import { TableStore } from './tables/table-store.ts';
import { type Alerts, createAlerts } from './thresholds/alerts.ts';

export interface AssembleOptions {
  readonly config: GatewayConfig;
  readonly logger: FastifyBaseLogger;
  readonly now?: () => number;
  readonly openLog: (config: GatewayConfig, options: CreateLogOptions) => Promise<Log>;
  /** Called with each entry that was folded since the start. */
  readonly onFolded?: (entry: LogEntry) => void;
  /** The viewers, where other processes have them. */
  readonly served?: {
    readonly viewers: OwnViewers;
    readings(): ViewerReadings;
    workerReadings(): WorkerReadings;
  };
  readonly link?: GatewayParts['link'];
  /** Whether another gateway may be ahead of this one; as the log is where absent. */
  readonly sharesLog?: boolean;
}

/** A gateway of one process. */
export const ALONE: GatewayParts['link'] = {
  catchUp: null,
  place: ONLY_PROCESS,
  viewersElsewhere: () => 0,
  onViewers() {},
};

const MAX_STALL_MS = 30_000;
/** A viewer that another gateway has told more is kept waiting so long for this one to catch up. */
const MAX_BEHIND_MS = 3000;

/** All parts of a gateway but its sockets: log → table store → broadcaster → sessions, and what routes work with. */
export async function assemble(options: AssembleOptions): Promise<GatewayParts> {
  const { config, logger, now = Date.now, onFolded, served, link = ALONE } = options;
  const access = new Access({ ...config, nowMs: now });
  const store = new TableStore({
    history: { maxAgeMs: config.historyMs, maxBytes: config.historyBytes },
    maxTables: LIMITS.maxTables,
    maxStagedBytes: config.maxStagedBytes,
    maxMemoryBytes: config.maxMemoryBytes,
  });
  const counts = new GatewayCounts();
  const sentTimes = new SentTimes({ store, now });
  const onFault = (error: unknown) => logger.error(error);
  const fold = (entry: LogEntry) => {
    const commit = sentTimes.fold(entry);
    onFolded?.(entry);
    return commit;
  };
  const log = await options.openLog(config, { store, fold, onFault, logger });
  const { sharesLog = log.shared !== null } = options;
  const dashboards = await createDashboards(config, log, {
    now,
    onChange: () => alerts?.dashboardsChanged(),
    onUnreadable: onFault,
  });
  const alerts: Alerts | null =
    config.webhook === null
      ? null
      : createAlerts({
          webhook: config.webhook,
          store,
          dashboards: () => dashboards.dashboards,
          now,
          logger,
          leads: () => log.shared?.leads ?? true,
        });
  const receipts = new Receipts({ now });
  const broadcaster = new Broadcaster({
    store,
    epoch: log.epoch,
    receipts,
    onFault,
    maxStallMs: MAX_STALL_MS,
    onDrawn: (group, from, to) => sentTimes.drawn(group, from, to),
  });
  const events = new EventStreams({
    store,
    epoch: log.epoch,
    maxStallMs: MAX_STALL_MS,
    place: link.place,
  });
  const sequence = new SequenceTracker({ store, now, monotonicMs: () => performance.now() });
  const readings = () => readViewers({ broadcaster, events, sentTimes });
  const metrics = createMetrics({
    counts,
    sequence,
    sentTimes,
    store,
    viewers: () => served?.readings() ?? readings(),
    workers: served === undefined ? null : () => served.workerReadings(),
    shared: log.shared,
    alerts,
  });
  const rejections = new Rejections({ max: LIMITS.maxRejections });
  const versions = new VersionWaits({
    version: () => store.version,
    maxWaitMs: sharesLog ? MAX_BEHIND_MS : 0,
  });
  const onCommit = (commit: Commit) => {
    counts.committed(commit);
    versions.committed(commit.version);
    broadcaster.publish(commit);
    events.publish(commit);
    alerts?.commit(commit);
  };
  log.shared?.onForeign(onCommit);
  const viewers = served?.viewers ?? gatewayViewers({ broadcaster, events, receipts, versions });
  log.shared?.peers.serve(viewers);
  const onRejected = (error: TablecastError, table: string | null) => {
    counts.rejected(error.code);
    logger.warn({ code: error.code, table }, error.message);
  };
  const charts = new QueuedChartRenderer({ store, drawer: createChartThread() });
  const intake = new Intake({
    store,
    log,
    sequence,
    rejections,
    commitMode: config.commit,
    maxMessageBytes: config.maxMessageBytes,
    now,
    onCommit,
    onRejected,
    onTaken: (source, byteLength) => counts.taken(source, byteLength),
  });
  const commit = (scope: CommitScope): Promise<Commit> =>
    new Promise((resolve, reject) => {
      const folded = (made: Commit | null) => {
        if (made === null) return;
        onCommit(made);
        resolve(made);
      };
      log.append({ publications: [], commit: { scope, timeMs: now() } }, folded, reject);
    });
  const idempotency = new Idempotency({
    maxKeys: LIMITS.maxIdempotencyKeys,
    maxAgeMs: LIMITS.maxIdempotencyAgeMs,
    now,
  });
  return {
    config,
    access,
    store,
    log,
    intake,
    sequence,
    bodies: new BodyConverter(),
    idempotency,
    broadcaster,
    events,
    receipts,
    rejections,
    charts,
    dashboards,
    alerts,
    metrics,
    versions,
    viewers,
    readings,
    link,
    now,
    commit,
  };
}
