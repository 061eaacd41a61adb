import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { CELL, Cells } from './cells.ts';
import type { JsonScanner } from './json-scanner.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Rows times names: what a few objects with many names each would otherwise unfold to. */
const MAX_CELLS = 1 << 25;

/** Rows of JSON objects, taken apart into columns by their names, in the order in which names are first seen. */
export class JsonObjects {
  readonly names: string[] = [];
  readonly columns: Cells[] = [];
  readonly #source: ByteSource;
  readonly #capacity: number;
  readonly #byName = new Map<string, number>();
  /** The names as they stand in the body; null for those that have escapes. */
  readonly #plainNames: (Uint8Array | null)[] = [];

  /** For as many rows at a time as `capacity` says. */
  constructor(source: ByteSource, capacity: number) {
    this.#source = source;
    this.#capacity = capacity;
  }

  clear(): void {
    for (const cells of this.columns) cells.clear();
  }

  /** Takes the object that begins where the scanner stands. */
  take(scanner: JsonScanner, row: number): void {
    if (!scanner.opens(OPEN, CLOSE)) return;
    let column = -1;
    do {
      // Names mostly come in the same order as before.
      column = this.#column(scanner, column + 1);
      scanner.expect(COLON);
      const kind = scanner.value();
      const cells = this.columns[column]!;
      if (cells.kinds[row] !== CELL.none)
        throw scanner.fault(`an object has ${JSON.stringify(this.names[column]!.slice(0, 64))} twice`);
      cells.set(row, kind, scanner.start, scanner.stop);
    } while (scanner.goesOn(CLOSE));
  }

  /** The columns have this many rows now. */
  finish(rowCount: number): void {
    for (const cells of this.columns) cells.length = rowCount;
  }

  #column(scanner: JsonScanner, expected: number): number {
    if (scanner.peek() !== QUOTE) throw scanner.fault('expected a name in quotes');
    const plain = this.#plainNames[expected];
    if (plain !== undefined && plain !== null && this.#isNext(scanner, plain)) {
      scanner.at += plain.length + 2;
      return expected;
    }
    const isPlain = scanner.string() === CELL.text;
    const name = this.#nameOf(scanner, isPlain);
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    return this.#add(name, isPlain ? this.#source.bytes.slice(scanner.start, scanner.stop) : null);
  }

  #isNext(scanner: JsonScanner, name: Uint8Array): boolean {
    const { bytes } = this.#source;
    const first = scanner.at + 1;
    if (first + name.length >= scanner.end || bytes[first + name.length] !== QUOTE) return false;
    for (let i = 0; i < name.length; i++) if (bytes[first + i] !== name[i]) return false;
    return true;
  }

  #nameOf(scanner: JsonScanner, isPlain: boolean): string {
    if (isPlain) return this.#source.text(scanner.start, scanner.stop);
    const cells = new Cells(this.#source, 1);
    cells.push(CELL.escapedText, scanner.start, scanner.stop);
    if (cells.isTorn(0)) throw scanner.fault('a name has half of a surrogate pair');
    return cells.textOf(0);
  }

  #add(name: string, plain: Uint8Array | null): number {
    const column = this.names.length;
    if (column >= LIMITS.maxColumns || (column + 1) * this.#capacity > MAX_CELLS) {
      throw new TablecastError(
        'too_large',
        `The JSON's objects have more names than are taken; columns are at most ${LIMITS.maxColumns}.`,
      );
    }
    this.#byName.set(name, column);
    this.names.push(name);
    this.#plainNames.push(plain);
    this.columns.push(new Cells(this.#source, this.#capacity));
    return column;
  }
}
