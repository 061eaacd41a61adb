import { isNumeric, isTime } from '../column-label.ts';
import { axis } from './chart-frame.ts';
import type { ChartOption } from './chart-option.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';
import type { ChartSource } from './chart-source.ts';
import type { ChartTheme } from './chart-theme.ts';
import type { PublishedOption, PublishedSeries } from './clean-option.ts';
import { axisTypeOf, encodedNames, publishedColumns, showsTable } from './published-columns.ts';

export type PublishedPictureInput = Omit<ChartPictureInput, 'plan' | 'pixelColumns'> & {
  readonly option: PublishedOption;
};

/** The newest rows that are handed to ECharts, which reduces them itself. */
export const MAX_PUBLISHED_ROWS = 100_000;
/** Where texts are among them, which cost more and can be told apart less. */
const MAX_TEXT_ROWS = 20_000;

/**
 * A published option over the table's rows: they are its dataset, whose columns the series name by `encode`. Series with
 * data of their own keep it. What the option leaves open is as in other charts here.
 */
export function publishedPicture(input: PublishedPictureInput): ChartPicture {
  const { table, option, theme, texts, staticWidth } = input;
  const { columns, missing } = publishedColumns(option, table.fields);
  const axes = { xAxis: axesOf(input, 'xAxis'), yAxis: axesOf(input, 'yAxis') };
  const kinds = [...new Set(option.series.map((series) => series.type))].join(', ');
  const { dataZoom, ...rest } = option;
  const frame: ChartOption = {
    ...rest,
    ...axes,
    animation: false,
    useUTC: option.useUTC ?? true,
    color: option.color ?? theme.colors,
    backgroundColor: option.backgroundColor ?? 'transparent',
    textStyle: over({ fontFamily: 'system-ui, sans-serif', color: theme.text }, option.textStyle),
    ...withDefaults(option, 'title', { textStyle: { color: theme.text } }),
    ...withDefaults(option, 'legend', { textStyle: { color: theme.text }, inactiveColor: theme.inactive }),
    ...withDefaults(option, 'visualMap', { textStyle: { color: theme.text } }),
    ...(input.title === undefined ? {} : { title: titleOver(option, input.title, theme) }),
    tooltip: { ...tooltipOf(option, theme), renderMode: 'richText', confine: true },
    ...(dataZoom === undefined || staticWidth !== undefined ? {} : { dataZoom }),
    series: option.series.map(seriesOption),
  };
  return {
    frame: definedOnly(frame),
    data: columns.length === 0 ? {} : { dataset: datasetOf(input, columns) },
    seriesIds: JSON.stringify(option.series.map(({ id }) => id)),
    label:
      texts.chartPublished(kinds, titleText(option)) +
      (missing.length === 0 ? '' : texts.chartLacks(missing.map((name) => `“${name}”`).join(', '))),
    unit: null,
  };
}

function seriesOption(series: PublishedSeries): ChartOption {
  if (!showsTable(series)) return series;
  const { data: _, ...bound } = series;
  if (series.type === 'line') return { sampling: 'minmax', showSymbol: false, ...bound };
  if (series.type === 'scatter') return { large: true, largeThreshold: 5000, ...bound };
  return bound;
}

const OVER_AXES: ReadonlySet<string> = new Set(
  'line bar scatter candlestick boxplot heatmap pictorialBar'.split(' '),
);

function needsAxes({ type, coordinateSystem = 'cartesian2d' }: PublishedSeries): boolean {
  return OVER_AXES.has(type) && coordinateSystem === 'cartesian2d';
}

/** An axis whose list of names is empty takes them from the dataset; one without a type is what its column is. */
function axesOf(input: PublishedPictureInput, part: 'xAxis' | 'yAxis'): ChartOption[] | undefined {
  const { option, theme } = input;
  if (option[part] === undefined && !option.series.some(needsAxes)) return undefined;
  return [option[part] ?? {}].flat().map((given, index) => {
    const { data, ...rest } = (given ?? {}) as Record<string, unknown>;
    const hasOwn = Array.isArray(data) && data.length > 0;
    const type = rest.type ?? (hasOwn ? 'category' : typeFromColumn(input, part, index));
    return over({ ...axis(theme), type }, hasOwn ? { ...rest, data } : rest) as ChartOption;
  });
}

