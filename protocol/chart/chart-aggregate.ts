import type { DataType, Field } from '../arrow/data-type.ts';
import { columnLabel, columnUnit } from '../column-label.ts';
import type { ChartPlan } from './chart-plan.ts';
import { hasContinuousX, MAX_LINE_ROWS, nameAt } from './chart-series.ts';
import type { ChartSource } from './chart-source.ts';
import type { Aggregate } from './chart-spec-words.ts';
import type { ChartTexts } from './chart-texts.ts';
import { rowsAt, rowsFrom } from './chart-window.ts';

type Fn = Exclude<Aggregate, 'none'>;

const FLOAT: DataType = { kind: 'float', bits: 64 };
const INT: DataType = { kind: 'int', bits: 64, signed: true };

/** The newest rows that are put together. */
export const MAX_AGGREGATED_ROWS = MAX_LINE_ROWS;

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
  const { groupOf, firstRows } = groupRows(table, plan);
  const places = rowsAt(table, firstRows);
  const measures = plan.y.map((column) => ({
    field: measureField(table.fields[column]!, fn, texts),
    values: foldGroups(table.numbers(column, 0, table.rowCount), groupOf, firstRows.length, fn),
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

interface Groups {
  /** Per row, its group. */
  readonly groupOf: Uint32Array;
  /** Per group, the first row of it. */
  readonly firstRows: Uint32Array;
}

function groupRows(table: ChartSource, plan: ChartPlan): Groups {
  const { rowCount } = table;
  const places = placesOf(table, plan);
  const { series } = plan;
  const groups = new Map<string | number, Map<string, number>>();
  const groupOf = new Uint32Array(rowCount);
  const firstRows: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const place = places(row);
    const name = series === null ? '' : nameAt(table, row, series);
    const bySeries = groups.get(place) ?? new Map<string, number>();
    if (bySeries.size === 0) groups.set(place, bySeries);
    let group = bySeries.get(name);
    if (group === undefined) {
      group = firstRows.push(row) - 1;
      bySeries.set(name, group);
    }
    groupOf[row] = group;
  }
  return { groupOf, firstRows: Uint32Array.from(firstRows) };
}

/** What tells rows apart along x: numbers and times by value, others by text; without x nothing does. */
function placesOf(table: ChartSource, plan: ChartPlan): (row: number) => string | number {
  const { x } = plan;
  if (x === null) return () => 0;
  if (!hasContinuousX(table, plan)) return (row) => nameAt(table, row, x);
  const values = table.numbers(x, 0, table.rowCount);
  return (row) => values[row]!;
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
