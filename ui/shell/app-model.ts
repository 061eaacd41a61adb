import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { ChartSpecs } from '../chart/chart-specs.ts';
import type { PublishedCharts } from '../chart/published-charts.ts';
import type { ShownChart } from '../chart/shown-chart.ts';
import type { ConnectionState } from '../connection.ts';
import type { Texts } from '../locales/en.ts';
import type { RenderScheduler } from '../render-scheduler.ts';
import type { FirstRows, FirstRowsLoader } from './first-rows.ts';
import type { GatewayTable, RejectionList } from './gateway-table.ts';
import type { LanguageControl } from './language.ts';
import type { PageMode } from './page-mode.ts';
import type { Pausing } from './pausing.ts';
import type { ShownTables } from './shown-tables.ts';
import type { ShownView } from './shown-view.ts';
import type { SingleKeyControl } from './single-keys.ts';
import type { TableActivity } from './table-activity.ts';
import type { ThemeControl } from './theme.ts';
import type { UpColourControl } from './up-colours.ts';

/** What the page's elements show and do. Signals change at most once a frame, and once a second for ages. */
export interface AppModel {
  readonly mode: PageMode;
  /** In the viewer's language; reading them is reading a signal. */
  readonly texts: Texts;
  readonly language: LanguageControl;
  readonly upColours: UpColourControl;
  readonly singleKeys: SingleKeyControl;
  readonly connection: ReadonlySignal<ConnectionState>;
  /** The line is up, and the viewer lags behind the gateway. */
  readonly isBehind: ReadonlySignal<boolean>;
  readonly pausing: Pick<Pausing, 'waiting' | 'toggle' | 'goLive'>;
  /** The version now drawn; null before the first. */
  readonly version: ReadonlySignal<number | null>;
  /** Whether any version is drawn. */
  readonly hasVersion: ReadonlySignal<boolean>;
  /** The present, at least once a second while the page is visible; reading it keeps ages current. */
  readonly nowMs: ReadonlySignal<number>;
  readonly gatewayTables: ReadonlySignal<ReadonlyMap<string, GatewayTable>>;
  /** Of all the gateway's tables together. */
  readonly rowsPerSecond: ReadonlySignal<number>;
  readonly rejections: ReadonlySignal<RejectionList>;
  /** The gateway wants a token that this browser has not shown. */
  readonly isLoginNeeded: ReadonlySignal<boolean>;
  /** Names of all tables that the viewer can open, sorted. */
  readonly tableNames: ReadonlySignal<readonly string[]>;
  readonly selected: ReadonlySignal<string | null>;
  /** The dashboard that is open, '' for one without a name; null where a table is. */
  readonly dashboard: ReadonlySignal<string | null>;
  /** Counts saves and removals of dashboards on this page. */
  readonly dashboardSaves: Signal<number>;
  /** Of the chosen table as it is drawn; null where it is not there. Another object only where it is another size. */
  readonly size: ReadonlySignal<{ readonly rows: number; readonly columns: number } | null>;
  /** There is no table at all. */
  readonly isEmpty: ReadonlySignal<boolean>;
  readonly isListOpen: Signal<boolean>;
  /** The tables that are on the page: those on screen, and some that were. */
  readonly tables: ReadonlyMap<string, LiveTable>;
  /** Their names, sorted. */
  readonly replicaNames: ReadonlySignal<readonly string[]>;
  /** What needs a table's rows shows it, for as long as it does. */
  readonly shownTables: Pick<ShownTables, 'show' | 'awaited'>;
  /** Of the chosen table, while its snapshot loads. */
  readonly firstRows: ReadonlySignal<FirstRows | null>;
  /** Loads those of any table, likewise. */
  readonly loadFirstRows: (table: string) => FirstRowsLoader;
  /** What the grid shows of the chosen table; null for all of it, as it is. */
  readonly shownView: Signal<ShownView | null>;
  /** The charts that tables were published with. */
  readonly charts: Pick<PublishedCharts, 'get'>;
  /** The charts that the viewer shaped. */
  readonly chartSpecs: ChartSpecs;
  /** The chart of the chosen table; null where none is shown. */
  readonly shownChart: Signal<ShownChart | null>;
  readonly activity: TableActivity;
  readonly scheduler: RenderScheduler;
  readonly theme: ThemeControl;
  select(table: string): void;
  openDashboard(name: string): void;
  /** Commits all that is staged; answers the HTTP status, 0 where there was no answer. */
  updateData(): Promise<number>;
}

/** How old a table's data is; null where nothing tells. */
export function ageMs(model: AppModel, table: string): number | null {
  const known = model.gatewayTables.value.get(table);
  // What waits in the stage was published later than what is shown.
  const publishedAtMs = known === undefined || known.staged > 0 ? null : known.lastPublicationMs;
  const changedAtMs = model.activity.changedAtMs(table) ?? publishedAtMs;
  return changedAtMs === null ? null : Math.max(0, model.nowMs.value - changedAtMs);
}

/** Where a token is asked for; it leads back to what is open. */
export function loginHref({ selected, dashboard }: Pick<AppModel, 'selected' | 'dashboard'>): string {
  const name = dashboard.value ?? selected.value;
  if (name === null) return 'login';
  return `login?${dashboard.value === null ? 'table' : 'dashboard'}=${encodeURIComponent(name)}`;
}

export interface Selection {
  readonly selected: ReadonlySignal<string | null>;
  readonly dashboard: ReadonlySignal<string | null>;
  select(table: string): void;
  openDashboard(name: string): void;
  /** Opens a table where the address names none. */
  selectDefault(names: readonly string[]): void;
}

const FAVOURITE = 'cpu';

/** The chosen table or dashboard, kept in the address as `?table=NAME`, `?dashboard=NAME`. */
export function createSelection(location: Location, history: History): Selection {
  const { searchParams } = new URL(location.href);
  const selected = signal<string | null>(searchParams.get('table'));
  const dashboard = signal<string | null>(searchParams.get('dashboard'));
  function open(parameter: 'table' | 'dashboard', name: string): void {
    const url = new URL(location.href);
    url.searchParams.delete(parameter === 'table' ? 'dashboard' : 'table');
    // It is the table's that was open.
    if (parameter === 'dashboard') url.searchParams.delete('chart');
    url.searchParams.set(parameter, name);
    url.hash = '';
    history.replaceState(null, '', url);
    // What opens reads the address.
    batch(() => {
      dashboard.value = parameter === 'dashboard' ? name : null;
      selected.value = parameter === 'table' ? name : null;
    });
  }
  return {
    selected,
    dashboard,
    select: (table) => open('table', table),
    openDashboard: (name) => open('dashboard', name),
    selectDefault(names) {
      if (selected.value === null && dashboard.value === null)
        selected.value = names.find((name) => name === FAVOURITE) ?? names[0] ?? null;
    },
  };
}
