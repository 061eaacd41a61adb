import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { ConnectionState } from '../connection.ts';
import type { Texts } from '../locales/en.ts';
import type { RenderScheduler } from '../render-scheduler.ts';
import type { TableReader } from '../table-reader.ts';
import type { GatewayTable } from './gateway-tables.ts';
import type { TableActivity } from './table-activity.ts';
import type { ThemeControl } from './theme.ts';

/** What the page's elements show and do. Signals change at most once a frame, and once a second for ages. */
export interface AppModel {
  readonly texts: Texts;
  readonly connection: ReadonlySignal<ConnectionState>;
  /** The version now drawn; null before the first. */
  readonly version: ReadonlySignal<number | null>;
  /** The present, at least once a second while the page is visible; reading it keeps ages current. */
  readonly nowMs: ReadonlySignal<number>;
  readonly gatewayTables: ReadonlySignal<ReadonlyMap<string, GatewayTable>>;
  readonly rejectionCount: ReadonlySignal<number>;
  /** Names of all tables that the viewer can open, sorted. */
  readonly tableNames: ReadonlySignal<readonly string[]>;
  readonly selected: ReadonlySignal<string | null>;
  readonly isListOpen: Signal<boolean>;
  readonly tables: ReadonlyMap<string, TableReader>;
  readonly activity: TableActivity;
  readonly scheduler: RenderScheduler;
  readonly theme: ThemeControl;
  select(table: string): void;
  /** Commits all that is staged; answers the HTTP status. */
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

export interface Selection {
  readonly selected: ReadonlySignal<string | null>;
  select(table: string): void;
  /** Opens a table where the address names none. */
  selectDefault(names: readonly string[]): void;
}

const FAVOURITE = 'cpu';

/** The chosen table, kept in the address as `?table=NAME`. */
export function createSelection(location: Location, history: History): Selection {
  const selected = signal<string | null>(new URL(location.href).searchParams.get('table'));
  return {
    selected,
    select(table) {
      selected.value = table;
      const url = new URL(location.href);
      url.searchParams.set('table', table);
      history.replaceState(null, '', url);
    },
    selectDefault(names) {
      if (selected.value === null)
        selected.value = names.find((name) => name === FAVOURITE) ?? names[0] ?? null;
    },
  };
}
