import { LIMITS } from '../../protocol/limits.ts';

/**
 * How a gap was found: `start`, the first publication that came was not the run's first; `jump`, a number was left out;
 * `tail`, a heartbeat told of more than came.
 */
export const GAP_KINDS = ['start', 'jump', 'tail'] as const;
export type GapKind = (typeof GAP_KINDS)[number];

export interface TableCounts {
  /** Jumps and tails: what was lost while the gateway listened. */
  readonly gaps: number;
  readonly duplicates: number;
}

const NONE: TableCounts = { gaps: 0, duplicates: 0 };

/** What numbering has shown since the start, in all and by table; the table that was first of all is forgotten first. */
export class SequenceCounts {
  readonly gaps: Record<GapKind, number> = { start: 0, jump: 0, tail: 0 };
  duplicates = 0;
  /** Snapshots that made a table whole again. */
  resyncs = 0;
  readonly #tables = new Map<string, { gaps: number; duplicates: number }>();

  of(table: string): TableCounts {
    return this.#tables.get(table) ?? NONE;
  }

  gap(table: string, kind: GapKind): void {
    this.gaps[kind]++;
    if (kind !== 'start') this.#counts(table).gaps++;
  }

  duplicate(table: string): void {
    this.duplicates++;
    this.#counts(table).duplicates++;
  }

  #counts(table: string): { gaps: number; duplicates: number } {
    let counts = this.#tables.get(table);
    if (counts !== undefined) return counts;
    if (this.#tables.size >= LIMITS.maxTables) this.#tables.delete(this.#tables.keys().next().value!);
    counts = { gaps: 0, duplicates: 0 };
    this.#tables.set(table, counts);
    return counts;
  }
}
