import { columnLabel, columnUnit, isTime } from '../column-label.ts';
import { type CategorySeries, collectNewest, collectPivot, MAX_PLACES } from './chart-categories.ts';
import {
  axis,
  categoryAxis,
  commonFrame,
  gridOption,
  measuresName,
  valueAxis,
  zoomOption,
} from './chart-frame.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';
import { collectLines, hasContinuousX, type Line, MAX_LINES } from './chart-series.ts';
import { reducePoints, thinPoints } from './reduce-points.ts';

/** Points of one cloud: more cannot be told apart. */
const MAX_CLOUD_POINTS = 5000;
const BOTTOM_WITH_SLIDER_PIXELS = 28;
const BOTTOM_PIXELS = 8;

/** Lines, areas and clouds of points over numbers, times, names or the row number. */
export function linePicture(input: ChartPictureInput): ChartPicture {
  return hasContinuousX(input.table, input.plan) ? overNumbers(input) : overNames(input);
}

function overNumbers(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme } = input;
  const { lines, total } = collectLines(table, plan);
  const x = plan.x === null ? null : table.fields[plan.x]!;
  const data = (line: Line) =>
    plan.type === 'scatter'
      ? thinPoints(line.points, MAX_CLOUD_POINTS)
      : reducePoints(line.points, input.pixelColumns);
  return {
    frame: {
      ...frame(
        input,
        lines.map((line) => line.name),
      ),
      xAxis: {
        ...axis(theme),
        type: x !== null && isTime(x.type) ? 'time' : 'value',
        min: 'dataMin',
        max: 'dataMax',
        axisLabel: { color: theme.text, fontSize: 11, hideOverlap: true, alignMaxLabel: 'right' },
        splitLine: { show: false },
      },
    },
    data: {
      series: lines.map((line, index) => ({
        id: line.id,
        name: line.name,
        dimensions: ['x', 'y'],
        data: data(line),
        ...look(input, index, line.points.length / 2),
      })),
    },
    seriesIds: JSON.stringify(lines.map((line) => line.id)),
    label: linesLabel(input, total),
    unit: columnUnit(table.fields[plan.y[0]!]!),
  };
}

function overNames(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme } = input;
  const { names, series, total } = placed(input);
  return {
    frame: {
      ...frame(
        input,
        series.map(({ name }) => name),
      ),
      xAxis: { ...categoryAxis(theme), boundaryGap: plan.type === 'scatter' },
    },
    data: {
      xAxis: { data: names },
      series: series.map(({ id, name, values }, index) => ({
        id,
        name,
        data: [...values],
        ...look(input, index, names.length),
      })),
    },
    seriesIds: JSON.stringify(series.map(({ id }) => id)),
    label: linesLabel(input, total),
    unit: columnUnit(table.fields[plan.y[0]!]!),
  };
}

function placed({ table, plan }: ChartPictureInput): {
  names: readonly string[];
  series: readonly CategorySeries[];
  total: number;
} {
  if (plan.series !== null) return collectPivot(table, plan, { places: MAX_PLACES, series: MAX_LINES });
  const newest = collectNewest(table, plan);
  return { ...newest, total: newest.series.length };
}

function frame(input: ChartPictureInput, names: readonly string[]) {
  const { table, plan, theme, staticWidth } = input;
  const bottom = staticWidth === undefined ? BOTTOM_WITH_SLIDER_PIXELS : BOTTOM_PIXELS;
  return {
    ...commonFrame(input, names),
    grid: gridOption(input, names, bottom),
    yAxis: valueAxis(theme, measuresName(plan.y.map((column) => table.fields[column]!))),
    ...zoomOption(input),
  };
}

function look({ plan, theme }: ChartPictureInput, index: number, points: number) {
  if (plan.type === 'scatter') return { type: 'scatter', symbolSize: 5, emphasis: { disabled: true } };
  return {
    type: 'line',
    showSymbol: points <= 1,
    symbolSize: 5,
    lineStyle: { width: 1.5, type: index < theme.colors.length ? 'solid' : 'dashed' },
    ...(plan.type === 'area' ? { areaStyle: { opacity: 0.2 } } : {}),
    emphasis: { disabled: true },
  };
}

function linesLabel({ table, plan, texts }: ChartPictureInput, total: number): string {
  const { fields } = table;
  const measures = plan.y.map((column) => columnLabel(fields[column]!)).join(', ');
  const x = plan.x === null ? texts.rowNumber : columnLabel(fields[plan.x]!);
  const series = plan.series === null ? null : columnLabel(fields[plan.series]!);
  const more = total > MAX_LINES ? texts.chartMore(MAX_LINES, total) : '';
  if (plan.type === 'line') return texts.chartLines(measures, x, series) + more;
  const kind = plan.type === 'area' ? texts.areaChart : texts.scatterChart;
  return texts.chartOver(kind, measures, x, series) + more;
}
