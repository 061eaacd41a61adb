/** Decodes symbols by finite states: in state s the symbol is `symbols[s]`, the next state `bases[s]` and `bitCounts[s]` bits. */
export interface FseTable {
  /** Of the number of states. */
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bitCounts: Uint8Array;
  readonly bases: Uint16Array;
}

/**
 * A table from its symbols' frequencies, -1 for "less than one" (RFC 8878, section 4.1.1, "From normalized distribution to decoding
 * tables").
 *
 * @throws RangeError where they do not add up to the number of states
 */
export function fseTable(log: number, frequencies: ArrayLike<number>): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(frequencies.length);
  let high = size;
  for (let s = 0; s < frequencies.length; s++) {
    if (frequencies[s] !== -1) continue;
    symbols[--high] = s;
    next[s] = 1;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let s = 0; s < frequencies.length; s++) {
    const frequency = frequencies[s]!;
    if (frequency <= 0) continue;
    next[s] = frequency;
    for (let i = 0; i < frequency; i++) {
      symbols[at] = s;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  if (at !== 0) throw new RangeError('its ZSTD table does not add up');
  const bitCounts = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const x = next[symbols[state]!]!++;
    const bits = log - highestBit(x);
    bitCounts[state] = bits;
    bases[state] = (x << bits) - size;
  }
  return { log, symbols, bitCounts, bases };
}

/** A table of one symbol that takes no bits. */
export function singleSymbolTable(symbol: number): FseTable {
  return {
    log: 0,
    symbols: Uint8Array.of(symbol),
    bitCounts: new Uint8Array(1),
    bases: new Uint16Array(1),
  };
}

/**
 * Reads a table's description (RFC 8878, section 4.1.1).
 *
 * @returns the table, and where its description ends
 * @throws RangeError
 */
export function readFseTable(
  bytes: Uint8Array,
  at: number,
  end: number,
  { maxLog, maxSymbol }: { readonly maxLog: number; readonly maxSymbol: number },
): { table: FseTable; end: number } {
  let bit = at * 8;
  const read = (count: number): number => {
    const i = bit >> 3;
    const word = byteAt(i) | (byteAt(i + 1) << 8) | (byteAt(i + 2) << 16);
    const value = (word >> (bit & 7)) & ((1 << count) - 1);
    bit += count;
    return value;
  };
  const byteAt = (i: number): number => (i < end ? bytes[i]! : 0);
  const log = read(4) + 5;
  if (log > maxLog) throw new RangeError('its ZSTD table is too large');
  const frequencies: number[] = [];
  let left = 1 << log;
  while (left > 0 && frequencies.length <= maxSymbol) {
    const bits = highestBit(left + 1) + 1;
    let value = read(bits);
    const low = value & ((1 << (bits - 1)) - 1);
    const threshold = (1 << bits) - 1 - (left + 1);
    if (low < threshold) {
      bit--;
      value = low;
    } else if (value >= 1 << (bits - 1)) value -= threshold;
    const frequency = value - 1;
    left -= Math.abs(frequency);
    frequencies.push(frequency);
    if (frequency !== 0) continue;
    for (let zeros = 3; zeros === 3 && frequencies.length <= maxSymbol; ) {
      zeros = read(2);
      for (let i = 0; i < zeros; i++) frequencies.push(0);
    }
  }
  const tableEnd = (bit + 7) >> 3;
  if (left !== 0 || frequencies.length > maxSymbol + 1 || tableEnd > end)
    throw new RangeError('its ZSTD table does not hold together');
  return { table: fseTable(log, frequencies), end: tableEnd };
}

/** The place of the highest bit that is set; -1 for 0. */
export function highestBit(value: number): number {
  return 31 - Math.clz32(value);
}
