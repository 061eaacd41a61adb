import type { GatewayConfig } from './config.ts';
import type { DashboardStore } from './dashboards/dashboard-store.ts';
import { openDashboards } from './dashboards/open-dashboards.ts';
import type { Log } from './log/log.ts';

/** The dashboards of `--data-dir`, which the log has locked; where they cannot be used, the log is closed again. */
export async function createDashboards(
  { dataDir }: GatewayConfig,
  log: Log,
  options: Parameters<typeof openDashboards>[1],
): Promise<DashboardStore> {
  try {
    return openDashboards(dataDir, options);
  } catch (error) {
    await log.close();
    throw error;
  }
}
