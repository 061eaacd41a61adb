import type { FastifyBaseLogger } from 'fastify';
import type { DashboardStore } from '../dashboards/dashboard-store.ts';
import type { Commit } from '../tables/commit.ts';
import type { TableStore } from '../tables/table-store.ts';
import { ThresholdMonitor } from './threshold-monitor.ts';
import { Webhook } from './webhook.ts';

/** What follows the thresholds of saved dashboards and tells of them. */
export interface Alerts {
  readonly webhook: Pick<Webhook, 'counts' | 'waiting'>;
  commit(commit: Commit): void;
  dashboardsChanged(): void;
  close(): Promise<void>;
}

export function createAlerts(options: {
  readonly webhook: string;
  readonly store: TableStore;
  readonly dashboards: () => DashboardStore['dashboards'];
  readonly now: () => number;
  readonly logger: FastifyBaseLogger;
  /** Whether this gateway is the one of several that tells. */
  readonly leads: () => boolean;
}): Alerts {
  const { store, dashboards, now, logger } = options;
  const url = new URL(options.webhook);
  const webhook = new Webhook({
    url,
    fetch,
    random: Math.random,
    // The path may hold a secret.
    onFailed: (reason) => logger.warn({ webhook: url.origin }, `the webhook failed: ${reason}`),
  });
  const monitor = new ThresholdMonitor({
    store,
    dashboards,
    now,
    onEvent: (event) => {
      if (options.leads()) webhook.tell(event);
    },
  });
  return {
    webhook,
    commit: (commit) => monitor.commit(commit),
    dashboardsChanged: () => monitor.dashboardsChanged(),
    async close() {
      monitor.close();
      await webhook.close();
    },
  };
}
