import type { ByteSource } from './byte-source.ts';
import { unescapeInto } from './unescape.ts';

/** What a cell's text is. JSON says it by its grammar; a CSV cell may be anything until its column has a type. */
export const CELL = {
  /** The row lacks the column, or its CSV cell is empty. */
  none: 0,
  null: 1,
  /** CSV's `""`: empty text, and no value in a column that holds no text. */
  empty: 2,
  /** A JSON number without fraction and exponent. */
  integer: 3,
  number: 4,
  true: 5,
  false: 6,
  text: 7,
  /** Text with backslashes in it. */
  escapedText: 8,
  list: 9,
  object: 10,
  /** A CSV cell without quotes, with quotes, and with doubled quotes in it. */
  bare: 11,
  quoted: 12,
  escapedQuoted: 13,
} as const;
export type CellKind = (typeof CELL)[keyof typeof CELL];

/** Kinds up to this one have no value. */
export const LAST_NULL = CELL.null;

/**
 * A column's cells as places in the body: cell i is `bytes[starts[i] .. ends[i]]` (quotes not included) of `kinds[i]`.
 * Nothing is copied or turned into an object before the column's type is known.
 */
export class Cells {
  readonly source: ByteSource;
  length = 0;
  /** Whether any cell was set since {@link clear}. */
  isUsed = false;
  starts: Uint32Array;
  ends: Uint32Array;
  kinds: Uint8Array;

  constructor(source: ByteSource, capacity: number) {
    this.source = source;
    this.starts = new Uint32Array(capacity);
    this.ends = new Uint32Array(capacity);
    this.kinds = new Uint8Array(capacity);
  }

  set(row: number, kind: CellKind, start: number, end: number): void {
    this.isUsed = true;
    this.kinds[row] = kind;
    this.starts[row] = start;
    this.ends[row] = end;
  }

  push(kind: CellKind, start: number, end: number): void {
    if (this.length === this.kinds.length) this.#grow();
    this.set(this.length++, kind, start, end);
  }

  /** All cells become {@link CELL.none}. */
  clear(): void {
    if (this.isUsed) this.kinds.fill(CELL.none);
    this.isUsed = false;
    this.length = 0;
  }

  /** The cell's text without escapes. */
  textOf(row: number): string {
    const kind = this.kinds[row]!;
    const start = this.starts[row]!;
    const end = this.ends[row]!;
    if (kind !== CELL.escapedText && kind !== CELL.escapedQuoted) return this.source.text(start, end);
    const plain = new Uint8Array(end - start);
    const length = unescapeInto(kind, this.source.bytes, start, end, plain, 0);
    return decoder.decode(plain.subarray(0, Math.max(length, 0)));
  }

  /** Whether the cell is no text after all: half of a surrogate pair is escaped in it. */
  isTorn(row: number): boolean {
    const [start, end] = [this.starts[row]!, this.ends[row]!];
    const plain = new Uint8Array(end - start);
    return (
      this.kinds[row] === CELL.escapedText &&
      unescapeInto(CELL.escapedText, this.source.bytes, start, end, plain, 0) < 0
    );
  }

  #grow(): void {
    const capacity = Math.max(64, this.length * 2);
    const grown = new Cells(this.source, capacity);
    grown.starts.set(this.starts);
    grown.ends.set(this.ends);
    grown.kinds.set(this.kinds);
    this.starts = grown.starts;
    this.ends = grown.ends;
    this.kinds = grown.kinds;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