function typeFromColumn(
  { option, table }: PublishedPictureInput,
  part: 'xAxis' | 'yAxis',
  index: number,
): string | undefined {
  for (const series of option.series) {
    if (!showsTable(series) || Number(series[`${part}Index`] ?? 0) !== index) continue;
    const names = encodedNames(series).find(([dimension]) => `${dimension}Axis` === part)?.[1] ?? [];
    const field = table.fields.find(({ name }) => name === names[0]);
    if (field !== undefined) return axisTypeOf(field);
  }
  return undefined;
}

/**
 * Columns as ECharts takes them fastest: numbers and times as floats, all else as texts. The dataset has no id, for ECharts
 * merges typed arrays of one id element by element and keeps their length.
 */
function datasetOf(input: PublishedPictureInput, columns: readonly number[]): ChartOption {
  const { table } = input;
  const asNames = namedTimes(input);
  const isText = (column: number) => {
    const { name, type } = table.fields[column]!;
    return isTime(type) ? asNames.has(name) : !isNumeric(type);
  };
  const max = columns.some(isText) ? MAX_TEXT_ROWS : MAX_PUBLISHED_ROWS;
  const start = Math.max(0, table.rowCount - max);
  const names = columns.map((column) => table.fields[column]!.name);
  return {
    dimensions: names,
    source: Object.fromEntries(
      columns.map((column, i) => [
        names[i]!,
        isText(column) ? texts(table, column, start) : table.numbers(column, start, table.rowCount),
      ]),
    ),
  };
}

function texts(table: ChartSource, column: number, start: number): (string | null)[] {
  return Array.from({ length: table.rowCount - start }, (_, i) => table.text(start + i, column));
}

/** Times that stand as names: along an axis of names, or as the names of slices. */
function namedTimes({ option }: PublishedPictureInput): Set<string> {
  const names = new Set<string>();
  for (const series of option.series.filter(showsTable)) {
    for (const [dimension, encoded] of encodedNames(series)) {
      const part = `${dimension}Axis`;
      const along = [option[part]].flat()[Number(series[`${part}Index`] ?? 0)] as
        | { type?: unknown }
        | undefined;
      if (along?.type !== 'category' && dimension !== 'itemName') continue;
      for (const name of encoded) names.add(name);
    }
  }
  return names;
}

const OVER_AN_AXIS: ReadonlySet<string> = new Set(['line', 'bar', 'candlestick', 'boxplot']);

function tooltipOf(option: PublishedOption, theme: ChartTheme): ChartOption {
  const trigger = option.series.every(({ type }) => OVER_AN_AXIS.has(type)) ? 'axis' : 'item';
  const defaults = {
    trigger,
    backgroundColor: theme.surface,
    borderColor: theme.hairline,
    textStyle: { color: theme.text, fontSize: 12 },
  };
  return over(defaults, [option.tooltip].flat()[0]) as ChartOption;
}

function titleText(option: PublishedOption): string | null {
  const first = [option.title].flat()[0] as { text?: unknown } | undefined;
  return typeof first?.text === 'string' && first.text !== '' ? first.text : null;
}

function titleOver(option: PublishedOption, text: string, theme: ChartTheme): unknown {
  const first = [option.title].flat()[0];
  return over(over({ textStyle: { color: theme.text } }, first), { text });
}

function withDefaults(option: PublishedOption, part: string, defaults: ChartOption): ChartOption {
  const given = option[part];
  if (given === undefined || given === null) return {};
  return { [part]: Array.isArray(given) ? given.map((one) => over(defaults, one)) : over(defaults, given) };
}

/** What is given wins over defaults, property by property. */
function over(defaults: unknown, given: unknown): unknown {
  if (!isObject(defaults) || !isObject(given)) return given ?? defaults;
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(given)) merged[key] = over(defaults[key], value);
  return merged;
}

function definedOnly(option: ChartOption): ChartOption {
  return Object.fromEntries(Object.entries(option).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
