import type { LiveTable } from '../../protocol/table/live-table.ts';

/** What {@link TableHistory.cut} gives. */
export interface HistoryCut {
  readonly marks: readonly Mark[];
  readonly bytes: number;
  readonly changed: number;
}

/** How a table stood after one commit that changed it. */
export interface Mark {
  readonly version: number;
  readonly timeMs: number;
  /** For a table without a key: rows that had come and gone by then. */
  readonly firstRow: number;
  readonly endRow: number;
  /** Columns that the commit's upserts brought; null for all. */
  readonly columns: ReadonlySet<string> | null;
  readonly bytes: number;
}

/** What a mark itself takes, about. */
const MARK_BYTES = 100;

export interface HistoryLimits {
  /** Changes older than this are not kept for resuming viewers. */
  readonly maxAgeMs: number;
  /** Bytes of changes that are kept per table. */
  readonly maxBytes: number;
}

/**
 * What is known of a table's past: from which versions on a viewer can be told what changed, and what that needs.
 * The rows themselves are in the table's row log; this keeps a mark per commit, bounded by age and bytes.
 */
export class TableHistory {
  readonly #limits: HistoryLimits;
  /** Marks before `#first` are forgotten, and cut off now and then. */
  #marks: Mark[] = [];
  #first = 0;
  #bytes = 0;
  /** The version of the last change. */
  changed = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** The history as it is now, whatever is added later. */
  cut(): HistoryCut {
    return { marks: this.#marks.slice(this.#first), bytes: this.#bytes, changed: this.changed };
  }

  restore({ marks, bytes, changed }: HistoryCut): void {
    this.#marks = [...marks];
    this.#first = 0;
    this.#bytes = bytes;
    this.changed = changed;
  }

  /** The table began anew: nothing before this commit leads to it. */
  restart(): void {
    this.#marks = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  add(
    table: LiveTable,
    mark: { version: number; timeMs: number; columns: ReadonlySet<string> | null; bytes: number },
  ): void {
    const { firstRow, endRow } = table.queue ?? { firstRow: 0, endRow: 0 };
    this.#marks.push({ ...mark, firstRow, endRow });
    this.#bytes += mark.bytes + MARK_BYTES;
    this.changed = mark.version;
    this.#prune(table, mark.timeMs);
  }

  /** The first mark always stays: it is where the history begins. */
  #prune(table: LiveTable, nowMs: number): void {
    const before = this.#first;
    while (this.#first < this.#marks.length - 1) {
      const next = this.#marks[this.#first + 1]!;
      const tooOld = next.timeMs < nowMs - this.#limits.maxAgeMs;
      if (!tooOld && this.#bytes <= this.#limits.maxBytes) break;
      this.#bytes -= next.bytes + MARK_BYTES;
      this.#first++;
    }
    if (this.#first === before) return;
    table.forgetDeletions(this.#marks[this.#first]!.version);
    if (this.#first * 2 > this.#marks.length) {
      this.#marks = this.#marks.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Whether a viewer at the version can be told what changed since. */
  reaches(version: number): boolean {
    const first = this.#marks[this.#first];
    return first !== undefined && version >= first.version;
  }

  /** How many of the rows that the table had at the version are gone from its front, and whether any row came. */
  queueAt(version: number): { readonly firstRow: number; readonly endRow: number } {
    return this.#marks[this.#lastThrough(version)]!;
  }

  /** Columns that upserts after the version brought; null for all. */
  columnsAfter(version: number): ReadonlySet<string> | null {
    const columns = new Set<string>();
    for (let i = this.#lastThrough(version) + 1; i < this.#marks.length; i++) {
      const brought = this.#marks[i]!.columns;
      if (brought === null) return null;
      for (const name of brought) columns.add(name);
    }
    return columns;
  }

  #lastThrough(version: number): number {
    let low = this.#first;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#marks[middle]!.version <= version) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
