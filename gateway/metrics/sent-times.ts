import { type SubscriptionGroup, wants } from '../live/subscription-group.ts';
import type { LogEntry } from '../log/log.ts';
import type { Commit } from '../tables/commit.ts';
import type { Publication } from '../tables/publication.ts';
import type { TableStore } from '../tables/table-store.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** What a commit showed of a table, until a viewer has drawn it. */
interface Undrawn {
  readonly version: number;
  readonly table: string;
  readonly sentAtMs: number;
  drawn: boolean;
}

/** What viewers do not draw soon they have skipped, or there are none: the oldest are forgotten. */
const MAX_UNDRAWN = 1024;

/**
 * How long publications that say when they were sent took until their commit, and until the first viewer of their table
 * had drawn them.
 */
export class SentTimes {
  readonly toCommit = new LatencyHistogram({
    name: 'tablecast_publish_to_commit_seconds',
    help: 'From the sent_at_ms of a publication to the commit that shows it, its time in the stage included.',
  });
  readonly toRendered = new LatencyHistogram({
    name: 'tablecast_publish_to_rendered_seconds',
    help: 'From the oldest sent_at_ms that a commit shows of a table until the first viewer has drawn it.',
  });
  readonly #store: TableStore;
  readonly #now: () => number;
  /** By version, oldest first. */
  #undrawn: Undrawn[] = [];

  constructor(options: { readonly store: TableStore; readonly now: () => number }) {
    this.#store = options.store;
    this.#now = options.now;
  }

  /** Folds an entry of the log, and times what its commit shows: what waited in stages, and what comes with it. */
  fold(entry: LogEntry): Commit | null {
    const shown = this.#timeShown(entry);
    const commit = this.#store.apply(entry);
    if (commit === null) return null;
    for (const [table, sentAtMs] of shown)
      this.#undrawn.push({ version: commit.version, table, sentAtMs, drawn: false });
    if (this.#undrawn.length > 2 * MAX_UNDRAWN) this.#undrawn = this.#undrawn.slice(-MAX_UNDRAWN);
    return commit;
  }

  /** The oldest sending time of each table that the entry's commit will show. */
  #timeShown({ publications, commit }: LogEntry): ReadonlyMap<string, number> {
    const oldest = new Map<string, number>();
    if (commit === null || (commit.scope.type !== 'all' && commit.scope.type !== 'stage')) return oldest;
    const { scope, timeMs } = commit;
    const tables = scope.type === 'all' ? this.#store.tables : new Set(scope.tables);
    const time = ({ table, sentAtMs }: Publication) => {
      if (sentAtMs === undefined) return;
      this.toCommit.observe((timeMs - sentAtMs) / 1000);
      const known = oldest.get(table);
      if (known === undefined || sentAtMs < known) oldest.set(table, sentAtMs);
    };
    for (const name of tables.keys()) this.#store.tables.get(name)?.stage.forEach(time);
    for (const publication of publications)
      if (scope.type === 'all' || tables.has(publication.table)) time(publication);
    return oldest;
  }

  /** A viewer of the group has drawn the versions after `from` up to `to`. */
  drawn(group: SubscriptionGroup, from: number, to: number): void {
    for (let i = this.#undrawn.length - 1; i >= 0 && this.#undrawn[i]!.version > from; i--) {
      const shown = this.#undrawn[i]!;
      if (shown.drawn || shown.version > to || !wants(group, shown.table)) continue;
      shown.drawn = true;
      this.toRendered.observe((this.#now() - shown.sentAtMs) / 1000);
    }
  }
}
