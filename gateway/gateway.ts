import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { TablecastError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { BodyConverter } from './bodies/body-converter.ts';
import { openBus } from './bus/bus.ts';
import { readCurveKeys } from './bus/curve.ts';
import { refusalLog } from './bus/refusal-log.ts';
import { createChartThread } from './charts/chart-thread.ts';
import { QueuedChartRenderer } from './charts/queued-chart-renderer.ts';
import type { GatewayConfig } from './config.ts';
import { createDashboards } from './create-dashboards.ts';
import { createLog } from './create-log.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { Access, linkPath } from './http/auth/access.ts';
import { createHttpServer } from './http/http-server.ts';
import { Idempotency } from './http/idempotency.ts';
import { pageUrl } from './http/page-url.ts';
import { Intake } from './intake.ts';
import { Broadcaster } from './live/broadcaster.ts';
import { EventStreams } from './live/event-streams.ts';
import { gatewayViewers } from './live/gateway-viewers.ts';
import { Receipts } from './live/receipts.ts';
import { VersionWaits } from './live/version-waits.ts';
import type { CommitScope, LogEntry } from './log/log.ts';
import { GatewayCounts } from './metrics/gateway-counts.ts';
import { createMetrics } from './metrics/metrics.ts';
import { SentTimes } from './metrics/sent-times.ts';
import { Rejections } from './rejections.ts';
import { retentionClock } from './retention-clock.ts';
import { SequenceTracker } from './sequence/sequence-tracker.ts';
import type { Commit } from './tables/commit.ts';
import { TableStore } from './tables/table-store.ts';
import { type Alerts, createAlerts } from './thresholds/alerts.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** Where the built page lies. */
  readonly pageDirectory: string;
  readonly logger: FastifyBaseLogger;
  readonly now?: () => number;
}

export interface Gateway {
  /** Of the page; ends with a slash. */
  readonly url: string;
  /** Logs one browser in, within ten minutes; null where everybody may read. */
  readonly loginUrl: string | null;
  readonly parts: GatewayParts;
  /** Resolves where the gateway can no longer follow its log and has to be started again; null where that cannot be. */
  readonly lost: Promise<TablecastError> | null;
  close(): Promise<void>;
}

const MAX_STALL_MS = 30_000;
/** A viewer that another gateway has told more is kept waiting so long for this one to catch up. */
const MAX_BEHIND_MS = 3000;

/**
 * Puts the parts together: bus → intake → log → table store → broadcaster → sessions, and the routes beside them.
 *
 * @throws TablecastError `bad_parameter` where a port or address cannot be used
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, logger } = options;
  const parts = await assemble(options);
  const closers: (() => Promise<void> | void)[] = [
    () => parts.log.close(),
    () => parts.dashboards.close(),
    () => parts.broadcaster.close(),
    () => parts.events.close(),
    () => parts.charts.close(),
    () => parts.bodies.close(),
    () => parts.alerts?.close(),
  ];
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= closeAll(closers);
    return closing;
  };
  try {
    const app = await createHttpServer(parts, options);
    closers.push(
      () => app.close(),
      () => parts.receipts.close(),
      () => parts.versions.close(),
    );
    await listen(app, config);
    const bus = await openBus({
      ...config,
      onMessages: (messages) => parts.intake.takeMessages(messages),
      room: () => parts.log.shared?.away() ?? (parts.log.isFull ? parts.log.room() : null),
      keys: readCurveKeys(config),
      onFault: (error) => logger.error(error),
      onRefused: refusalLog(logger),
    });
    closers.push(() => bus.close());
    parts.sequence.askBy((tables) => bus.ask(tables));
    const tracking = parts.sequence.start();
    closers.push(() => tracking.close());
    const retention = retentionClock({ ...parts, leads: () => parts.log.shared?.leads ?? true });
    closers.push(() => retention.close());
    const url = pageUrl(config, (app.server.address() as AddressInfo).port);
    const { startRight, links } = parts.access;
    const loginUrl = startRight === null ? null : url + linkPath(links.create(startRight));
    return { url, loginUrl, parts, lost: parts.log.shared?.lost ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In reverse order of starting. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

async function listen(app: FastifyInstance, config: GatewayConfig): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    throw listenError(cause, config);
  }
}

async function assemble({ config, logger, now = Date.now }: GatewayOptions): Promise<GatewayParts> {
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
  const fold = (entry: LogEntry) => sentTimes.fold(entry);
  const log = await createLog(config, { store, fold, onFault, logger });
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
    now,
    onFault,
    maxStallMs: MAX_STALL_MS,
    onDrawn: (group, from, to) => sentTimes.drawn(group, from, to),
  });
  const events = new EventStreams({ store, epoch: log.epoch, now, maxStallMs: MAX_STALL_MS });
  const sequence = new SequenceTracker({ store, now, monotonicMs: () => performance.now() });
  const metrics = createMetrics({
    counts,
    sequence,
    sentTimes,
    store,
    broadcaster,
    events,
    shared: log.shared,
    alerts,
  });
  const rejections = new Rejections({ max: LIMITS.maxRejections });
  const versions = new VersionWaits({
    version: () => store.version,
    maxWaitMs: log.shared === null ? 0 : MAX_BEHIND_MS,
  });
  const onCommit = (commit: Commit) => {
    counts.committed(commit);
    versions.committed(commit.version);
    broadcaster.publish(commit);
    events.publish(commit);
    alerts?.commit(commit);
  };
  log.shared?.onForeign(onCommit);
  const viewers = gatewayViewers({ broadcaster, events, receipts, versions });
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
    now,
    commit,
  };
}

function listenError(cause: unknown, { host, port }: GatewayConfig): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  if (cause.code === 'EADDRINUSE') {
    return new TablecastError(
      'bad_parameter',
      `Port ${port} on ${host} is in use; choose another with --port (0 picks a free one).`,
      { cause },
    );
  }
  if (cause.code === 'EACCES')
    return new TablecastError(
      'bad_parameter',
      `Port ${port} needs more rights; choose one above 1023 with --port.`,
      { cause },
    );
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') {
    return new TablecastError('bad_parameter', `--host ${host} is no address of this machine.`, { cause });
  }
  return cause;
}
