import { type FseTable, fseTable } from './fse-table.ts';

/** By code: the smallest length, and how many bits are added to it. */
export interface CodedLengths {
  readonly bases: Uint32Array;
  readonly bitCounts: Uint8Array;
}

/** What a block may say of the codes of one kind, and the table that "predefined" names. */
export interface CodeKind {
  readonly maxLog: number;
  readonly maxSymbol: number;
  readonly predefined: FseTable;
}

/** What all frames share (RFC 8878, sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2). */
export interface SequenceCodes {
  readonly literalLengths: CodedLengths;
  readonly matchLengths: CodedLengths;
  /** In the order in which blocks describe them. */
  readonly kinds: { readonly literals: CodeKind; readonly offsets: CodeKind; readonly matches: CodeKind };
}

export function sequenceCodes(): SequenceCodes {
  const literalBits = [...repeated(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
  const matchBits = [
    ...repeated(32, 0),
    1,
    1,
    1,
    1,
    2,
    2,
    3,
    3,
    4,
    4,
    5,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
  ];
  const literals = [4, 3, ...repeated(11, 2), 1, 1, 1, ...repeated(9, 2), 3, 2, ...repeated(5, 1)];
  const matches = [1, 4, 3, ...repeated(6, 2), ...repeated(37, 1), ...repeated(7, -1)];
  const offsets = [...repeated(6, 1), 2, 2, 2, ...repeated(15, 1), ...repeated(5, -1)];
  return {
    literalLengths: codedLengths(0, literalBits),
    matchLengths: codedLengths(3, matchBits),
    kinds: {
      literals: { maxLog: 9, maxSymbol: 35, predefined: fseTable(6, [...literals, ...repeated(4, -1)]) },
      offsets: { maxLog: 8, maxSymbol: 31, predefined: fseTable(5, offsets) },
      matches: { maxLog: 9, maxSymbol: 52, predefined: fseTable(6, matches) },
    },
  };
}

/** Each code begins where the one before it ends. */
function codedLengths(first: number, bitCounts: readonly number[]): CodedLengths {
  const bases = new Uint32Array(bitCounts.length);
  let base = first;
  bitCounts.forEach((bits, code) => {
    bases[code] = base;
    base += 2 ** bits;
  });
  return { bases, bitCounts: Uint8Array.from(bitCounts) };
}

function repeated(count: number, value: number): number[] {
  return new Array<number>(count).fill(value);
}
