import { type FseTable, highestBit, readFseTable } from './fse-table.ts';

/** The next `bits` bits of a stream give an entry: the symbol, and how many of the bits are its own. */
export interface HuffmanTable {
  readonly bits: number;
  readonly symbols: Uint8Array;
  readonly bitCounts: Uint8Array;
}

const MAX_BITS = 11;
const MAX_SYMBOLS = 256;

/**
 * Reads a Huffman tree's description (RFC 8878, section 4.2.1).
 *
 * @returns the table, and where its description ends
 * @throws RangeError
 */
export function readHuffmanTable(
  bytes: Uint8Array,
  at: number,
  end: number,
): { table: HuffmanTable; end: number } {
  const head = at < end ? bytes[at]! : 0;
  const isCoded = head < 128;
  const count = head - 127;
  const weightsEnd = at + 1 + (isCoded ? head : (count + 1) >> 1);
  if (weightsEnd > end || at >= end) throw new RangeError('its ZSTD tree is cut off');
  const weights = isCoded
    ? codedWeights(bytes, at + 1, weightsEnd)
    : Array.from({ length: count }, (_, i) => (bytes[at + 1 + (i >> 1)]! >> (i & 1 ? 0 : 4)) & 15);
  return { table: huffmanTable(weights), end: weightsEnd };
}

/** Weights that are themselves coded by finite states, two in turn. */
function codedWeights(bytes: Uint8Array, at: number, end: number): number[] {
  const { table, end: start } = readFseTable(bytes, at, end, { maxLog: 6, maxSymbol: 255 });
  const last = bytes[end - 1]!;
  if (start >= end || last === 0) throw new RangeError('its ZSTD tree is cut off');
  let bit = (end - 1) * 8 + highestBit(last);
  // Bits before the first one are 0.
  const read = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      bit--;
      value = (value << 1) | (bit < start * 8 ? 0 : (bytes[bit >> 3]! >> (bit & 7)) & 1);
    }
    return value;
  };
  const weights: number[] = [];
  let current = read(table.log);
  let other = read(table.log);
  const isOver = () => bit < start * 8;
  if (isOver()) throw new RangeError('its ZSTD tree is cut off');
  while (weights.length < MAX_SYMBOLS) {
    weights.push(table.symbols[current]!);
    const next = nextState(table, current, read);
    if (isOver()) {
      weights.push(table.symbols[other]!);
      return weights;
    }
    current = other;
    other = next;
  }
  throw new RangeError('its ZSTD tree has too many symbols');
}

function nextState(table: FseTable, state: number, read: (count: number) => number): number {
  return table.bases[state]! + read(table.bitCounts[state]!);
}

/** The last symbol's weight is what is missing to a power of two. */
function huffmanTable(given: readonly number[]): HuffmanTable {
  const sum = given.reduce((total, weight) => total + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
  if (sum === 0 || sum >= 1 << MAX_BITS || given.length >= MAX_SYMBOLS)
    throw new RangeError('its ZSTD tree does not hold together');
  const bits = highestBit(sum) + 1;
  const missing = (1 << bits) - sum;
  if ((missing & (missing - 1)) !== 0) throw new RangeError('its ZSTD tree does not add up');
  const weights = [...given, highestBit(missing) + 1];
  const symbols = new Uint8Array(1 << bits);
  const bitCounts = new Uint8Array(1 << bits);
  let at = 0;
  for (let weight = 1; weight <= bits; weight++) {
    weights.forEach((own, symbol) => {
      if (own !== weight) return;
      const end = at + (1 << (weight - 1));
      symbols.fill(symbol, at, end);
      bitCounts.fill(bits + 1 - weight, at, end);
      at = end;
    });
  }
  return { bits, symbols, bitCounts };
}
