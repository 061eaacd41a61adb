import type { ReplicaCommit } from '../replica.ts';
import type { GatewayTable, GatewayTableList } from './gateway-table.ts';

/** Data older than this many of its usual gaps is stale … */
const STALE_GAPS = 3;
/** … but never before this age. */
const STALE_AFTER_MS = 5000;
const GAPS_KEPT = 9;
/** The list comes every two seconds, unless the page is hidden, sleeps or has no line: what changed meanwhile is not of now. */
const RECENT_LIST_MS = 5000;

interface Activity {
  /** Null while it was not seen to change. */
  changedAtMs: number | null;
  /** The version of the last change that is known. */
  version: number;
  readonly gapsMs: number[];
}

/**
 * When each table changed last, and how often it does: told by commits for tables that the page follows, by the gateway's
 * list for the others.
 */
export class TableActivity {
  readonly #tables = new Map<string, Activity>();
  #epoch = '';
  #listedAtMs: number | null = null;
  #shownAtMs: ReadonlyMap<string, number | null> | null = null;

  /** Answers to subscriptions are no news: they say nothing of when the data was made. */
  note(
    { epoch, version, isAnswer, changed }: Pick<ReplicaCommit, 'epoch' | 'version' | 'isAnswer' | 'changed'>,
    nowMs: number,
  ): void {
    this.#begin(epoch);
    for (const name of changed.keys()) {
      if (isAnswer) this.#tables.delete(name);
      else this.#noteTable(name, version, nowMs);
    }
  }

  /** The gateway's list came. A table that was not known is no news either. */
  noteList({ epoch, tables }: Pick<GatewayTableList, 'epoch' | 'tables'>, nowMs: number): void {
    this.#begin(epoch);
    const isRecent = this.#listedAtMs !== null && nowMs - this.#listedAtMs <= RECENT_LIST_MS;
    for (const name of this.#tables.keys()) if (!tables.has(name)) this.#tables.delete(name);
    for (const table of tables.values()) {
      const { name, changed } = table;
      const activity = this.#tables.get(name);
      if (activity === undefined) this.#tables.set(name, { changedAtMs: null, version: changed, gapsMs: [] });
      else if (changed > activity.version) {
        const sinceMs = Math.max(this.#listedAtMs ?? 0, activity.changedAtMs ?? 0);
        const changedAtMs = timeOfChange(table, sinceMs, nowMs) ?? (isRecent ? nowMs : null);
        move(activity, changed, changedAtMs, isRecent);
      }
    }
    this.#listedAtMs = nowMs;
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
    const { changedAtMs = null, gapsMs = [] } = this.#tables.get(table) ?? {};
    const gapMs = median(gapsMs);
    if (changedAtMs === null || gapMs === null) return false;
    return nowMs - changedAtMs > Math.max(STALE_AFTER_MS, STALE_GAPS * gapMs);
  }

  /** Versions compare only within an epoch. */
  #begin(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#tables.clear();
    this.#listedAtMs = null;
    this.#epoch = epoch;
  }

  #noteTable(name: string, version: number, nowMs: number): void {
    const activity = this.#tables.get(name);
    if (activity === undefined) this.#tables.set(name, { changedAtMs: nowMs, version, gapsMs: [] });
    else if (version > activity.version) move(activity, version, nowMs, true);
  }
}

function move(activity: Activity, version: number, changedAtMs: number | null, countsGap: boolean): void {
  if (countsGap && changedAtMs !== null && activity.changedAtMs !== null) {
    activity.gapsMs.push(changedAtMs - activity.changedAtMs);
    if (activity.gapsMs.length > GAPS_KEPT) activity.gapsMs.shift();
  }
  activity.changedAtMs = changedAtMs;
  activity.version = version;
}

/** Within the time that the change was seen to lie in, whatever the gateway's clock says; null where the list does not tell. */
function timeOfChange(
  { staged, lastPublicationMs }: GatewayTable,
  sinceMs: number,
  nowMs: number,
): number | null {
  // What waits in the stage was published later than what is shown.
  if (staged > 0 || lastPublicationMs === null) return null;
  return Math.min(nowMs, Math.max(sinceMs, lastPublicationMs));
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;
}
