import { AppShell } from './app-shell.ts';
import { EmptyState } from './empty-state.ts';
import { StatusBar } from './status-bar.ts';
import { TableList } from './table-list.ts';
import { TablePanel } from './table-panel.ts';

/** Makes the page's elements known to the browser. */
export function defineElements(registry: CustomElementRegistry): void {
  registry.define('tablecast-app', AppShell);
  registry.define('tablecast-status-bar', StatusBar);
  registry.define('tablecast-table-list', TableList);
  registry.define('tablecast-table-panel', TablePanel);
  registry.define('tablecast-empty-state', EmptyState);
}
