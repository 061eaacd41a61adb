import { isNumeric, isTime } from '../../../protocol/column-label.ts';
import type { LiveTable } from '../../../protocol/table/live-table.ts';

/** What is told of one column, over all rows of its table. */
export interface ColumnSummary {
  readonly rowCount: number;
  readonly nullCount: number;
  readonly nanCount: number;
  /** Different values, nulls not among them; not exact beyond {@link MAX_DISTINCT}. */
  readonly distinct: { readonly count: number; readonly isExact: boolean };
  /** Exact texts; null for columns that are neither numbers nor times, and without values. */
  readonly min: string | null;
  readonly max: string | null;
  /** Of finite numbers. */
  readonly mean: number | null;
  /** How many values fall into each of {@link BIN_COUNT} equal steps from `min` to `max`; null where there are no steps. */
  readonly bins: readonly number[] | null;
  /** Every value with its count, the most frequent first; null where there are more than {@link MAX_LISTED}. */
  readonly values: readonly ValueCount[] | null;
}

export interface ValueCount {
  /** Exact; null for no value. */
  readonly text: string | null;
  readonly count: number;
}

export type SummarySource = Pick<LiveTable, 'fields' | 'rowCount' | 'text' | 'numbers'>;

export const MAX_DISTINCT = 10_000;
export const MAX_LISTED = 200;
export const BIN_COUNT = 24;

const TEXT_ROWS = 512;
const NUMBER_ROWS = 16_384;

/**
 * Reads a column in slices: it yields after each. While commits come between them, a row counts as it was when its slice
 * came; where the table is another one in the end, its rows are what the last slices saw.
 */
export function* summarize(table: SummarySource, column: number): Generator<void, ColumnSummary> {
  const type = table.fields[column]?.type ?? { kind: 'null' };
  const extent = isNumeric(type) || isTime(type) ? yield* measure(table, column) : null;
  const tally = yield* countValues(table, column, extent !== null);
  const nullCount = extent?.nullCount ?? tally.nullCount;
  return {
    rowCount: table.rowCount,
    nullCount,
    nanCount: extent?.nanCount ?? 0,
    distinct: { count: tally.counts.size, isExact: tally.isExact },
    min: extent?.min ?? null,
    max: extent?.max ?? null,
    mean: extent === null || !isNumeric(type) || extent.finiteCount === 0 ? null : extent.mean,
    bins:
      extent === null || !(extent.least < extent.greatest) ? null : yield* fillBins(table, column, extent),
    values: listValues(tally, nullCount),
  };
}

interface Tally {
  readonly counts: ReadonlyMap<string, number>;
  readonly isExact: boolean;
  readonly nullCount: number;
}

/** Counts each value until there are too many, and then, unless others did it, only the rows without one. */
function* countValues(
  table: SummarySource,
  column: number,
  nullsAreCounted: boolean,
): Generator<void, Tally> {
  const counts = new Map<string, number>();
  let nullCount = 0;
  let isExact = true;
  for (let start = 0; start < table.rowCount && (isExact || !nullsAreCounted); start += TEXT_ROWS) {
    const end = Math.min(start + TEXT_ROWS, table.rowCount);
    for (let row = start; row < end; row++) {
      const text = table.text(row, column);
      if (text === null) nullCount++;
      else if (isExact) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    if (counts.size > MAX_DISTINCT) isExact = false;
    yield;
  }
  return { counts, isExact, nullCount };
}

function listValues({ counts, isExact }: Tally, nullCount: number): ValueCount[] | null {
  if (!isExact || counts.size > MAX_LISTED) return null;
  const values = [...counts].map(([text, count]): ValueCount => ({ text, count }));
  if (nullCount > 0) values.push({ text: null, count: nullCount });
  return values.sort((a, b) => b.count - a.count);
}

interface Extent {
  /** Infinities do not count. */
  readonly least: number;
  readonly greatest: number;
  readonly min: string | null;
  readonly max: string | null;
  readonly mean: number;
  readonly finiteCount: number;
  readonly nullCount: number;
  readonly nanCount: number;
}

function* measure(table: SummarySource, column: number): Generator<void, Extent> {
  let [least, greatest, min, max]: [number, number, string | null, string | null] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    null,
    null,
  ];
  let [mean, finiteCount, nullCount, nanCount] = [0, 0, 0, 0];
  for (let start = 0; start < table.rowCount; start += NUMBER_ROWS) {
    const numbers = table.numbers(column, start, Math.min(start + NUMBER_ROWS, table.rowCount));
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      if (Number.isFinite(value)) {
        // A running mean cannot overflow, and keeps its digits where values are large and alike.
        mean += (value - mean) / ++finiteCount;
        if (value < least) [least, min] = [value, table.text(start + i, column)];
        if (value > greatest) [greatest, max] = [value, table.text(start + i, column)];
      } else if (Number.isNaN(value)) {
        if (table.text(start + i, column) === null) nullCount++;
        else nanCount++;
      }
    }
    yield;
  }
  return { least, greatest, min, max, mean, finiteCount, nullCount, nanCount };
}

function* fillBins(
  table: SummarySource,
  column: number,
  { least, greatest }: Extent,
): Generator<void, number[]> {
  const bins = new Array<number>(BIN_COUNT).fill(0);
  const scale = BIN_COUNT / (greatest - least);
  for (let start = 0; start < table.rowCount; start += NUMBER_ROWS) {
    const numbers = table.numbers(column, start, Math.min(start + NUMBER_ROWS, table.rowCount));
    for (const value of numbers) {
      if (value >= least && value <= greatest)
        bins[Math.min(BIN_COUNT - 1, Math.floor((value - least) * scale))]!++;
    }
    yield;
  }
  return bins;
}
