import { copyMatch, MIN_CALL_BYTES } from './copy-match.ts';
import { type FseTable, highestBit, readFseTable, singleSymbolTable } from './fse-table.ts';
import type { CodeKind, SequenceCodes } from './sequence-codes.ts';
import type { Literals } from './zstd-literals.ts';

/** A word read at any bit has so many bits at least. */
const WORD_BITS = 25;

/** Where a frame's content goes, and where in it the frame begins. */
export interface FrameOutput {
  readonly bytes: Uint8Array;
  readonly start: number;
}

/** Carries out the sequences of a frame's blocks (RFC 8878, sections 3.1.1.3.2 and 3.1.1.4). Tables and offsets stand from block to block. */
export class SequenceRunner {
  readonly #codes: SequenceCodes;
  readonly #output: FrameOutput;
  readonly #offsets = [1, 4, 8];
  #literalTable: FseTable | null = null;
  #offsetTable: FseTable | null = null;
  #matchTable: FseTable | null = null;

  constructor(codes: SequenceCodes, output: FrameOutput) {
    this.#codes = codes;
    this.#output = output;
  }

  /**
   * Writes a block's content at `written`; `block` from `at` to `end` is its section of sequences.
   *
   * @returns how many bytes are written after it
   * @throws RangeError
   */
  run(
    block: Uint8Array,
    view: DataView,
    range: { at: number; end: number },
    literals: Literals,
    written: number,
  ): number {
    const { end } = range;
    let { at } = range;
    if (at >= end) throw new RangeError('its ZSTD block is cut off');
    let count = block[at++]!;
    if (count === 0) return this.#copyLiterals(literals, 0, literals.byteLength, written);
    if (count === 255) {
      count = (block[at]! | (block[at + 1]! << 8)) + 0x7f00;
      at += 2;
    } else if (count > 127) count = ((count - 128) << 8) | block[at++]!;
    at = this.#readTables(block, at, end);
    return this.#runAll(block, view, { at, end }, count, literals, written);
  }

