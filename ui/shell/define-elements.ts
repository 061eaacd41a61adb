import { AppShell } from './app-shell.ts';
import { EmptyState } from './empty-state.ts';
import { ExportMenu } from './export-menu.ts';
import { PageFigures } from './page-figures.ts';
import { PauseButton } from './pause-button.ts';
import { StatusBar } from './status-bar.ts';
import { StatusLine } from './status-line.ts';
import { TableFreshness } from './table-freshness.ts';
import { TableList } from './table-list.ts';
import { TablePanel } from './table-panel.ts';

/** Makes the page's elements known to the browser. */
export function defineElements(registry: CustomElementRegistry): void {
  registry.define('tablecast-app', AppShell);
  registry.define('tablecast-status-bar', StatusBar);
  registry.define('tablecast-status-line', StatusLine);
  registry.define('tablecast-figures', PageFigures);
  registry.define('tablecast-pause-button', PauseButton);
  registry.define('tablecast-table-list', TableList);
  registry.define('tablecast-freshness', TableFreshness);
  registry.define('tablecast-table-panel', TablePanel);
  registry.define('tablecast-export-menu', ExportMenu);
  registry.define('tablecast-empty-state', EmptyState);
}
