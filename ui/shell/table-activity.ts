import type { ReplicaCommit } from '../replica.ts';

/** Data older than this many of its usual gaps is stale … */
const STALE_GAPS = 3;
/** … but never before this age. */
const STALE_AFTER_MS = 5000;
const GAPS_KEPT = 9;
const RATE_WINDOW_MS = 5000;

interface Activity {
  changedAtMs: number;
  readonly gapsMs: number[];
}

/** When each table changed last, how often it does, and how many rows come in a second. */
export class TableActivity {
  readonly #tables = new Map<string, Activity>();
  readonly #arrivals: { atMs: number; rows: number }[] = [];
  #shownAtMs: ReadonlyMap<string, number> | null = null;

  /** Answers to subscriptions are no news: they say nothing of when the data was made. */
  note(commit: Pick<ReplicaCommit, 'isAnswer' | 'changed'>, nowMs: number): void {
    if (commit.isAnswer) {
      for (const name of commit.changed.keys()) this.#tables.delete(name);
      return;
    }
    let rows = 0;
    for (const [name, count] of commit.changed) {
      rows += count;
      this.#noteTable(name, nowMs);
    }
    this.#arrivals.push({ atMs: nowMs, rows });
    this.#forget(nowMs);
  }

  /** While the viewer pauses: {@link changedAtMs} stays with what is shown, and all else goes on. */
  hold(): void {
    this.#shownAtMs = new Map(Array.from(this.#tables, ([name, { changedAtMs }]) => [name, changedAtMs]));
  }

  release(): void {
    this.#shownAtMs = null;
  }

  /** Null while nothing came since this viewer came: ask the gateway when it was published. */
  changedAtMs(table: string): number | null {
    if (this.#shownAtMs !== null) return this.#shownAtMs.get(table) ?? null;
    return this.#tables.get(table)?.changedAtMs ?? null;
  }

  /** A table that was seen to change, and has not for longer than it usually takes. */
  isStale(table: string, nowMs: number): boolean {
    const activity = this.#tables.get(table);
    const gapMs = activity === undefined ? null : median(activity.gapsMs);
    if (activity === undefined || gapMs === null) return false;
    return nowMs - activity.changedAtMs > Math.max(STALE_AFTER_MS, STALE_GAPS * gapMs);
  }

  rowsPerSecond(nowMs: number): number {
    this.#forget(nowMs);
    const rows = this.#arrivals.reduce((sum, arrival) => sum + arrival.rows, 0);
    return rows / (RATE_WINDOW_MS / 1000);
  }

  #noteTable(name: string, nowMs: number): void {
    const activity = this.#tables.get(name);
    if (activity === undefined) {
      this.#tables.set(name, { changedAtMs: nowMs, gapsMs: [] });
      return;
    }
    activity.gapsMs.push(nowMs - activity.changedAtMs);
    if (activity.gapsMs.length > GAPS_KEPT) activity.gapsMs.shift();
    activity.changedAtMs = nowMs;
  }

  #forget(nowMs: number): void {
    while (this.#arrivals[0] !== undefined && nowMs - this.#arrivals[0].atMs >= RATE_WINDOW_MS)
      this.#arrivals.shift();
  }
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;
}
