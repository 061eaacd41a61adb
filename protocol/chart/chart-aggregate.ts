import type { DataType, Field } from '../arrow/data-type.ts';
import { columnLabel, columnUnit } from '../column-label.ts';
import type { ChartPlan } from './chart-plan.ts';
import { hasContinuousX, MAX_LINE_ROWS } from './chart-series.ts';
import type { ChartSource } from './chart-source.ts';
import type { Aggregate } from './chart-spec-words.ts';
import type { ChartTexts } from './chart-texts.ts';
import { rowsAt, rowsFrom } from './chart-window.ts';
import { codeNames, codeNumbers, type RowCodes } from './name-codes.ts';

type Fn = Exclude<Aggregate, 'none'>;

const FLOAT: DataType = { kind: 'float', bits: 64 };
const INT: DataType = { kind: 'int', bits: 64, signed: true };

/** The newest rows that are put together. */
export const MAX_AGGREGATED_ROWS = MAX_LINE_ROWS;
/** Pairs of x and series that are looked up in a list; of more most are empty. */
const MAX_LISTED_PAIRS = 4_000_000;

/**
 * One row for all rows that have one place in the chart: those of equal x and series, in the order in which they first
 * came. Values that are no number count nowhere; a sum, mean, least or greatest of none is none.
 */
export function aggregated(
  all: ChartSource,
  plan: ChartPlan,
  fn: Fn,
  texts: ChartTexts,
): { readonly table: ChartSource; readonly plan: ChartPlan } {
  const table = rowsFrom(all, Math.max(0, all.rowCount - MAX_AGGREGATED_ROWS));
  const { codes, firstRows } = groupRows(table, plan);
  const places = rowsAt(table, Uint32Array.from(firstRows));
  const measures = plan.y.map((column) => ({
    field: measureField(table.fields[column]!, fn, texts),
    values: foldGroups(table.numbers(column, 0, table.rowCount), codes, firstRows.length, fn),
  }));
  const first = all.fields.length;
  return {
    plan: { ...plan, y: measures.map((_, i) => first + i) },
    table: {
      ...places,
      fields: [...all.fields, ...measures.map(({ field }) => field)],
      numbers: (column, from, to) =>
        column < first
          ? places.numbers(column, from, to)
          : measures[column - first]!.values.subarray(from, to),
    },
  };
}

/** Groups are coded in the order in which they first came. */
function groupRows(table: ChartSource, plan: ChartPlan): RowCodes {
  const { rowCount } = table;
  const places = codePlaces(table, plan);
  if (plan.series === null) return places;
  const lines = codeNames(table, plan.series, 0, rowCount);
  const lineCount = lines.firstRows.length;
  const pairs = places.firstRows.length * lineCount;
  const pairOf = (row: number) => places.codes[row]! * lineCount + lines.codes[row]!;
  const codeOf = pairs <= MAX_LISTED_PAIRS ? listedCodes(pairs) : mappedCodes();
  const codes = new Uint32Array(rowCount);
  const firstRows: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const code = codeOf(pairOf(row), firstRows.length);
    if (code === firstRows.length) firstRows.push(row);
    codes[row] = code;
  }
  return { codes, firstRows };
}

/** Numbers and times are told apart by value, others by text; without x nothing is. */
function codePlaces(table: ChartSource, plan: ChartPlan): RowCodes {
  const { x } = plan;
  const { rowCount } = table;
  if (x === null) return { codes: new Uint32Array(rowCount), firstRows: [0].slice(0, rowCount) };
  return hasContinuousX(table, plan)
    ? codeNumbers(table.numbers(x, 0, rowCount))
    : codeNames(table, x, 0, rowCount);
}

/** The code of a pair, or the next free one where it has none yet. */
type PairCodes = (pair: number, next: number) => number;

function listedCodes(pairs: number): PairCodes {
  const codes = new Int32Array(pairs).fill(-1);
  return (pair, next) => {
    if (codes[pair]! < 0) codes[pair] = next;
    return codes[pair]!;
  };
}

function mappedCodes(): PairCodes {
  const codes = new Map<number, number>();
  return (pair, next) => {
    const code = codes.get(pair);
    if (code !== undefined) return code;
    codes.set(pair, next);
    return next;
  };
}

/** NaN for a group without a number; a count of it is 0. */
function foldGroups(values: Float64Array, groupOf: Uint32Array, groups: number, fn: Fn): Float64Array {
  const counts = new Float64Array(groups);
  const folded = new Float64Array(groups);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const group = groupOf[row]!;
    const isFirst = counts[group]!++ === 0;
    const before = folded[group]!;
    if (fn === 'min') folded[group] = isFirst ? value : Math.min(before, value);
    else if (fn === 'max') folded[group] = isFirst ? value : Math.max(before, value);
    else folded[group] = before + value;
  }
  if (fn === 'count') return counts;
  return folded.map((value, group) => {
    const count = counts[group]!;
    if (count === 0) return Number.NaN;
    return fn === 'mean' ? value / count : value;
  });
}

function measureField(field: Field, fn: Fn, texts: ChartTexts): Field {
  const unit = fn === 'count' ? null : columnUnit(field);
  const label = texts.chartAggregates[fn](columnLabel(field));
  return {
    name: field.name,
    type: fn === 'count' ? INT : FLOAT,
    nullable: true,
    metadata: new Map([['label', label], ...(unit === null ? [] : [['unit', unit] as const])]),
  };
}
