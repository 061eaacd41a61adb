import type { GatewayConfig } from './config.ts';
import type { DashboardStore } from './dashboards/dashboard-store.ts';
import { openDashboards, openSharedDashboards } from './dashboards/open-dashboards.ts';
import type { Log } from './log/log.ts';

/** The dashboards of `--data-dir`, which the log has locked, or those of `--log`; where they cannot be used, the log is closed again. */
export async function createDashboards(
  { dataDir }: GatewayConfig,
  log: Log,
  options: Parameters<typeof openSharedDashboards>[1],
): Promise<DashboardStore> {
  try {
    if (log.shared !== null) return openSharedDashboards(log.shared.texts, options);
    return openDashboards(dataDir, options);
  } catch (error) {
    await log.close();
    throw error;
  }
}
