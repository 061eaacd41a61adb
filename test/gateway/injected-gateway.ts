import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ALONE } from '../../gateway/assemble.ts';
import { BodyConverter } from '../../gateway/bodies/body-converter.ts';
import type { ChartDrawer } from '../../gateway/charts/chart-drawer.ts';
import { QueuedChartRenderer } from '../../gateway/charts/queued-chart-renderer.ts';
import { DEFAULT_CONFIG } from '../../gateway/config.ts';
import { openDashboards } from '../../gateway/dashboards/open-dashboards.ts';
import type { GatewayParts } from '../../gateway/gateway-parts.ts';
import { Access } from '../../gateway/http/auth/access.ts';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { Idempotency } from '../../gateway/http/idempotency.ts';
import { Broadcaster } from '../../gateway/live/broadcaster.ts';
import { EventStreams } from '../../gateway/live/event-streams.ts';
import { gatewayViewers } from '../../gateway/live/gateway-viewers.ts';
import { Receipts } from '../../gateway/live/receipts.ts';
import { VersionWaits } from '../../gateway/live/version-waits.ts';
import { GatewayCounts } from '../../gateway/metrics/gateway-counts.ts';
import { createMetrics } from '../../gateway/metrics/metrics.ts';
import { SentTimes } from '../../gateway/metrics/sent-times.ts';
import { readViewers } from '../../gateway/metrics/viewer-readings.ts';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import { ModelGateway } from './model-gateway.ts';

const NO_DRAWER: ChartDrawer = {
  draw: async () => {
    throw new Error('No chart is drawn here.');
  },
  close: async () => {},
};

/** The HTTP routes on a gateway beside its model, without a port: requests are injected. */
export async function startInjected(
  history: HistoryLimits,
  {
    maxBehindMs = 0,
    link = ALONE,
  }: { readonly maxBehindMs?: number; readonly link?: GatewayParts['link'] } = {},
): Promise<{
  readonly app: FastifyInstance;
  readonly gateway: ModelGateway;
  close(): Promise<void>;
}> {
  const gateway = new ModelGateway({
    history,
    onCommit: (commit) => {
      versions.committed(commit.version);
      broadcaster.publish(commit);
      events.publish(commit);
    },
  });
  const versions = new VersionWaits({ version: () => gateway.store.version, maxWaitMs: maxBehindMs });
  const now = () => gateway.nowMs;
  const { store, log, intake, rejections, sequence } = gateway;
  const receipts = new Receipts({ now });
  const broadcaster = new Broadcaster({
    store,
    epoch: log.epoch,
    receipts,
    onFault: (error) => {
      throw error;
    },
    maxStallMs: 1000,
  });
  const events = new EventStreams({ store, epoch: log.epoch, maxStallMs: 1000 });
  const sentTimes = new SentTimes({ store, now });
  const readings = () => readViewers({ broadcaster, events, sentTimes });
  const metrics = createMetrics({
    counts: new GatewayCounts(),
    sentTimes,
    store,
    sequence,
    viewers: readings,
    workers: null,
    shared: null,
    alerts: null,
  });
  const app = await createHttpServer(
    {
      config: DEFAULT_CONFIG,
      access: new Access({ viewToken: null, writeToken: null, nowMs: now }),
      store,
      log,
      intake,
      sequence,
      bodies: new BodyConverter(),
      idempotency: new Idempotency({ maxKeys: 100, maxAgeMs: 1000, now }),
      rejections,
      broadcaster,
      events,
      metrics,
      dashboards: openDashboards(null, { now, onChange: () => {} }),
      alerts: null,
      charts: new QueuedChartRenderer({ store, drawer: NO_DRAWER }),
      receipts,
      versions,
      viewers: gatewayViewers({ broadcaster, events, receipts, versions }),
      readings,
      link,
      now,
      commit: async (scope) => gateway.commit(scope)!,
    },
    { pageDirectory: '/there/is/no/page', logger: pino({ level: 'silent' }) },
  );
  const close = async () => {
    receipts.close();
    versions.close();
    await app.close();
    broadcaster.close();
  };
  return { app, gateway, close };
}
