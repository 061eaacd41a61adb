import { signal } from '@preact/signals-core';
import type { Threshold } from '../../protocol/condition/threshold.ts';
import { type ThresholdChange, ThresholdWatch } from '../../protocol/condition/threshold-watch.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { AppModel } from '../shell/app-model.ts';

/** A threshold that began to hold while it was looked at. */
export interface Notice {
  readonly id: string;
  readonly threshold: Threshold;
  /** The key's values; null where the table has none. */
  readonly key: readonly (string | null)[] | null;
  readonly row: number | null;
  readonly value: string | null;
  readonly isOver: boolean;
}

const MAX_NOTICES = 20;
/** Looked at in one go, so that the page stays at hand. */
const ROWS_PER_TURN = 50_000;

export interface ThresholdNoticesOptions {
  readonly model: Pick<AppModel, 'tables' | 'shownTables' | 'scheduler' | 'gatewayTables'>;
  /** Whether what is over stays until it is dismissed; else it goes by itself. */
  readonly keepsOver: boolean;
}

/** The newest notices of a dashboard's thresholds, which are looked at when their table is drawn. */
export class ThresholdNotices {
  readonly notices = signal<readonly Notice[]>([]);
  /** Notices that had no room. */
  readonly more = signal(0);
  readonly #options: ThresholdNoticesOptions;
  readonly #watches = new Map<string, { readonly watch: ThresholdWatch; end(): void }>();

  constructor(options: ThresholdNoticesOptions) {
    this.#options = options;
  }

  setThresholds(thresholds: readonly Threshold[]): void {
    const tables = new Set(thresholds.map(({ table }) => table));
    for (const [table, { end }] of this.#watches) if (!tables.has(table)) end();
    for (const table of tables) {
      const own = thresholds.filter((threshold) => threshold.table === table);
      this.#watchOf(table).setThresholds(own.map((threshold) => ({ owner: '', threshold })));
    }
    const known = new Set(thresholds.map((threshold) => JSON.stringify(threshold)));
    this.notices.value = this.notices.peek().filter(({ threshold }) => known.has(JSON.stringify(threshold)));
  }

  dismiss(id: string): void {
    this.notices.value = this.notices.peek().filter((notice) => notice.id !== id);
  }

  dismissAll(): void {
    this.notices.value = [];
    this.more.value = 0;
  }

  close(): void {
    for (const { end } of this.#watches.values()) end();
  }

  #watchOf(table: string): ThresholdWatch {
    const { tables, shownTables, scheduler } = this.#options.model;
    const known = this.#watches.get(table);
    if (known !== undefined) {
      this.#work(table, known.watch);
      return known.watch;
    }
    const watch = new ThresholdWatch({
      read: () => tables.get(table),
      newestRows: (live) => this.#newestRows(live),
      maxHeldRows: LIMITS.maxThresholdRows,
      onChange: (change) => this.#take(change),
    });
    const remove = scheduler.add({ table, draw: () => this.#work(table, watch) });
    const release = shownTables.show(table);
    const end = () => {
      release();
      remove();
      watch.close();
      this.#watches.delete(table);
    };
    this.#watches.set(table, { watch, end });
    return watch;
  }

  /** Not in the caller's turn: thresholds may just be set. */
  #work(table: string, watch: ThresholdWatch): void {
    setTimeout(() => {
      if (this.#watches.get(table)?.watch === watch && !watch.work(ROWS_PER_TURN)) this.#work(table, watch);
    });
  }

  /** A page that opens does not know which rows of a log came last; those of a table that is replaced are all. */
  #newestRows(live: LiveTable): number {
    const op = this.#options.model.gatewayTables.peek().get(live.name)?.op;
    return op === 'replace' ? live.rowCount : 1;
  }

  #take({ threshold, state, key, row, value }: ThresholdChange): void {
    const values = key?.map(({ text }) => text) ?? null;
    const id = JSON.stringify([threshold, values]);
    const before = this.notices.peek();
    const others = before.filter((notice) => notice.id !== id);
    if (state === 'stopped') {
      const { keepsOver } = this.#options;
      if (others.length < before.length)
        this.notices.value = keepsOver
          ? before.map((notice) => (notice.id === id ? { ...notice, isOver: true } : notice))
          : others;
      return;
    }
    const notice: Notice = { id, threshold, key: values, row, value: value?.text ?? null, isOver: false };
    const all = [notice, ...others];
    if (all.length > MAX_NOTICES) {
      const over = all.findLastIndex(({ isOver }) => isOver);
      if (over < 0) this.more.value++;
      all.splice(over < 0 ? -1 : over, 1);
    }
    this.notices.value = all;
  }
}
