import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { CELL, Cells } from './cells.ts';
import { JsonObjects } from './json-objects.ts';
import { JsonScanner } from './json-scanner.ts';
import type { RowBlock, RowSource } from './row-source.ts';

const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;
const LF = 0x0a;
/** Few enough that as many columns as may be cost little. */
const BLOCK_ROWS = 2048;

/**
 * The rows of a JSON body: an array of records, or an object of columns that are arrays of one length.
 *
 * @throws TablecastError `bad_body`
 */
export function openJson(source: ByteSource): RowSource {
  const scanner = new JsonScanner(source, 0, source.bytes.length);
  const byte = scanner.peek();
  if (byte === OPEN_LIST) return new JsonRecords(source, scanner);
  if (byte === OPEN_OBJECT) return new JsonColumns(source, scanner);
  throw scanner.fault('expected an array of records, or an object of columns');
}

/** `[{"a": 1}, {"a": 2}]` */
class JsonRecords implements RowSource {
  readonly #scanner: JsonScanner;
  readonly #objects: JsonObjects;
  #rows = 0;
  #hasMore: boolean;

  constructor(source: ByteSource, scanner: JsonScanner) {
    this.#scanner = scanner;
    this.#objects = new JsonObjects(source, BLOCK_ROWS);
    this.#hasMore = scanner.opens(OPEN_LIST, CLOSE_LIST);
    if (!this.#hasMore) scanner.finish();
  }
  get names(): readonly string[] {
    return this.#objects.names;
  }
  next(): RowBlock | null {
    const scanner = this.#scanner;
    this.#objects.clear();
    let rowCount = 0;
    while (this.#hasMore && rowCount < BLOCK_ROWS) {
      if (scanner.peek() !== OPEN_OBJECT) {
        throw scanner.fault(`row ${this.#rows + rowCount + 1} (counting from 1) is not an object`);
      }
      this.#objects.take(scanner, rowCount++);
      this.#hasMore = scanner.goesOn(CLOSE_LIST);
      if (!this.#hasMore) scanner.finish();
    }
    this.#rows += rowCount;
    this.#objects.finish(rowCount);
    return rowCount === 0 ? null : { rowCount, columns: this.#objects.columns };
  }
}

/** `{"a": [1, 2], "b": [3, 4]}` */
class JsonColumns implements RowSource {
  readonly names: readonly string[];
  readonly #scanners: readonly JsonScanner[];
  readonly #columns: readonly Cells[];
  readonly #hasMore: boolean[];

  constructor(source: ByteSource, scanner: JsonScanner) {
    const found = columnsOf(source, scanner);
    this.names = [...found.keys()];
    this.#scanners = [...found.values()];
    this.#columns = this.names.map(() => new Cells(source, BLOCK_ROWS));
    this.#hasMore = this.#scanners.map((column) => column.opens(OPEN_LIST, CLOSE_LIST));
  }
  next(): RowBlock | null {
    this.#columns.forEach((cells, column) => {
      cells.clear();
      this.#fill(cells, column);
    });
    const rowCount = this.#columns[0]?.length ?? 0;
    const uneven = this.#columns.findIndex((cells) => cells.length !== rowCount);
    if (uneven >= 0) {
      const [a, b] = [this.names[0]!, this.names[uneven]!].map((name) => JSON.stringify(name.slice(0, 64)));
      throw new TablecastError('bad_body', `The columns ${a} and ${b} of the JSON differ in length.`);
    }
    return rowCount === 0 ? null : { rowCount, columns: this.#columns };
  }
  #fill(cells: Cells, column: number): void {
    const scanner = this.#scanners[column]!;
    while (this.#hasMore[column] && cells.length < BLOCK_ROWS) {
      const kind = scanner.value();
      cells.push(kind, scanner.start, scanner.stop);
      this.#hasMore[column] = scanner.goesOn(CLOSE_LIST);
    }
  }
}

/** By name a scanner for each column's array. */
function columnsOf(source: ByteSource, scanner: JsonScanner): Map<string, JsonScanner> {
  const found = new Map<string, JsonScanner>();
  const name = new Cells(source, 1);
  if (scanner.opens(OPEN_OBJECT, CLOSE_OBJECT)) {
    do {
      if (scanner.peek() !== 0x22) throw scanner.fault('expected a name in quotes');
      name.set(0, scanner.string(), scanner.start, scanner.stop);
      if (name.isTorn(0)) throw scanner.fault('a name has half of a surrogate pair');
      const text = name.textOf(0);
      const shown = JSON.stringify(text.slice(0, 64));
      if (found.has(text)) throw scanner.fault(`the object has ${shown} twice`);
      scanner.expect(0x3a);
      if (scanner.value(1) !== CELL.list) {
        throw scanner.fault(
          `the column ${shown} is not an array; send an array of records [{…}, …], or an object of arrays`,
        );
      }
      found.set(text, new JsonScanner(source, scanner.start, scanner.stop));
      if (found.size > LIMITS.maxColumns)
        throw new TablecastError(
          'too_large',
          `The JSON has more than ${LIMITS.maxColumns} columns, the limit.`,
        );
    } while (scanner.goesOn(CLOSE_OBJECT));
  }
  scanner.finish();
  return found;
}

/** One record a line; lines of white space are skipped. */
export class NdjsonRows implements RowSource {
  readonly #scanner: JsonScanner;
  readonly #objects: JsonObjects;
  #lineStart = 0;

  /** `before`: what came before these bytes; lines and bytes in errors count from there. */
  constructor(source: ByteSource, before = { lines: 0, bytes: 0 }) {
    this.#scanner = new JsonScanner(source, 0, 0);
    this.#scanner.line = before.lines;
    this.#scanner.bytesBefore = before.bytes;
    this.#objects = new JsonObjects(source, BLOCK_ROWS);
  }
  get names(): readonly string[] {
    return this.#objects.names;
  }
  /** Lines passed so far, those before these bytes included. */
  get lines(): number {
    return this.#scanner.line;
  }
  next(): RowBlock | null {
    const scanner = this.#scanner;
    this.#objects.clear();
    let rowCount = 0;
    while (rowCount < BLOCK_ROWS && this.#nextLine()) {
      const byte = scanner.peek();
      if (byte === -1) continue;
      if (byte !== OPEN_OBJECT) throw scanner.fault('the line is not an object');
      this.#objects.take(scanner, rowCount++);
      scanner.finish();
    }
    this.#objects.finish(rowCount);
    return rowCount === 0 ? null : { rowCount, columns: this.#objects.columns };
  }
  #nextLine(): boolean {
    const { bytes } = this.#scanner.source;
    if (this.#lineStart >= bytes.length) return false;
    const lineEnd = bytes.indexOf(LF, this.#lineStart);
    this.#scanner.at = this.#lineStart;
    this.#scanner.end = lineEnd < 0 ? bytes.length : lineEnd;
    this.#scanner.line++;
    this.#lineStart = this.#scanner.end + 1;
    return true;
  }
}
