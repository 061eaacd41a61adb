import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { GONE } from '../../../protocol/table/row-tracker.ts';
import type { Lines } from './lines.ts';

/** So many lines are looked at for one that stayed in place. */
const WINDOW_LINES = 64;

/** A line at the top of what is on screen, and those after it, as they were before an update. */
export class HeldLine {
  readonly #index: number;
  readonly #ids: number[] = [];
  readonly #paths: (string | null)[] = [];

  constructor(lines: Lines, index: number) {
    this.#index = index;
    if (lines.isPlain) return;
    const end = Math.min(lines.count, index + WINDOW_LINES);
    for (let i = index; i < end; i++) {
      const id = lines.idAt(i);
      this.#ids.push(id);
      this.#paths.push(lines.pathAt(i));
    }
  }

  /** Where it is now, by the first of the lines that is still there and did not move. */
  find(lines: Lines, moved: ReadonlySet<number>, renumbered: Uint32Array | null): number {
    for (let i = 0; i < this.#ids.length; i++) {
      const path = this.#paths[i]!;
      const id = renumbered === null ? this.#ids[i]! : (renumbered[this.#ids[i]!] ?? GONE);
      const index =
        path !== null ? lines.indexOfGroup(path) : moved.has(id) || id < 0 ? -1 : lines.indexOfId(id);
      if (index >= 0) return Math.max(0, index - i);
    }
    return this.#index;
  }
}

/** Where the line of a table in its own order is, after these rows went. */
export function findInTableOrder(rows: RowAccess, index: number, gone: readonly Uint32Array[]): number {
  const sorted = concat(gone).sort();
  if (!rows.hasKey) return Math.max(0, index - sorted.length);
  let low = 0;
  let high = Math.min(index, rows.rowCount);
  // The first row that had at least so many before it.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (middle + countBelow(sorted, rows.idOf(middle)) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countBelow(sorted: Uint32Array, id: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function concat(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