  #readTables(block: Uint8Array, start: number, end: number): number {
    if (start >= end) throw new RangeError('its ZSTD block is cut off');
    const modes = block[start]!;
    let at = start + 1;
    const table = (kind: CodeKind, mode: number, before: FseTable | null): FseTable => {
      if (mode === 0) return kind.predefined;
      if (mode === 1) {
        const symbol = at < end ? block[at++]! : Number.POSITIVE_INFINITY;
        if (symbol > kind.maxSymbol) throw new RangeError('its ZSTD block has a code that is not known');
        return singleSymbolTable(symbol);
      }
      if (mode === 2) {
        const read = readFseTable(block, at, end, kind);
        at = read.end;
        return read.table;
      }
      if (before === null) throw new RangeError('its ZSTD block needs a table that is not there');
      return before;
    };
    const { literals, offsets, matches } = this.#codes.kinds;
    this.#literalTable = table(literals, modes >> 6, this.#literalTable);
    this.#offsetTable = table(offsets, (modes >> 4) & 3, this.#offsetTable);
    this.#matchTable = table(matches, (modes >> 2) & 3, this.#matchTable);
    return at;
  }

  #runAll(
    block: Uint8Array,
    view: DataView,
    { at: start, end }: { at: number; end: number },
    count: number,
    literals: Literals,
    writtenBefore: number,
  ): number {
    const last = end > start ? block[end - 1]! : 0;
    if (last === 0) throw new RangeError('its ZSTD sequences are cut off');
    const { literalLengths, matchLengths } = this.#codes;
    const { bases: literalBases, bitCounts: literalBits } = literalLengths;
    const { bases: matchBases, bitCounts: matchBits } = matchLengths;
    const literalTable = this.#literalTable!;
    const offsetTable = this.#offsetTable!;
    const matchTable = this.#matchTable!;
    const lowest = start * 8;
    // Reads before the first bit end in a RangeError, or are noticed below. Written out, for most of the time goes by here.
    let bit = (end - 1) * 8 + highestBit(last) - literalTable.log;
    let literalState = bitsAt(view, bit, literalTable.log);
    bit -= offsetTable.log;
    let offsetState = bitsAt(view, bit, offsetTable.log);
    bit -= matchTable.log;
    let matchState = bitsAt(view, bit, matchTable.log);
    let written = writtenBefore;
    let used = 0;
    for (let i = 0; i < count; i++) {
      const offsetCode = offsetTable.symbols[offsetState]!;
      let offsetValue = 2 ** offsetCode;
      const highBits = offsetCode - WORD_BITS;
      if (highBits > 0) {
        bit -= highBits;
        offsetValue += bitsAt(view, bit, highBits) * 2 ** WORD_BITS;
      }
      const lowBits = Math.min(offsetCode, WORD_BITS);
      bit -= lowBits;
      offsetValue += bitsAt(view, bit, lowBits);
      const matchCode = matchTable.symbols[matchState]!;
      bit -= matchBits[matchCode]!;
      const matched = matchBases[matchCode]! + bitsAt(view, bit, matchBits[matchCode]!);
      const literalCode = literalTable.symbols[literalState]!;
      bit -= literalBits[literalCode]!;
      const plain = literalBases[literalCode]! + bitsAt(view, bit, literalBits[literalCode]!);
      if (i < count - 1) {
        const literalStep = literalTable.bitCounts[literalState]!;
        bit -= literalStep;
        literalState = literalTable.bases[literalState]! + bitsAt(view, bit, literalStep);
        const matchStep = matchTable.bitCounts[matchState]!;
        bit -= matchStep;
        matchState = matchTable.bases[matchState]! + bitsAt(view, bit, matchStep);
        const offsetStep = offsetTable.bitCounts[offsetState]!;
        bit -= offsetStep;
        offsetState = offsetTable.bases[offsetState]! + bitsAt(view, bit, offsetStep);
      }
      if (bit < lowest) throw new RangeError('its ZSTD sequences are cut off');
      if (plain > literals.byteLength - used) throw new RangeError('its ZSTD sequences need more literals');
      if (plain > 0) written = this.#copyLiterals(literals, used, plain, written);
      used += plain;
      written = this.#copyMatch(this.#offset(offsetValue, plain === 0), matched, written);
    }
    if (bit !== lowest) throw new RangeError('its ZSTD sequences do not end where they should');
    return this.#copyLiterals(literals, used, literals.byteLength - used, written);
  }

  /** The last three offsets have numbers of their own. */
  #offset(value: number, hasNoLiterals: boolean): number {
    const offsets = this.#offsets;
    if (value > 3) {
      offsets[2] = offsets[1]!;
      offsets[1] = offsets[0]!;
      offsets[0] = value - 3;
      return value - 3;
    }
    const place = hasNoLiterals ? value : value - 1;
    const offset = place === 3 ? offsets[0]! - 1 : offsets[place]!;
    if (place === 0) return offset;
    if (place > 1) offsets[2] = offsets[1]!;
    offsets[1] = offsets[0]!;
    offsets[0] = offset;
    return offset;
  }

  #copyLiterals({ bytes, start }: Literals, from: number, byteLength: number, written: number): number {
    const { bytes: into } = this.#output;
    if (byteLength > into.length - written) throw tooMuch();
    const at = start + from;
    if (byteLength >= MIN_CALL_BYTES) into.set(bytes.subarray(at, at + byteLength), written);
    else for (let i = 0; i < byteLength; i++) into[written + i] = bytes[at + i]!;
    return written + byteLength;
  }

  #copyMatch(offset: number, byteLength: number, written: number): number {
    const { bytes: into, start } = this.#output;
    if (offset <= 0 || offset > written - start)
      throw new RangeError('its ZSTD sequences point before their beginning');
    if (byteLength > into.length - written) throw tooMuch();
    copyMatch(into, written, offset, byteLength);
    return written + byteLength;
  }
}

/** The `count` bits from `bit` on, of at most {@link WORD_BITS}. */
function bitsAt(view: DataView, bit: number, count: number): number {
  return (view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << count) - 1);
}

function tooMuch(): RangeError {
  return new RangeError('its ZSTD frame holds more than is declared');
}
