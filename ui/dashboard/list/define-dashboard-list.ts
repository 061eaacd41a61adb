import { DashboardList } from './dashboard-list.ts';

export function defineDashboardList(registry: CustomElementRegistry): void {
  if (registry.get('tablecast-dashboard-list') === undefined)
    registry.define('tablecast-dashboard-list', DashboardList);
}
