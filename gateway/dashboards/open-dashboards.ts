import type { SharedTexts } from '../log/log.ts';
import { DashboardFile } from './dashboard-file.ts';
import { DashboardStore, type DashboardStoreOptions } from './dashboard-store.ts';
import { SharedDashboards, type SharedDashboardsOptions } from './shared-dashboards.ts';

type SharedOptions = Pick<DashboardStoreOptions, 'now' | 'onChange'> &
  Pick<SharedDashboardsOptions, 'onUnreadable'>;

/** The dashboards that all gateways of a log have. */
export function openSharedDashboards(
  texts: SharedTexts,
  { onUnreadable, ...options }: SharedOptions,
): DashboardStore {
  const place = new SharedDashboards({ texts, onUnreadable });
  const store = new DashboardStore({ ...options, place, saved: place.read() });
  place.onChange((name, saved) => store.take(name, saved));
  return store;
}

/**
 * The dashboards of a data directory, which the log has made and locked; null keeps them in memory alone.
 *
 * @throws TablecastError `data_dir_damaged`
 */
export function openDashboards(
  dataDir: string | null,
  options: Pick<DashboardStoreOptions, 'now' | 'onChange'>,
): DashboardStore {
  if (dataDir === null) return new DashboardStore({ ...options, place: null, saved: [] });
  const file = new DashboardFile(dataDir);
  const saved = file.read();
  try {
    return new DashboardStore({ ...options, place: file, saved });
  } catch (cause) {
    throw file.damaged(cause);
  }
}
