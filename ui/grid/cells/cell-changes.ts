export type Change = 'up' | 'down' | 'other';

/** Cells remembered, however far the viewer scrolls. */
const MAX_SEEN = 20_000;

interface Seen {
  text: string | null;
  /** How it came by the commit that it was seen at. */
  change: Change | null;
  commit: number;
}

/**
 * Which cells on screen hold another value than when they were last seen before this commit. Rows are known again by an id
 * that stays theirs wherever they stand; it remembers only what was on screen.
 */
export class CellChanges {
  readonly #seen = new Map<string, Seen>();
  #commit = 0;

  /** A commit is about to be drawn: what was seen until now is the past. */
  nextCommit(): void {
    this.#commit++;
  }

  /** The table is shown anew; nothing counts as changed by that. */
  forget(): void {
    this.#seen.clear();
  }

  /** A cell is drawn with its exact text; answers how this commit changed it. */
  see(rowId: string, column: number, text: string | null, isNumber: boolean): Change | null {
    const id = `${column} ${rowId}`;
    const seen = this.#seen.get(id);
    if (seen === undefined) {
      if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
      this.#seen.set(id, { text, change: null, commit: this.#commit });
      return null;
    }
    if (seen.commit === this.#commit) return seen.change;
    seen.change = seen.text === text ? null : isNumber ? direction(seen.text, text) : 'other';
    seen.text = text;
    seen.commit = this.#commit;
    return seen.change;
  }
}

function direction(before: string | null, now: string | null): Change {
  if (before === null || now === null) return 'other';
  const difference = parse(now) - parse(before);
  return difference > 0 ? 'up' : difference < 0 ? 'down' : 'other';
}

/** As {@link cellText} writes numbers. */
function parse(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
