import {
  type OwnedThreshold,
  type ThresholdChange,
  ThresholdWatch,
} from '../../protocol/condition/threshold-watch.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { DashboardStore } from '../dashboards/dashboard-store.ts';
import type { Commit } from '../tables/commit.ts';
import type { TableStore } from '../tables/table-store.ts';

/** Rows looked at between two turns of other work. */
const ROWS_PER_TURN = 4096;

/** A change, and the state of the gateway that it was found in. */
export interface ThresholdEvent extends ThresholdChange {
  readonly version: number;
  readonly atMs: number;
}

export interface ThresholdMonitorOptions {
  readonly store: TableStore;
  readonly dashboards: () => DashboardStore['dashboards'];
  readonly now: () => number;
  readonly onEvent: (event: ThresholdEvent) => void;
}

/**
 * Follows the thresholds of all saved dashboards, whose owner is the dashboard's name. A commit only notes its tables: the
 * rows that it wrote are looked at afterwards, some in a turn. Of commits that come faster than that only the last
 * state counts.
 */
export class ThresholdMonitor {
  readonly #options: ThresholdMonitorOptions;
  readonly #watches = new Map<string, ThresholdWatch>();
  readonly #due = new Set<string>();
  #turn: NodeJS.Immediate | null = null;

  constructor(options: ThresholdMonitorOptions) {
    this.#options = options;
    this.dashboardsChanged();
  }

  commit({ tables }: Commit): void {
    if (this.#watches.size === 0) return;
    for (const table of tables) if (this.#watches.has(table)) this.#due.add(table);
    this.#schedule();
  }

  dashboardsChanged(): void {
    const byTable = new Map<string, OwnedThreshold[]>();
    for (const { name, dashboard } of this.#options.dashboards().values()) {
      for (const threshold of dashboard.thresholds ?? []) {
        const owned = byTable.get(threshold.table) ?? [];
        byTable.set(threshold.table, [...owned, { owner: name, threshold }]);
      }
    }
    for (const [table, watch] of this.#watches) {
      if (byTable.has(table)) continue;
      watch.close();
      this.#watches.delete(table);
      this.#due.delete(table);
    }
    for (const [table, thresholds] of byTable) {
      const watch = this.#watches.get(table) ?? this.#createWatch(table);
      this.#watches.set(table, watch);
      watch.setThresholds(thresholds);
      this.#due.add(table);
    }
    this.#schedule();
  }

  close(): void {
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
    this.#due.clear();
  }

  #createWatch(table: string): ThresholdWatch {
    const { store, now, onEvent } = this.#options;
    return new ThresholdWatch({
      read: () => store.tables.get(table)?.live,
      newestRows,
      maxHeldRows: LIMITS.maxThresholdRows,
      onChange: (change) => onEvent({ ...change, version: store.version, atMs: now() }),
    });
  }

  #schedule(): void {
    if (this.#due.size > 0) this.#turn ??= setImmediate(() => this.#work());
  }

  /** One table's turn; the others come after it. */
  #work(): void {
    this.#turn = null;
    const [table] = this.#due;
    if (table === undefined) return;
    this.#due.delete(table);
    if (this.#watches.get(table)?.work(ROWS_PER_TURN) === false) this.#due.add(table);
    this.#schedule();
  }
}

/** The rows that the table's last commit wrote. */
function newestRows({ rows }: LiveTable): number {
  const last = rows.log.segments.at(-1);
  if (last === undefined) return 0;
  return rows.readAfterLazily([], last.lastVersion - 1).rowCount;
}
