import { columnLabel } from '../column-label.ts';
import type { ChartPlan } from './chart-plan.ts';
import { inNaturalOrder, MAX_LINES, seriesPrefix } from './chart-series.ts';
import type { ChartSource } from './chart-source.ts';
import { codeNames, nameAt, type RowCodes } from './name-codes.ts';

export const MAX_BARS = 30;
/** Places along an axis of names, where they are not the largest but the newest. */
export const MAX_PLACES = 500;

export interface CategorySeries {
  /** Stable over commits. */
  readonly id: string;
  readonly name: string;
  /** One per place; NaN where there is none. */
  readonly values: Float64Array;
}

/** Values at named places. */
export interface Categories {
  readonly names: readonly string[];
  readonly series: readonly CategorySeries[];
}

/** The rows with the largest values, largest first; of equal ones those that stand first. */
export function collectLargest(table: ChartSource, plan: ChartPlan, count = MAX_BARS): Categories {
  const rows = largest(table.numbers(plan.y[0]!, 0, table.rowCount), count);
  return categoriesOf(table, plan, rows);
}

/** The newest rows, in table order. */
export function collectNewest(table: ChartSource, plan: ChartPlan, count = MAX_PLACES): Categories {
  const start = Math.max(0, table.rowCount - count);
  return categoriesOf(
    table,
    plan,
    Array.from({ length: table.rowCount - start }, (_, i) => start + i),
  );
}

/**
 * One place per value of x, one series per value of the series' column: the newest row of each pair counts. Of more
 * places or series than fit the last places and the first names stay.
 */
export function collectPivot(
  table: ChartSource,
  plan: ChartPlan,
  limits: { readonly places: number; readonly series: number },
): Categories & { readonly total: number } {
  const { x, series: column } = plan;
  const { rowCount } = table;
  const values = table.numbers(plan.y[0]!, 0, rowCount);
  const places = x === null ? eachRow(rowCount) : codeNames(table, x, 0, rowCount);
  const lines = column === null ? null : codeNames(table, column, 0, rowCount);
  const known =
    column === null || lines === null
      ? [''].slice(0, rowCount)
      : lines.firstRows.map((row) => nameAt(table, row, column));
  const shown = inNaturalOrder(known).slice(0, limits.series);
  const first = Math.max(0, places.firstRows.length - limits.places);
  const names = places.firstRows
    .slice(first)
    .map((row) => (x === null ? String(row + 1) : nameAt(table, row, x)));
  const cells = known.map((name) =>
    shown.includes(name) ? new Float64Array(names.length).fill(Number.NaN) : null,
  );
  for (let row = 0; row < rowCount; row++) {
    const place = places.codes[row]! - first;
    if (place < 0) continue;
    const cell = cells[lines?.codes[row] ?? 0];
    if (cell !== null && cell !== undefined) cell[place] = values[row]!;
  }
  const prefix = column === null ? '' : seriesPrefix(table, column);
  const series = shown.map((name) => ({
    id: name,
    name: prefix + name,
    values: cells[known.indexOf(name)]!,
  }));
  return { names, series, total: known.length };
}

/** Without x each row is a place of its own. */
function eachRow(rowCount: number): RowCodes {
  const codes = Uint32Array.from({ length: rowCount }, (_, row) => row);
  return { codes, firstRows: [...codes] };
}

/** The bars of a plan: those of a category the largest, those of a time or number the newest, with a series grouped. */
export function collectBars(table: ChartSource, plan: ChartPlan, isOrdered: boolean): Categories {
  if (plan.series !== null) return collectPivot(table, plan, { places: MAX_BARS, series: MAX_LINES });
  return isOrdered ? collectNewest(table, plan) : collectLargest(table, plan);
}

function categoriesOf(table: ChartSource, plan: ChartPlan, rows: readonly number[]): Categories {
  const { x } = plan;
  const firstRow = table.firstRow ?? 0;
  return {
    names: rows.map((row) => (x === null ? String(firstRow + row + 1) : nameAt(table, row, x))),
    series: plan.y.map((column) => {
      const values = table.numbers(column, 0, table.rowCount);
      const field = table.fields[column]!;
      return {
        id: field.name,
        name: columnLabel(field),
        values: Float64Array.from(rows, (row) => values[row]!),
      };
    }),
  };
}

/** Positions of the largest values in one pass, for a sort of a large table would hold up the frame. */
function largest(values: Float64Array, count: number): number[] {
  const kept: number[] = [];
  let row = 0;
  for (; row < values.length && kept.length < count; row++) place(kept, values, row);
  while (kept.length === count) {
    row = nextAbove(values, values[kept[count - 1]!]!, row);
    if (row === values.length) break;
    kept.pop();
    place(kept, values, row++);
  }
  return kept;
}

/** Where a larger value stands next; almost all of a large table's rows are passed over here. */
function nextAbove(values: Float64Array, floor: number, from: number): number {
  let row = from;
  while (row < values.length && !(values[row]! > floor)) row++;
  return row;
}

function place(kept: number[], values: Float64Array, row: number): void {
  const value = values[row]!;
  if (Number.isNaN(value)) return;
  let at = kept.length;
  while (at > 0 && values[kept[at - 1]!]! < value) at--;
  kept.splice(at, 0, row);
}
