import { isNumeric } from '../column-label.ts';
import type { TableReader } from '../table-reader.ts';

export type Change = 'up' | 'down' | 'other';

/** Cells remembered between two commits, however far the viewer scrolls. */
const MAX_SEEN = 20_000;

interface Seen {
  readonly text: string | null;
  readonly value: number;
}

/**
 * Which cells on screen hold another value than they did at the last commit. A row is known again by its key where the
 * table has one, else by its place; it remembers only what was on screen.
 */
export class CellChanges {
  #before = new Map<string, Seen>();
  #now = new Map<string, Seen>();
  readonly #changes = new Map<string, Change>();
  #firstRow = 0;

  /** A commit is about to be drawn: what was seen last is now the past, and so many rows went from the front. */
  nextCommit(droppedFirst: number): void {
    this.#firstRow += droppedFirst;
    this.#before = this.#now;
    this.#now = new Map();
    this.#changes.clear();
  }

  /** The table is shown anew, scrolled or sorted; nothing counts as changed by that. */
  forget(): void {
    this.#before = new Map();
    this.#now = new Map();
    this.#changes.clear();
  }

  see(table: TableReader, row: number, column: number, text: string | null): Change | null {
    const id = `${rowId(table, row, this.#firstRow)} ${column}`;
    const known = this.#now.get(id);
    if (known !== undefined) return this.#changes.get(id) ?? null;
    if (this.#now.size >= MAX_SEEN) this.#now.clear();
    const isNumber = isNumeric(table.fields[column]!.type);
    const value = isNumber ? (table.numbers(column, row, row + 1)[0] ?? Number.NaN) : Number.NaN;
    this.#now.set(id, { text, value });
    const before = this.#before.get(id);
    if (before === undefined || before.text === text) return null;
    const change = value > before.value ? 'up' : value < before.value ? 'down' : 'other';
    this.#changes.set(id, change);
    return change;
  }
}

function rowId(table: TableReader, row: number, firstRow: number): string {
  if (table.key === null) return String(row + firstRow);
  const keys = table.key.map((name) => {
    const keyColumn = table.fields.findIndex((field) => field.name === name);
    return keyColumn < 0 ? null : table.text(row, keyColumn);
  });
  return JSON.stringify(keys);
}
