import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { CELL, type CellKind } from './cells.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MAX_DEPTH = LIMITS.maxNestingDepth - 1;

/**
 * Walks over JSON (RFC 8259) in place. A list or object is passed over as one value, its inside unchecked but for strings; whoever
 * needs what is in it scans that range again.
 */
export class JsonScanner {
  readonly source: ByteSource;
  at: number;
  end: number;
  /** The value scanned last is `bytes[start .. stop]`, a text without its quotes. */
  start = 0;
  stop = 0;
  /** Said in errors; 0 where lines mean nothing. */
  line = 0;
  /** Bytes before the source's first one, in errors. */
  bytesBefore = 0;

  constructor(source: ByteSource, start: number, end: number) {
    this.source = source;
    this.at = start;
    this.end = end;
  }

  /** The next byte that is no white space, -1 at the end. */
  peek(): number {
    const { bytes } = this.source;
    let at = this.at;
    while (at < this.end) {
      const byte = bytes[at]!;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        this.at = at;
        return byte;
      }
      at++;
    }
    this.at = at;
    return -1;
  }

  /** @throws TablecastError `bad_body` where another byte comes next */
  expect(byte: number): void {
    if (this.peek() !== byte) throw this.fault(`expected "${String.fromCharCode(byte)}"`);
    this.at++;
  }

  /** Opens a list or object; whether there is anything in it. */
  opens(open: number, close: number): boolean {
    this.expect(open);
    if (this.peek() !== close) return true;
    this.at++;
    return false;
  }

  /** Between two values of a list or object: whether another one follows. */
  goesOn(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) throw this.fault(`expected "," or "${String.fromCharCode(close)}"`);
    this.at++;
    return byte === COMMA;
  }

  /** Nothing but white space is left. */
  finish(): void {
    if (this.peek() !== -1) throw this.fault('expected nothing more');
  }

  /** Passes over one value; `depth` is how many levels of it are no column's own. */
  value(depth = 0): CellKind {
    const byte = this.peek();
    switch (byte) {
      case QUOTE:
        return this.string();
      case OPEN_OBJECT:
        return this.#skip(CELL.object, depth);
      case OPEN_LIST:
        return this.#skip(CELL.list, depth);
      case 0x74:
        return this.#literal('true', CELL.true);
      case 0x66:
        return this.#literal('false', CELL.false);
      case 0x6e:
        return this.#literal('null', CELL.null);
      case 0x4e:
      case 0x49:
        throw this.fault('NaN and Infinity are no JSON, write null');
      default:
        return this.#number();
    }
  }

  /** The text that begins here with its quote. */
  string(): CellKind {
    const { bytes } = this.source;
    const { end } = this;
    let kind: CellKind = CELL.text;
    let at = this.at + 1;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.start = this.at + 1;
        this.stop = at;
        this.at = at + 1;
        return kind;
      }
      if (byte === BACKSLASH) {
        kind = CELL.escapedText;
        at = this.#escape(at);
      } else if (byte < 0x20) {
        throw this.fault('a control character stands in a text; escape it', at);
      } else at++;
    }
    throw this.fault('the text that begins here is not closed');
  }

  #escape(at: number): number {
    const { bytes } = this.source;
    const byte = bytes[at + 1] ?? 0;
    if (byte !== 0x75) {
      if ('"\\/bfnrt'.includes(String.fromCharCode(byte))) return at + 2;
      throw this.fault('no such escape', at);
    }
    for (let i = at + 2; i < at + 6; i++) {
      const digit = bytes[i] ?? 0;
      const letter = digit | 0x20;
      if (i >= this.end || !(isDigit(digit) || (letter >= 0x61 && letter <= 0x66)))
        throw this.fault('"\\u" needs four hexadecimal digits', at);
    }
    return at + 6;
  }

  #literal(word: string, kind: CellKind): CellKind {
    const { bytes } = this.source;
    this.start = this.at;
    this.stop = this.at + word.length;
    for (let i = 0; i < word.length; i++) {
      if (this.at + i >= this.end || bytes[this.at + i] !== word.charCodeAt(i))
        throw this.fault('expected a value');
    }
    this.at = this.stop;
    return kind;
  }

  #number(): CellKind {
    const { bytes } = this.source;
    const { end } = this;
    let kind: CellKind = CELL.integer;
    let at = this.at;
    if (at < end && bytes[at] === 0x2d) at++;
    const first = at;
    at = this.#digits(at, at === this.at ? 'expected a value' : 'expected a digit');
    if (bytes[first] === 0x30 && at > first + 1) throw this.fault('a number does not begin with 0', first);
    if (at < end && bytes[at] === 0x2e) {
      kind = CELL.number;
      at = this.#digits(at + 1, 'expected a digit');
    }
    if (at < end && (bytes[at]! | 0x20) === 0x65) {
      kind = CELL.number;
      at++;
      if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
      at = this.#digits(at, 'expected a digit');
    }
    this.start = this.at;
    this.stop = at;
    this.at = at;
    return kind;
  }

  #digits(from: number, complaint: string): number {
    const { bytes } = this.source;
    let at = from;
    while (at < this.end && isDigit(bytes[at]!)) at++;
    if (at === from) throw this.fault(complaint, at);
    return at;
  }

  #skip(kind: CellKind, outer: number): CellKind {
    const { bytes } = this.source;
    const { end } = this;
    const start = this.at;
    let depth = -outer;
    let at = start;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.at = at;
        this.string();
        at = this.at;
        continue;
      }
      at++;
      if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        if (++depth > MAX_DEPTH) throw tooDeep();
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        if (--depth > -outer) continue;
        this.start = start;
        this.stop = at;
        this.at = at;
        return kind;
      }
    }
    this.at = start;
    throw this.fault('what begins here is not closed');
  }

  fault(what: string, at = this.at): TablecastError {
    const where =
      this.line === 0 ? `byte ${this.bytesBefore + at}` : `line ${this.line} (byte ${this.bytesBefore + at})`;
    return new TablecastError('bad_body', `The JSON is malformed at ${where}: ${what}.`);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function tooDeep(): TablecastError {
  return new TablecastError(
    'too_large',
    `A value of the JSON is nested deeper than ${LIMITS.maxNestingDepth} levels.`,
  );
}
