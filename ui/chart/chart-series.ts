import { columnLabel } from '../column-label.ts';
import type { TableReader } from '../table-reader.ts';
import type { ChartPlan } from './chart-plan.ts';

export const MAX_LINES = 12;
export const MAX_BARS = 30;
/** A chart reads the newest rows only, so that a huge table does not hold up a frame. */
const MAX_ROWS = 200_000;

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

export interface Bar {
  readonly name: string;
  readonly value: number;
}

export function collectLines(table: TableReader, plan: Extract<ChartPlan, { kind: 'lines' }>): Lines {
  const end = table.rowCount;
  const start = Math.max(0, end - MAX_ROWS);
  const x = plan.x === null ? rowNumbers(start, end) : table.numbers(plan.x, start, end);
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

/** The largest bars, largest first; of equal ones those that stand first. */
export function collectBars(table: TableReader, plan: Extract<ChartPlan, { kind: 'bars' }>): Bar[] {
  const values = table.numbers(plan.y, 0, table.rowCount);
  return largest(values, MAX_BARS).map((row) => ({
    name: table.text(row, plan.category) ?? '∅',
    value: values[row]!,
  }));
}

/** Positions of the largest values in one pass, for a sort of a large table would hold up the frame. */
function largest(values: Float64Array, count: number): number[] {
  const kept: number[] = [];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const isFull = kept.length === count;
    if (Number.isNaN(value) || (isFull && value <= values[kept[count - 1]!]!)) continue;
    if (isFull) kept.pop();
    let at = kept.length;
    while (at > 0 && values[kept[at - 1]!]! < value) at--;
    kept.splice(at, 0, row);
  }
  return kept;
}

function collectBySeries(
  table: TableReader,
  series: number,
  measure: number,
  x: Float64Array,
  start: number,
): Lines {
  const y = table.numbers(measure, start, start + x.length);
  const rowsByName = new Map<string, number[]>();
  for (let i = 0; i < x.length; i++) {
    const name = table.text(start + i, series) ?? '∅';
    const rows = rowsByName.get(name);
    if (rows === undefined) rowsByName.set(name, [i]);
    else rows.push(i);
  }
  const names = [...rowsByName.keys()].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const field = table.fields[series]!;
  const prefix = field.type.kind === 'utf8' ? '' : `${columnLabel(field)} `;
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

function rowNumbers(start: number, end: number): Float64Array {
  return Float64Array.from({ length: end - start }, (_, i) => start + i + 1);
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
