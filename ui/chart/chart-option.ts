import type { Field } from '../../protocol/arrow/data-type.ts';
import { columnLabel, columnUnit } from '../column-label.ts';
import type { Texts } from '../locales/en.ts';
import type { TableReader } from '../table-reader.ts';
import type { ChartPlan } from './chart-plan.ts';
import { type Bar, collectBars, collectLines, type Lines, MAX_BARS } from './chart-series.ts';
import type { ChartTheme } from './chart-theme.ts';
import { reducePoints } from './reduce-points.ts';

/** A plain ECharts option. */
export type ChartOption = Readonly<Record<string, unknown>>;

/** A chart ready to draw: `frame` once per plan and theme, `data` with every commit. */
export interface ChartPicture {
  readonly frame: ChartOption;
  readonly data: ChartOption;
  /** The ids of the series, in order: where they change, series go or come. */
  readonly seriesIds: string;
  /** What the chart shows, in words. */
  readonly label: string;
}

export interface ChartOptionInput {
  readonly table: TableReader;
  readonly plan: ChartPlan;
  readonly theme: ChartTheme;
  readonly texts: Texts;
  /** How many columns of pixels the whole x extent would take at the present zoom. */
  readonly pixelColumns: number;
}

export function chartPicture(input: ChartOptionInput): ChartPicture {
  const { plan } = input;
  return plan.kind === 'lines' ? linesPicture(input, plan) : barsPicture(input, plan);
}

function linesPicture(input: ChartOptionInput, plan: Extract<ChartPlan, { kind: 'lines' }>): ChartPicture {
  const { table, theme, texts } = input;
  const collected = collectLines(table, plan);
  const y = table.fields[plan.y[0]!]!;
  const xField = plan.x === null ? null : table.fields[plan.x]!;
  const series = collected.lines.map((line, index) => ({
    id: line.id,
    name: line.name,
    type: 'line',
    dimensions: ['x', 'y'],
    data: reducePoints(line.points, input.pixelColumns),
    showSymbol: line.points.length <= 2,
    symbolSize: 5,
    lineStyle: { width: 1.5, type: index < theme.colors.length ? 'solid' : 'dashed' },
    emphasis: { disabled: true },
  }));
  return {
    frame: {
      ...commonFrame(theme, y, plan.y.length > 1 ? '' : columnLabel(y)),
      legend: legend(theme, series.length > 1),
      grid: { left: 8, right: 16, top: 32, bottom: 28, containLabel: true },
      xAxis: {
        ...axis(theme),
        type: xField === null ? 'value' : 'time',
        min: 'dataMin',
        max: 'dataMax',
        splitLine: { show: false },
      },
      dataZoom: zoom(theme),
    },
    data: { series },
    seriesIds: JSON.stringify(collected.lines.map((line) => line.id)),
    label: linesLabel(plan, table.fields, collected, texts),
  };
}

function barsPicture(input: ChartOptionInput, plan: Extract<ChartPlan, { kind: 'bars' }>): ChartPicture {
  const { table, theme, texts } = input;
  const bars: Bar[] = collectBars(table, plan);
  const y = table.fields[plan.y]!;
  const more = table.rowCount > MAX_BARS ? texts.chartTop(MAX_BARS) : '';
  return {
    frame: {
      ...commonFrame(theme, y, columnLabel(y)),
      legend: legend(theme, false),
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      xAxis: {
        ...axis(theme),
        type: 'category',
        axisLabel: { color: theme.text, fontSize: 11, hideOverlap: true, width: 96, overflow: 'truncate' },
      },
    },
    data: {
      xAxis: { data: bars.map((bar) => bar.name) },
      series: [
        {
          id: y.name,
          name: columnLabel(y),
          type: 'bar',
          data: bars.map((bar) => bar.value),
          barMaxWidth: 36,
          itemStyle: { borderRadius: [2, 2, 0, 0] },
          emphasis: { disabled: true },
        },
      ],
    },
    seriesIds: JSON.stringify([y.name]),
    label: texts.chartBars(columnLabel(y), columnLabel(table.fields[plan.category]!)) + more,
  };
}

function linesLabel(
  plan: Extract<ChartPlan, { kind: 'lines' }>,
  fields: readonly Field[],
  lines: Lines,
  texts: Texts,
): string {
  const measures = plan.y.map((column) => columnLabel(fields[column]!)).join(', ');
  const x = plan.x === null ? texts.rowNumber : columnLabel(fields[plan.x]!);
  const series = plan.series === null ? null : columnLabel(fields[plan.series]!);
  const more = lines.total > lines.lines.length ? texts.chartMore(lines.lines.length, lines.total) : '';
  return texts.chartLines(measures, x, series) + more;
}

/** `axisName` is empty where the axis carries several columns; their unit is said all the same. */
function commonFrame(theme: ChartTheme, y: Field, axisName: string): ChartOption {
  const unit = columnUnit(y);
  return {
    animation: false,
    useUTC: true,
    color: theme.colors,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      order: 'valueDesc',
      backgroundColor: theme.surface,
      borderColor: theme.hairline,
      textStyle: { color: theme.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: theme.text, opacity: 0.5 } },
      valueFormatter: (value: unknown) => formatValue(value, unit),
    },
    yAxis: {
      ...axis(theme),
      type: 'value',
      scale: false,
      name: [axisName, unit ?? ''].filter((part) => part !== '').join(', '),
      nameGap: 8,
      nameTextStyle: { color: theme.text, fontSize: 11, align: 'left' },
      axisLine: { show: false },
      axisLabel: { color: theme.text, fontSize: 11, formatter: compactNumber },
    },
  };
}

function axis(theme: ChartTheme): ChartOption {
  return {
    axisLine: { lineStyle: { color: theme.hairline } },
    axisTick: { show: false },
    axisLabel: { color: theme.text, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.hairline } },
  };
}

function legend(theme: ChartTheme, show: boolean): ChartOption {
  return {
    show,
    type: 'scroll',
    top: 0,
    right: 16,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 3,
    textStyle: { color: theme.text, fontSize: 11 },
    inactiveColor: theme.inactive,
    pageIconColor: theme.text,
    pageTextStyle: { color: theme.text },
  };
}

function zoom(theme: ChartTheme): ChartOption[] {
  return [
    { id: 'inside', type: 'inside', filterMode: 'none', throttle: 32 },
    {
      id: 'slider',
      type: 'slider',
      filterMode: 'none',
      height: 10,
      bottom: 6,
      brushSelect: false,
      showDetail: false,
      showDataShadow: false,
      borderColor: 'transparent',
      backgroundColor: 'transparent',
      fillerColor: theme.hairline,
      handleSize: '120%',
      handleStyle: { color: theme.surface, borderColor: theme.inactive },
      moveHandleSize: 0,
      emphasis: { handleStyle: { borderColor: theme.colors[0] } },
    },
  ];
}

function formatValue(value: unknown, unit: string | null): string {
  if (typeof value !== 'number' || Number.isNaN(value)) return '–';
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return unit === null ? text : `${text} ${unit}`;
}

const STEPS: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
];

/** Short axis labels: 1500000 as 1.5M. */
export function compactNumber(value: number): string {
  for (const [size, suffix] of STEPS) {
    const unit = suffix === 'k' ? 1000 : size;
    if (Math.abs(value) >= size) return `${Number((value / unit).toPrecision(4))}${suffix}`;
  }
  return String(Number(value.toPrecision(6)));
}
