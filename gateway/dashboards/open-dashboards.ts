import { DashboardFile } from './dashboard-file.ts';
import { DashboardStore, type DashboardStoreOptions } from './dashboard-store.ts';

/**
 * The dashboards of a data directory, which the log has made and locked; null keeps them in memory alone.
 *
 * @throws TablecastError `data_dir_damaged`
 */
export function openDashboards(
  dataDir: string | null,
  options: Pick<DashboardStoreOptions, 'now' | 'onChange'>,
): DashboardStore {
  if (dataDir === null) return new DashboardStore({ ...options, file: null, saved: [] });
  const file = new DashboardFile(dataDir);
  const saved = file.read();
  try {
    return new DashboardStore({ ...options, file, saved });
  } catch (cause) {
    throw file.damaged(cause);
  }
}
