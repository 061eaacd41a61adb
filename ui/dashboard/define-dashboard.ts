import '../styles/dashboard.css';
import { DashboardPage } from './dashboard-page.ts';
import { DashboardPanel } from './dashboard-panel.ts';

/** Makes the elements of dashboards known to the browser, once. */
export function defineDashboard(registry: CustomElementRegistry): void {
  if (registry.get('tablecast-dashboard') !== undefined) return;
  registry.define('tablecast-dashboard-panel', DashboardPanel);
  registry.define('tablecast-dashboard', DashboardPage);
}
