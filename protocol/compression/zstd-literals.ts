import { highestBit } from './fse-table.ts';
import { type HuffmanTable, readHuffmanTable } from './huffman-table.ts';

/** Where a block's literals lie, and where its section of them ends. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly byteLength: number;
  readonly end: number;
}

/** A block's bytes have a zeroed margin of so many before and after them, so that words can be read at their edges. */
export const MARGIN_BYTES = 8;

/** Reads the literals sections of a frame's blocks (RFC 8878, section 3.1.1.3.1). A tree stands until another one comes. */
export class LiteralsReader {
  readonly #memory: Uint8Array;
  #tree: HuffmanTable | null = null;

  /** `memory`: for one block's literals. */
  constructor(memory: Uint8Array) {
    this.#memory = memory;
  }

  /** @throws RangeError */
  read(block: Uint8Array, view: DataView, at: number, end: number): Literals {
    const type = block[at]! & 3;
    const format = (block[at]! >> 2) & 3;
    return type < 2
      ? this.#plain(block, at, end, type === 1)
      : this.#coded(block, view, at, end, type, format);
  }

  #plain(block: Uint8Array, at: number, end: number, isRepeated: boolean): Literals {
    const format = (block[at]! >> 2) & 3;
    const headBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
    const word = block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16);
    const byteLength = headBytes === 1 ? block[at]! >> 3 : (word >> 4) & (headBytes === 2 ? 0xfff : 0xfffff);
    const start = at + headBytes;
    if (!isRepeated) {
      if (start + byteLength > end) throw new RangeError('its ZSTD literals are cut off');
      return { bytes: block, start, byteLength, end: start + byteLength };
    }
    if (start >= end) throw new RangeError('its ZSTD literals are cut off');
    this.#checkLength(byteLength);
    this.#memory.fill(block[start]!, 0, byteLength);
    return { bytes: this.#memory, start: 0, byteLength, end: start + 1 };
  }

  #coded(block: Uint8Array, view: DataView, at: number, end: number, type: number, format: number): Literals {
    const sizeBits = format < 2 ? 10 : format === 2 ? 14 : 18;
    // Of 4 + 2 * 18 bits the first 32 stand in one word.
    const low = view.getUint32(at, true) >>> 4;
    const mask = (1 << sizeBits) - 1;
    const byteLength = low & mask;
    const high = format === 3 ? block[at + 4]! << (28 - sizeBits) : 0;
    const codedBytes = ((low >>> sizeBits) | high) & mask;
    let start = at + (format < 2 ? 3 : format === 2 ? 4 : 5);
    const codedEnd = start + codedBytes;
    if (codedEnd > end) throw new RangeError('its ZSTD literals are cut off');
    this.#checkLength(byteLength);
    if (type === 2) {
      const read = readHuffmanTable(block, start, codedEnd);
      this.#tree = read.table;
      start = read.end;
    }
    const tree = this.#tree;
    if (tree === null) throw new RangeError('its ZSTD literals need a tree that is not there');
    const bytes = this.#memory;
    if (format === 0) decodeStream(block, view, { start, end: codedEnd }, tree, bytes, 0, byteLength);
    else decodeFour(block, view, { start, end: codedEnd }, tree, bytes, byteLength);
    return { bytes, start: 0, byteLength, end: codedEnd };
  }

  #checkLength(byteLength: number): void {
    if (byteLength > this.#memory.length) throw new RangeError('its ZSTD block holds more than it declares');
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Four streams of about a quarter each; the lengths of the first three come before them. */
function decodeFour(
  block: Uint8Array,
  view: DataView,
  { start, end }: Range,
  tree: HuffmanTable,
  into: Uint8Array,
  byteLength: number,
): void {
  const quarter = (byteLength + 3) >> 2;
  let at = start + 6;
  if (at > end || quarter * 3 > byteLength) throw new RangeError('its ZSTD literals are cut off');
  for (let i = 0; i < 4; i++) {
    const streamEnd = i === 3 ? end : at + view.getUint16(start + i * 2, true);
    if (streamEnd > end) throw new RangeError('its ZSTD literals are cut off');
    const to = i === 3 ? byteLength : quarter * (i + 1);
    decodeStream(block, view, { start: at, end: streamEnd }, tree, into, quarter * i, to);
    at = streamEnd;
  }
}

/** Reads backwards from the last bit that is set. */
function decodeStream(
  block: Uint8Array,
  view: DataView,
  { start, end }: Range,
  { bits, symbols, bitCounts }: HuffmanTable,
  into: Uint8Array,
  from: number,
  to: number,
): void {
  const last = end > start ? block[end - 1]! : 0;
  if (last === 0) throw new RangeError('its ZSTD literals are cut off');
  let bit = (end - 1) * 8 + highestBit(last) - bits;
  const lowest = start * 8 - bits;
  const mask = (1 << bits) - 1;
  for (let i = from; i < to; i++) {
    const entry = (view.getUint32(bit >> 3, true) >>> (bit & 7)) & mask;
    into[i] = symbols[entry]!;
    bit -= bitCounts[entry]!;
    if (bit < lowest) throw new RangeError('its ZSTD literals are cut off');
  }
  if (bit !== lowest) throw new RangeError('its ZSTD literals do not end where they should');
}
