import { LIMITS } from '../../protocol/limits.ts';
import { type SequencePosition, settled } from './sequence-position.ts';

interface Runs {
  /** The one that was written last is the last one. */
  readonly positions: Map<string, SequencePosition>;
  /** Those of which something is missing. */
  readonly open: Set<string>;
}

export interface SequenceBookLimits {
  readonly maxTables: number;
  readonly maxRunsPerTable: number;
  readonly maxPositions: number;
}

export const BOOK_LIMITS: SequenceBookLimits = {
  maxTables: LIMITS.maxTables,
  maxRunsPerTable: LIMITS.maxRunsPerTable,
  maxPositions: LIMITS.maxPositions,
};

/**
 * Where each table stands in each run that has written it. Bounded: the run of a table that has not written for longest,
 * and the table that was first of all, are forgotten, and count as new where they come again.
 */
export class SequenceBook {
  readonly #limits: SequenceBookLimits;
  readonly #tables = new Map<string, Runs>();
  readonly #open = new Set<string>();
  #size = 0;

  constructor(limits: SequenceBookLimits = BOOK_LIMITS) {
    this.#limits = limits;
  }

  /** Tables of which something is missing. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  get size(): number {
    return this.#size;
  }

  get(table: string, run: string): SequencePosition | undefined {
    return this.#tables.get(table)?.positions.get(run);
  }

  /** By run, the one that was written last at the end. */
  runsOf(table: string): ReadonlyMap<string, SequencePosition> | undefined {
    return this.#tables.get(table)?.positions;
  }

  /** Whether it is known, or there is room for it without forgetting another. */
  hasRoomFor(table: string, run: string): boolean {
    const { maxTables, maxRunsPerTable, maxPositions } = this.#limits;
    const positions = this.#tables.get(table)?.positions;
    if (positions?.has(run)) return true;
    if (this.#size >= maxPositions) return false;
    return positions === undefined ? this.#tables.size < maxTables : positions.size < maxRunsPerTable;
  }

  set(table: string, run: string, position: SequencePosition): void {
    const runs = this.#tables.get(table) ?? this.#addTable(table);
    const { positions, open } = runs;
    // The order costs, and one run has none.
    if (positions.size > 1) this.#size -= Number(positions.delete(run));
    if (!positions.has(run)) this.#size++;
    positions.set(run, position);
    if (position.missing.length > 0) open.add(run);
    else open.delete(run);
    this.#limitRuns(runs);
    this.#noteOpen(table, runs);
  }

  /** Nothing of the table is missing any more, in any run; or what is left of that is. */
  settle(
    table: string,
    mended: (position: SequencePosition, run: string) => SequencePosition = settled,
  ): void {
    const runs = this.#tables.get(table);
    if (runs === undefined || runs.open.size === 0) return;
    for (const run of [...runs.open]) {
      const position = mended(runs.positions.get(run)!, run);
      runs.positions.set(run, position);
      if (position.missing.length === 0) runs.open.delete(run);
    }
    this.#noteOpen(table, runs);
  }

  clear(): void {
    this.#tables.clear();
    this.#open.clear();
    this.#size = 0;
  }

  *entries(): Generator<readonly [table: string, run: string, position: SequencePosition]> {
    for (const [table, { positions }] of this.#tables)
      for (const [run, position] of positions) yield [table, run, position];
  }

  #addTable(table: string): Runs {
    while (this.#tables.size >= this.#limits.maxTables) this.#forgetFirst();
    const runs: Runs = { positions: new Map(), open: new Set() };
    this.#tables.set(table, runs);
    return runs;
  }

  #limitRuns({ positions, open }: Runs): void {
    if (positions.size > this.#limits.maxRunsPerTable) {
      const [oldest] = positions.keys();
      positions.delete(oldest!);
      open.delete(oldest!);
      this.#size--;
    }
    while (this.#size > this.#limits.maxPositions && this.#tables.size > 1) this.#forgetFirst();
  }

  #forgetFirst(): void {
    const [first] = this.#tables.keys();
    this.#size -= this.#tables.get(first!)!.positions.size;
    this.#tables.delete(first!);
    this.#open.delete(first!);
  }

  #noteOpen(table: string, { open }: Runs): void {
    if (open.size > 0 && this.#tables.has(table)) this.#open.add(table);
    else this.#open.delete(table);
  }
}
