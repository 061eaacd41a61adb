import { byteLengthOf, type Vector } from '../arrow/vector.ts';

/** Rows `start ..` of a segment up to the next run were written by the commit of `version`, at `timeMs`. */
interface Run {
  start: number;
  readonly version: number;
  readonly timeMs: number;
}

/** Consecutive rows that one commit wrote. */
export interface WrittenRun {
  readonly rows: number;
  readonly version: number;
  readonly timeMs: number;
}

/**
 * Consecutive rows of a table's row log. A row is live until it is dropped (from the front, in a table without a key)
 * or superseded (in a table with one, where {@link slots} says whose row it is).
 */
export class Segment {
  readonly id: number;
  columns: readonly (Vector | undefined)[];
  rowCount = 0;
  liveCount = 0;
  /** The first row that is not dropped. */
  firstRow = 0;
  /** The slot of each row; empty where the table has no key. */
  slots: Uint32Array = new Uint32Array(0);
  #runs: Run[] = [];

  constructor(id: number, columns: readonly (Vector | undefined)[]) {
    this.id = id;
    this.columns = columns;
  }

  /** Counts rows that were just written at the end. */
  grow(count: number, version: number, timeMs: number): void {
    const last = this.#runs.at(-1);
    if (last === undefined || last.version !== version)
      this.#runs.push({ start: this.rowCount, version, timeMs });
    this.rowCount += count;
    this.liveCount += count;
  }

  /** The slots, with room for every row. */
  reserveSlots(): Uint32Array {
    if (this.slots.length >= this.rowCount) return this.slots;
    const grown = new Uint32Array(Math.max(this.rowCount, Math.min(1 << 16, this.slots.length * 2)));
    grown.set(this.slots);
    this.slots = grown;
    return grown;
  }

  /** The first row written after the version; `rowCount` where none was. */
  firstRowAfter(version: number): number {
    const run = this.#runs[this.#firstRun((candidate) => candidate.version > version)];
    return Math.max(this.firstRow, run?.start ?? this.rowCount);
  }

  get lastVersion(): number {
    return this.#runs.at(-1)?.version ?? 0;
  }

  versionOf(row: number): number {
    return this.#runOf(row)?.version ?? 0;
  }

  timeMsOf(row: number): number {
    return this.#runOf(row)?.timeMs ?? 0;
  }

  #runOf(row: number): Run | undefined {
    return this.#runs[this.#firstRun((candidate) => candidate.start > row) - 1];
  }

  /** The first run of which the condition holds, as it does for all after it. */
  #firstRun(condition: (run: Run) => boolean): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (condition(this.#runs[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The runs as they are now: by row, whatever is written later. */
  cutRuns(): (row: number) => { readonly version: number; readonly timeMs: number; readonly end: number } {
    const runs = this.#runs.slice();
    const { rowCount } = this;
    return (row) => {
      let low = 0;
      let high = runs.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (runs[middle]!.start <= row) low = middle;
        else high = middle - 1;
      }
      const { version, timeMs } = runs[low]!;
      return { version, timeMs, end: runs[low + 1]?.start ?? rowCount };
    };
  }

  /** Where the run of the row ends. */
  runEnd(row: number): number {
    return this.#runs[this.#firstRun((run) => run.start > row)]?.start ?? this.rowCount;
  }

  /** Holds from now on `columns`: the rows that were gathered from these segments, in their order. */
  rewrite(
    columns: readonly Vector[],
    sources: readonly { readonly segment: Segment; readonly rows: Int32Array }[],
  ): void {
    const total = sources.reduce((sum, source) => sum + source.rows.length, 0);
    const slots = new Uint32Array(total);
    const runs: Run[] = [];
    let at = 0;
    for (const { segment, rows } of sources) {
      let run: Run | undefined;
      let runEnd = 0;
      for (const row of rows) {
        if (row >= runEnd) {
          run = segment.#runOf(row)!;
          runEnd = segment.runEnd(row);
          if (runs.at(-1)?.version !== run.version) runs.push({ ...run, start: at });
        }
        slots[at++] = segment.slots[row]!;
      }
    }
    this.slots = slots;
    this.columns = columns;
    this.#runs = runs;
    this.rowCount = total;
    this.liveCount = total;
    this.firstRow = 0;
  }

  /** Of the rows' values alone. */
  contentBytes(): number {
    return this.columns.reduce((sum, vector) => sum + byteLengthOf(vector, 0, this.rowCount), 0);
  }

  bytes(): number {
    return this.contentBytes() + this.slots.byteLength + this.#runs.length * 24;
  }
}
