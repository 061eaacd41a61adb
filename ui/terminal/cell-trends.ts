export type Trend = 'up' | 'down' | 'other';

/** A change stays marked for so long, or until the cell changes again. */
const MARKED_MS = 1500;
/** Cells remembered, however far somebody scrolls. */
const MAX_SEEN = 20_000;

interface Seen {
  text: string | null;
  trend: Trend | null;
  changedAtMs: number;
}

/** How cells on screen differ from what they were; rows are known again by an id that is theirs wherever they stand. */
export class CellTrends {
  readonly #nowMs: () => number;
  #seen = new Map<string, Seen>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  forget(): void {
    this.#seen.clear();
  }

  /** A cell is drawn with its exact text; null where nothing is to be marked. */
  see(rowId: string, column: string, text: string | null, isNumber: boolean): Trend | null {
    const id = `${rowId}\u0000${column}`;
    const nowMs = this.#nowMs();
    const seen = this.#seen.get(id);
    if (seen === undefined) {
      if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
      this.#seen.set(id, { text, trend: null, changedAtMs: nowMs });
      return null;
    }
    if (seen.text !== text) {
      seen.trend = isNumber ? trendOf(seen.text, text) : 'other';
      seen.text = text;
      seen.changedAtMs = nowMs;
    }
    return nowMs - seen.changedAtMs < MARKED_MS ? seen.trend : null;
  }
}

function trendOf(before: string | null, now: string | null): Trend {
  if (before === null || now === null) return 'other';
  const difference = number(now) - number(before);
  return difference > 0 ? 'up' : difference < 0 ? 'down' : 'other';
}

/** As exact texts write numbers. */
function number(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
