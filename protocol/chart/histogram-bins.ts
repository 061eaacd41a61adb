/** Values counted by where they lie: bins of one width that follow each other without a gap. */
export interface Histogram {
  /** Lower edges of the bins, and the upper edge of the last. Empty without bins. */
  readonly edges: readonly number[];
  /** One per bin; a value on an edge is in the bin that begins there. */
  readonly counts: readonly number[];
  /** Values that are no finite number: null, NaN, infinities. */
  readonly missing: number;
}

export type BinKind = 'float' | 'int' | 'time';

const MAX_BINS = 60;
/** Whole numbers this near to each other have a bin each. */
const MAX_SINGLE_NUMBERS = 30;
/** Quartiles are those of so many values, evenly taken: their order need not be known exactly. */
const SAMPLED = 4096;
const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
/** Widths that people count time in, milliseconds. */
const TIME_WIDTHS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((days) => days * DAY_MS),
];

/**
 * Bins that fit the values: as wide as Freedman and Diaconis have it (1981: twice the interquartile range over the cube root
 * of the count), rounded, and about 60 at most. Whole numbers and times have bins of whole units. Edges are round
 * too, so that they stay while values come and go.
 */
export function countBins(values: Float64Array, kind: BinKind): Histogram {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const missing = values.length - count;
  if (count === 0) return { edges: [], counts: [], missing };
  const width = widthOf({ values, count, low, high }, kind);
  const first = Math.floor(low / width);
  const bins = Math.floor(high / width) - first + 1;
  // Where numbers are too large or too close for edges between them.
  if (!(bins >= 1 && bins <= 2 * MAX_BINS)) return { edges: [low, high], counts: [count], missing };
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (Number.isFinite(value)) counts[Math.floor(value / width) - first]!++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => edge(first + i, width)), counts, missing };
}

interface Spread {
  readonly values: Float64Array;
  /** Of finite values. */
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

function widthOf({ values, count, low, high }: Spread, kind: BinKind): number {
  const range = high - low;
  // Of one value there is one bin.
  if (range === 0) return kind === 'float' ? round(Math.abs(low) / 10 || 1) : 1;
  if (kind === 'int' && range <= MAX_SINGLE_NUMBERS) return 1;
  const sorted = sample(values);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  const diaconis = (2 * (at(0.75) - at(0.25))) / Math.cbrt(count);
  const sturges = range / (Math.ceil(Math.log2(count)) + 1);
  const wanted = Math.max(diaconis > 0 ? Math.min(diaconis, 2 * sturges) : sturges, range / MAX_BINS);
  if (kind === 'time' && wanted < TIME_WIDTHS_MS.at(-1)!) return nearest(TIME_WIDTHS_MS, wanted);
  return kind === 'int' ? Math.max(1, round(wanted)) : round(wanted);
}

/** Finite values, ascending. */
function sample(values: Float64Array): Float64Array {
  const step = Math.max(1, Math.floor(values.length / SAMPLED));
  const taken = values.filter((value, i) => i % step === 0 && Number.isFinite(value));
  return taken.length === 0 ? values.filter((value) => Number.isFinite(value)).sort() : taken.sort();
}

/** The nearest of 1, 2 and 5 times a power of ten. */
function round(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * nearest([1, 2, 5, 10], value / power);
}

/** By ratio. */
function nearest(widths: readonly number[], wanted: number): number {
  const distance = (width: number) => Math.abs(Math.log(width / wanted));
  return widths.reduce((best, width) => (distance(width) < distance(best) ? width : best));
}

/** Without the last digits that multiplying made. */
function edge(index: number, width: number): number {
  return Number((index * width).toPrecision(14));
}
