import { columnLabel, isNumeric, isTime } from '../column-label.ts';
import type { ChartPlan } from './chart-plan.ts';
import type { ChartSource } from './chart-source.ts';

export const MAX_LINES = 12;
/** A chart reads the newest rows only, so that a huge table does not hold up a frame. */
export const MAX_LINE_ROWS = 200_000;
/** Stands for a name that is null. */
export const MISSING_NAME = '∅';

export interface Line {
  /** Stable over commits. */
  readonly id: string;
  readonly name: string;
  /** x and y by turns, x ascending; a y of NaN is a gap. */
  readonly points: Float64Array;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** How many there are, of which `lines` are the first. */
  readonly total: number;
}

/** Whether the plan's x has places of its own (numbers, times, the row number), instead of names in a row. */
export function hasContinuousX(table: ChartSource, plan: ChartPlan): boolean {
  if (plan.x === null) return true;
  const { type } = table.fields[plan.x]!;
  return isTime(type) || isNumeric(type);
}

export function collectLines(table: ChartSource, plan: ChartPlan): Lines {
  const end = table.rowCount;
  const start = Math.max(0, end - MAX_LINE_ROWS);
  const x = plan.x === null ? rowNumbers(table, start, end) : table.numbers(plan.x, start, end);
  if (plan.series !== null) return collectBySeries(table, plan.series, plan.y[0]!, x, start);
  const order = orderOf(x);
  const lines = plan.y.map((column) => {
    const field = table.fields[column]!;
    return {
      id: field.name,
      name: columnLabel(field),
      points: interleave(x, table.numbers(column, start, end), order),
    };
  });
  return { lines, total: lines.length };
}

function collectBySeries(
  table: ChartSource,
  series: number,
  measure: number,
  x: Float64Array,
  start: number,
): Lines {
  const y = table.numbers(measure, start, start + x.length);
  const rowsByName = new Map<string, number[]>();
  for (let i = 0; i < x.length; i++) {
    const name = nameAt(table, start + i, series);
    const rows = rowsByName.get(name);
    if (rows === undefined) rowsByName.set(name, [i]);
    else rows.push(i);
  }
  const names = inNaturalOrder(rowsByName.keys());
  const prefix = seriesPrefix(table, series);
  const lines = names.slice(0, MAX_LINES).map((name) => {
    const rows = Uint32Array.from(rowsByName.get(name)!);
    const own = Float64Array.from(rows, (i) => x[i]!);
    const order = orderOf(own);
    return {
      id: name,
      name: prefix + name,
      points: interleave(
        own,
        Float64Array.from(rows, (i) => y[i]!),
        order,
      ),
    };
  });
  return { lines, total: names.length };
}

/** Null is a name too. */
export function nameAt(table: ChartSource, row: number, column: number): string {
  return table.text(row, column) ?? MISSING_NAME;
}

export function inNaturalOrder(names: Iterable<string>): string[] {
  return [...names].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** What makes a bare number a name: `core 2`. */
export function seriesPrefix(table: ChartSource, series: number): string {
  const field = table.fields[series]!;
  return field.type.kind === 'utf8' ? '' : `${columnLabel(field)} `;
}

function rowNumbers({ firstRow = 0 }: ChartSource, start: number, end: number): Float64Array {
  return Float64Array.from({ length: end - start }, (_, i) => firstRow + start + i + 1);
}

/** Null where the values ascend already. Rows without x are left out. */
function orderOf(x: Float64Array): Uint32Array | null {
  if (ascends(x)) return null;
  const known = Uint32Array.from(x.keys()).filter((i) => !Number.isNaN(x[i]));
  return known.sort((a, b) => x[a]! - x[b]! || a - b);
}

function interleave(x: Float64Array, y: Float64Array, order: Uint32Array | null): Float64Array {
  const count = order?.length ?? x.length;
  const points = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    const row = order === null ? i : order[i]!;
    points[2 * i] = x[row]!;
    points[2 * i + 1] = y[row]!;
  }
  return points;
}

/** False where a value is NaN. */
function ascends(values: Float64Array): boolean {
  let previous = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!(value >= previous)) return false;
    previous = value;
  }
  return true;
}
