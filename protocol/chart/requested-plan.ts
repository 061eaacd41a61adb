import { type Field, typeName } from '../arrow/data-type.ts';
import { isNumeric, isTime } from '../column-label.ts';
import { TablecastError } from '../errors.ts';
import type { ChartParameters } from './chart-parameters.ts';
import {
  type ChartPlan,
  chooseCategory,
  measureColumns,
  planChart,
  sameUnit,
  timeColumn,
} from './chart-plan.ts';
import type { ChartSource } from './chart-source.ts';
import type { ChartType } from './chart-type.ts';

const NESTED: ReadonlySet<string> = new Set(['list', 'fixed_size_list', 'struct', 'map', 'union']);
/** In the order in which a candlestick takes them. */
const CANDLE = ['open', 'close', 'low', 'high'] as const;
const MAX_MEASURES = 12;

/**
 * The plan that a reader asked for; what was not asked for is chosen as {@link planChart} does.
 *
 * @throws TablecastError `bad_parameter` where a column does not exist or does not fit, `no_chart` where none is there
 */
export function requestedPlan(table: ChartSource, asked: ChartParameters): ChartPlan {
  if (asked.type === 'histogram') return histogramPlan(table, asked);
  const auto = planChart(table, null);
  const column = (parameter: string, name: string): number => columnNamed(table, parameter, name);
  const askedX = asked.x === undefined || asked.x === null ? null : column('x', asked.x);
  const askedY = asked.y?.map((name) => numberColumn(table, column('y', name))) ?? null;
  const askedSeries = asked.series === undefined ? null : column('series', asked.series);
  for (const [parameter, at] of [
    ['x', askedX],
    ['series', askedSeries],
  ] as const) {
    if (at !== null) checkFlat(table.fields[at]!, parameter);
  }
  const type = asked.type ?? (asked.x === null ? 'line' : typeFor(table, askedX, auto));
  const x = asked.x === null ? null : (askedX ?? defaultX(table, type, auto, askedSeries));
  const y = askedY ?? defaultMeasures(table, type, new Set([x, askedSeries]));
  const series = askedSeries ?? defaultSeries(table, type, x, y, askedY === null ? auto : null);
  const plan: ChartPlan = { type, x, y: series === null || type === 'heatmap' ? y : y.slice(0, 1), series };
  checkCounts(plan, askedY, askedSeries);
  return plan;
}

function histogramPlan(table: ChartSource, { x, y, series }: ChartParameters): ChartPlan {
  const more = y !== undefined ? 'y' : series !== undefined ? 'series' : null;
  if (more !== null) throw bad(`A histogram takes one column as "x", and no "${more}".`);
  const column = x === undefined || x === null ? measureColumns(table)[0] : columnNamed(table, 'x', x);
  if (column === undefined) throw noNumbers();
  const { name, type } = table.fields[column]!;
  if (!isNumeric(type) && !isTime(type)) {
    throw bad(
      `The column ${JSON.stringify(name)} is ${typeName(type)}; a histogram takes a column of numbers or times as "x".`,
    );
  }
  return { type: 'histogram', x: column, y: [], series: null };
}

function typeFor(table: ChartSource, x: number | null, auto: ChartPlan | null): ChartType {
  if (x === null) return auto?.type ?? 'line';
  const { type } = table.fields[x]!;
  return isTime(type) || isNumeric(type) ? 'line' : 'bar';
}

function defaultX(
  table: ChartSource,
  type: ChartType,
  auto: ChartPlan | null,
  series: number | null,
): number | null {
  const category = chooseCategory(table.fields, table.key);
  switch (type) {
    case 'gauge':
      return null;
    case 'bar':
    case 'pie':
      return category ?? timeColumn(table);
    case 'heatmap':
      return timeColumn(table) ?? (category === series ? null : category);
    default:
      return timeColumn(table) ?? (auto?.type === 'line' ? auto.x : category);
  }
}

function defaultMeasures(
  table: ChartSource,
  type: ChartType,
  taken: ReadonlySet<number | null>,
): readonly number[] {
  if (type === 'candlestick') {
    return CANDLE.map((name) => {
      const at = table.fields.findIndex((field) => field.name.toLowerCase() === name);
      if (at >= 0) return numberColumn(table, at);
      throw bad(`A candlestick takes four columns as "y": open, close, low and high; there is no "${name}".`);
    });
  }
  const numbers = measureColumns(table).filter((column) => !taken.has(column));
  if (numbers.length === 0) throw noNumbers();
  return type === 'line' || type === 'area' ? sameUnit(table.fields, numbers) : numbers.slice(0, 1);
}

function defaultSeries(
  table: ChartSource,
  type: ChartType,
  x: number | null,
  y: readonly number[],
  auto: ChartPlan | null,
): number | null {
  if (type === 'heatmap') {
    const other = table.fields.findIndex((field, i) => i !== x && field.type.kind === 'utf8');
    if (other >= 0) return other;
    throw bad('A heatmap takes a column as "series": its vertical axis.');
  }
  const isOverX = type === 'line' || type === 'area' || type === 'scatter';
  const series = isOverX && auto?.x === x ? auto.series : null;
  return series === null || y.includes(series) ? null : series;
}

function checkCounts(plan: ChartPlan, askedY: readonly number[] | null, askedSeries: number | null): void {
  const { type, x, y } = plan;
  if (type === 'candlestick' && y.length !== 4) {
    throw bad(`A candlestick takes four columns as "y": open, close, low and high; ${y.length} were given.`);
  }
  if ((type === 'heatmap' || type === 'pie') && x === null) {
    throw bad(`A ${type} takes a column as "x", and the table has none that fits by itself.`);
  }
  const given = askedY?.length ?? 0;
  if (given > MAX_MEASURES)
    throw bad(`The parameter "y" names at most ${MAX_MEASURES} columns, not ${given}.`);
  const isSingle = type === 'pie' || type === 'gauge' || type === 'heatmap';
  if (given > 1 && isSingle) throw bad(`A ${type} takes one column as "y"; ${given} were given.`);
  if (given > 1 && askedSeries !== null) throw bad('The parameter "series" goes with one column as "y".');
}

function columnNamed(table: ChartSource, parameter: string, name: string): number {
  const column = table.fields.findIndex((field) => field.name === name);
  if (column >= 0) return column;
  throw bad(`The parameter "${parameter}" names the column ${JSON.stringify(name)}, which is not there.`);
}

function numberColumn(table: ChartSource, column: number): number {
  const { name, type } = table.fields[column]!;
  if (isNumeric(type)) return column;
  throw bad(`The column ${JSON.stringify(name)} is ${typeName(type)}; "y" takes columns of numbers.`);
}

/** Whether values of a column can be places or names. */
export function isFlat({ type }: Field): boolean {
  return !NESTED.has(type.kind);
}

function checkFlat(field: Field, parameter: string): void {
  const { name, type } = field;
  if (isFlat(field)) return;
  throw bad(
    `The column ${JSON.stringify(name)} is ${typeName(type)}; "${parameter}" takes no nested columns.`,
  );
}

function bad(detail: string): TablecastError {
  return new TablecastError('bad_parameter', detail);
}

function noNumbers(): TablecastError {
  return new TablecastError('no_chart', 'The table has no column of numbers that a chart could show.');
}
