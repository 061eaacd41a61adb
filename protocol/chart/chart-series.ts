import { columnLabel, isNumeric, isTime } from '../column-label.ts';
import type { ChartPlan } from './chart-plan.ts';
import type { ChartSource } from './chart-source.ts';
import { codeNames, nameAt } from './name-codes.ts';

export const MAX_LINES = 12;
/** A chart reads the newest rows only, so that a huge table does not hold up a frame. */
export const MAX_LINE_ROWS = 200_000;

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
  // Points of a cloud are in no order.
  const order = plan.type === 'scatter' ? null : orderOf(x);
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
  const { codes, firstRows } = codeNames(table, series, start, start + x.length);
  const names = firstRows.map((row) => nameAt(table, start + row, series));
  const prefix = seriesPrefix(table, series);
  const shown = inNaturalOrder(names).slice(0, MAX_LINES);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const lines = shown.map((name) => {
    const own = rowsOf(codes, codeOf.get(name)!, x, y);
    return { id: name, name: prefix + name, points: interleave(own.x, own.y, orderOf(own.x)) };
  });
  return { lines, total: names.length };
}

function rowsOf(
  codes: Uint32Array,
  code: number,
  x: Float64Array,
  y: Float64Array,
): { readonly x: Float64Array; readonly y: Float64Array } {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] === code) count++;
  const own = { x: new Float64Array(count), y: new Float64Array(count) };
  let at = 0;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] !== code) continue;
    own.x[at] = x[i]!;
    own.y[at++] = y[i]!;
  }
  return own;
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
