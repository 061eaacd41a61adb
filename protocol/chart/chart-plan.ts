import type { Field } from '../arrow/data-type.ts';
import { columnUnit, isNumeric, isTime } from '../column-label.ts';
import type { ChartSource } from './chart-source.ts';
import type { ChartType } from './chart-type.ts';

/** Which columns a chart shows, and how; columns are positions in `fields`. */
export interface ChartPlan {
  readonly type: ChartType;
  /** Null: the row number. */
  readonly x: number | null;
  /** One or more; a candlestick's are open, close, lowest, highest; a histogram has none, it counts the rows of `x`. */
  readonly y: readonly number[];
  /** The column that tells lines (or bars of one place) apart; a heatmap's vertical axis. */
  readonly series: number | null;
}

const MAX_MEASURES = 6;
const SAMPLE_ROWS = 4000;
/** A whole number that takes more values than this is a measure, not the name of a line. */
const MAX_INT_NAMES = 256;
/** The share of rows that a series column must tell apart from others of the same time. */
const TELLS_APART = 0.95;

/**
 * Chooses a chart from the schema: time and numbers are lines (one per value of the column that tells rows of the same
 * time apart, where there is one); category and number are bars; else the first numbers are lines over the row number.
 * A keyed table without time in its key shows states, not a history: its time columns make no lines.
 * Null where there is nothing to draw.
 */
export function planChart(table: ChartSource, previous: ChartPlan | null): ChartPlan | null {
  const { fields } = table;
  const numbers = measureColumns(table);
  const time = timeColumn(table);
  if (time !== null && numbers.length > 0) return planTimeLines(table, time, numbers, previous);
  const category = chooseCategory(fields, table.key);
  const first = numbers[0];
  if (category !== null && first !== undefined) return { type: 'bar', x: category, y: [first], series: null };
  if (first === undefined) return null;
  return { type: 'line', x: null, y: sameUnit(fields, numbers), series: null };
}

/** Equal plans draw into the same chart and keep its zoom. */
export function planId(plan: ChartPlan, fields: readonly Field[]): string {
  return JSON.stringify([plan, fields.map((field) => [field.name, field.type.kind])]);
}

/** Numbers that are no key. */
export function measureColumns({ fields, key }: ChartSource): number[] {
  return columnsWhere(fields, (field) => isNumeric(field.type) && key?.includes(field.name) !== true);
}

/** The first time that a history goes by. */
export function timeColumn({ fields, key }: ChartSource): number | null {
  const times = columnsWhere(
    fields,
    (field) => isTime(field.type) && (key === null || key.includes(field.name)),
  );
  return times[0] ?? null;
}

function planTimeLines(
  table: ChartSource,
  x: number,
  numbers: number[],
  previous: ChartPlan | null,
): ChartPlan {
  const known = previous?.type === 'line' && previous.x === x ? previous.series : null;
  const series = known ?? chooseSeries(table, x);
  const measures = numbers.filter((column) => column !== series);
  if (series !== null && measures[0] !== undefined) return { type: 'line', x, y: [measures[0]], series };
  return { type: 'line', x, y: sameUnit(table.fields, numbers), series: null };
}

function chooseSeries(table: ChartSource, x: number): number | null {
  const end = table.rowCount;
  const start = Math.max(0, end - SAMPLE_ROWS);
  const times = table.numbers(x, start, end);
  if (new Set(times).size === times.length) return null;
  for (const column of seriesCandidates(table)) {
    const names = new Set<string>();
    const pairs = new Set<string>();
    for (let row = start; row < end; row++) {
      const name = table.text(row, column) ?? '';
      names.add(name);
      pairs.add(`${times[row - start]} ${name}`);
    }
    const isMeasure = table.fields[column]!.type.kind === 'int' && names.size > MAX_INT_NAMES;
    if (!isMeasure && names.size > 1 && pairs.size >= TELLS_APART * times.length) return column;
  }
  return null;
}

/** Key columns first, then text, then whole numbers and truth values. */
function seriesCandidates(table: ChartSource): number[] {
  const rank = (field: Field): number | null => {
    if (isTime(field.type)) return null;
    if (table.key?.includes(field.name)) return 0;
    if (field.type.kind === 'utf8') return 1;
    return field.type.kind === 'int' || field.type.kind === 'bool' ? 2 : null;
  };
  return columnsWhere(table.fields, (field) => rank(field) !== null).toSorted(
    (a, b) => rank(table.fields[a]!)! - rank(table.fields[b]!)!,
  );
}

export function chooseCategory(fields: readonly Field[], key: readonly string[] | null): number | null {
  const texts = columnsWhere(fields, (field) => field.type.kind === 'utf8');
  const textKey = texts.find((column) => key?.includes(fields[column]!.name));
  const anyKey = columnsWhere(fields, (field) => key?.includes(field.name) === true)[0];
  return textKey ?? texts[0] ?? anyKey ?? null;
}

/** One axis carries one unit: the first number's. */
export function sameUnit(fields: readonly Field[], columns: readonly number[]): number[] {
  const unit = columnUnit(fields[columns[0]!]!);
  return columns.filter((column) => columnUnit(fields[column]!) === unit).slice(0, MAX_MEASURES);
}

function columnsWhere(fields: readonly Field[], test: (field: Field) => boolean): number[] {
  return fields.flatMap((field, column) => (test(field) ? [column] : []));
}
