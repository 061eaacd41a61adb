import { distinctNames } from '../arrow/distinct-names.ts';
import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { CELL, type CellKind, Cells } from './cells.ts';
import type { RowBlock, RowSource } from './row-source.ts';

const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** Of a block: what its cells take stays in the processor's caches. */
const MAX_BLOCK_CELLS = 1 << 17;
const MAX_BLOCK_ROWS = 1 << 14;

export interface CsvRowsOptions {
  /** The columns; without them the first line is the header. */
  readonly names?: readonly string[];
  /** Whether nothing follows these bytes (so it is where absent); else the last, unfinished row is left at {@link CsvRows.at}. */
  readonly isLast?: boolean;
  /** The byte between two cells; a comma where absent. */
  readonly delimiter?: number;
  /** What came before these bytes; rows and bytes in errors count from there. */
  readonly before?: { readonly rows: number; readonly bytes: number };
}

/**
 * CSV by RFC 4180, its bytes scanned in place: comma, lines that end with LF or CRLF, quotes doubled inside of quotes. A quote that
 * does not begin a cell is text; lines without a character are skipped; each row has as many cells as the header.
 */
export class CsvRows implements RowSource {
  readonly names: readonly string[];
  /** Where the next row begins. */
  at = 0;
  readonly #source: ByteSource;
  readonly #isLast: boolean;
  readonly #delimiter: number;
  readonly #bytesBefore: number;
  readonly #columns: readonly Cells[];
  readonly #blockRows: number;
  #rows: number;
  // Of the cell scanned last.
  #kind: CellKind = CELL.none;
  #start = 0;
  #end = 0;
  #endsRow = false;

  /** @throws TablecastError `bad_body`, `too_large` */
  constructor(source: ByteSource, options: CsvRowsOptions = {}) {
    this.#source = source;
    this.#isLast = options.isLast ?? true;
    this.#delimiter = options.delimiter ?? COMMA;
    this.#rows = options.before?.rows ?? 0;
    this.#bytesBefore = options.before?.bytes ?? 0;
    this.names = options.names ?? this.#header();
    this.#blockRows = Math.max(1, Math.min(MAX_BLOCK_ROWS, Math.floor(MAX_BLOCK_CELLS / this.names.length)));
    this.#columns = this.names.map(() => new Cells(source, this.#blockRows));
  }

  next(): RowBlock | null {
    for (const cells of this.#columns) cells.clear();
    let rowCount = 0;
    while (rowCount < this.#blockRows && this.#row(rowCount)) rowCount++;
    this.#rows += rowCount;
    if (rowCount === 0) return null;
    for (const cells of this.#columns) cells.length = rowCount;
    return { rowCount, columns: this.#columns };
  }

  /** Whether there was a row. */
  #row(row: number): boolean {
    const { bytes } = this.#source;
    const columns = this.#columns;
    const width = columns.length;
    let at = this.#skipBlankLines(this.at);
    this.at = at;
    if (at === bytes.length) return false;
    for (let column = 0; ; column++) {
      at = this.#cell(at, row);
      if (at < 0) return false;
      if (column === width) throw this.#ragged(row, at);
      columns[column]!.set(row, this.#kind, this.#start, this.#end);
      if (!this.#endsRow) continue;
      if (column + 1 < width) throw this.#ragged(row, at);
      this.at = at;
      return true;
    }
  }

  #skipBlankLines(from: number): number {
    const { bytes } = this.#source;
    let at = from;
    while (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) at += bytes[at] === LF ? 1 : 2;
    return at;
  }

  /** Scans one cell; where the next one begins, -1 where these bytes end before it does and more may come. */
  #cell(from: number, row: number): number {
    const { bytes } = this.#source;
    if (bytes[from] === QUOTE) return this.#quotedCell(from + 1, row);
    let at = from;
    let byte = -1;
    const end = bytes.length;
    const delimiter = this.#delimiter;
    while (at < end) {
      byte = bytes[at]!;
      if (byte === delimiter || byte === LF) break;
      at++;
    }
    if (at === end) {
      if (!this.#isLast) return -1;
      byte = LF;
    }
    this.#endsRow = byte === LF;
    const stop = byte === LF && at > from && bytes[at - 1] === CR ? at - 1 : at;
    this.#kind = stop === from ? CELL.none : CELL.bare;
    this.#start = from;
    this.#end = stop;
    return at === end ? end : at + 1;
  }

  #quotedCell(from: number, row: number): number {
    const { bytes } = this.#source;
    let kind: CellKind = CELL.quoted;
    let at = from;
    for (;;) {
      at = bytes.indexOf(QUOTE, at);
      if (at < 0) {
        if (!this.#isLast) return -1;
        throw this.#bad(row, from - 1, 'the quote that begins here is not closed');
      }
      if (bytes[at + 1] !== QUOTE) break;
      kind = CELL.escapedQuoted;
      at += 2;
    }
    this.#kind = at === from ? CELL.empty : kind;
    this.#start = from;
    this.#end = at;
    let next = at + 1;
    if (bytes[next] === CR && (bytes[next + 1] === LF || next + 1 === bytes.length)) next++;
    if (next >= bytes.length) {
      this.#endsRow = true;
      return this.#isLast ? bytes.length : -1;
    }
    const byte = bytes[next]!;
    if (byte !== this.#delimiter && byte !== LF) {
      const separator = this.#delimiter === COMMA ? 'a comma' : 'a separator';
      throw this.#bad(row, next, `a closing quote is followed by more than ${separator} or the line’s end`);
    }
    this.#endsRow = byte === LF;
    return next + 1;
  }

  #header(): string[] {
    const { bytes } = this.#source;
    const cells = new Cells(this.#source, 64);
    let at = this.#skipBlankLines(0);
    if (at === bytes.length) throw new TablecastError('bad_body', 'The CSV is empty: it has no header line.');
    do {
      at = this.#cell(at, -1);
      if (at < 0) throw this.#bad(-1, bytes.length, 'its line does not end within these bytes');
      cells.push(this.#kind, this.#start, this.#end);
      if (cells.length > LIMITS.maxColumns) throw tooWide();
    } while (!this.#endsRow);
    this.at = at;
    return [...distinctNames(Array.from({ length: cells.length }, (_, i) => cells.textOf(i)))];
  }

  #ragged(row: number, at: number): TablecastError {
    const width = this.names.length;
    return this.#bad(
      row,
      at,
      `the row does not have ${width} cell${width === 1 ? '' : 's'}, as the header has`,
    );
  }

  #bad(row: number, at: number, what: string): TablecastError {
    const where = row < 0 ? 'header' : `row ${this.#rows + row + 1} (counting from 1, header not counted)`;
    return new TablecastError(
      'bad_body',
      `The CSV is malformed in its ${where}, near byte ${this.#bytesBefore + at}: ${what}.`,
    );
  }
}

function tooWide(): TablecastError {
  return new TablecastError('too_large', `The CSV has more than ${LIMITS.maxColumns} columns, the limit.`);
}
