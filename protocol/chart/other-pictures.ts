import { columnLabel, columnUnit } from '../column-label.ts';
import { collectNewest, collectPivot } from './chart-categories.ts';
import { categoryAxis, commonFrame, gridOption, measuresName, valueAxis, zoomOption } from './chart-frame.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';

/** Cells along either side of a heatmap. */
const MAX_CELLS = 100;
const GAUGE_STEPS = [1, 2, 5, 10] as const;

export function candlestickPicture(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme, texts } = input;
  const { names, series } = collectNewest(table, plan);
  const measures = plan.y.map((column) => table.fields[column]!);
  const x = plan.x === null ? texts.rowNumber : columnLabel(table.fields[plan.x]!);
  return {
    frame: {
      ...commonFrame(input, []),
      grid: gridOption(input, [], input.staticWidth === undefined ? 28 : 8),
      xAxis: categoryAxis(theme),
      yAxis: { ...valueAxis(theme, measuresName(measures)), scale: true },
      ...zoomOption(input),
    },
    data: {
      xAxis: { data: names },
      series: [
        {
          id: 'candlestick',
          name: measures.map(columnLabel).join(', '),
          type: 'candlestick',
          dimensions: ['x', ...measures.map(columnLabel)],
          data: names.map((_, i) => series.map(({ values }) => values[i]!)),
          itemStyle: {
            color: theme.up,
            borderColor: theme.up,
            color0: theme.down,
            borderColor0: theme.down,
          },
        },
      ],
    },
    seriesIds: '["candlestick"]',
    label: texts.chartOver(texts.candlestickChart, measures.map(columnLabel).join(', '), x, null),
    unit: columnUnit(measures[0]!),
  };
}

export function heatmapPicture(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme, texts } = input;
  const { names, series } = collectPivot(table, plan, { places: MAX_CELLS, series: MAX_CELLS });
  const measure = table.fields[plan.y[0]!]!;
  const cells = series.flatMap(({ values }, j) =>
    [...values].flatMap((value, i) => (Number.isNaN(value) ? [] : [[i, j, value] as const])),
  );
  const [min, max] = extentOf(cells.map(([, , value]) => value));
  return {
    frame: {
      ...commonFrame(input, []),
      tooltip: { ...(commonFrame(input, []).tooltip as object), trigger: 'item' },
      grid: { ...gridOption(input, [], 8), right: 72 },
      xAxis: categoryAxis(theme),
      yAxis: categoryAxis(theme),
    },
    data: {
      xAxis: { data: names },
      yAxis: { data: series.map(({ name }) => name) },
      visualMap: {
        type: 'continuous',
        min,
        max,
        right: 8,
        top: 'middle',
        inRange: { color: theme.ramp },
        textStyle: { color: theme.text, fontSize: 11 },
      },
      series: [{ id: measure.name, name: columnLabel(measure), type: 'heatmap', data: cells }],
    },
    seriesIds: JSON.stringify([measure.name]),
    label: texts.chartOver(
      texts.heatmapChart,
      columnLabel(measure),
      columnLabel(table.fields[plan.x!]!),
      columnLabel(table.fields[plan.series!]!),
    ),
    unit: columnUnit(measure),
  };
}

/** The newest value, on a scale from zero to the next round number above the largest there was. */
export function gaugePicture(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme, texts } = input;
  const field = table.fields[plan.y[0]!]!;
  const known = table.numbers(plan.y[0]!, 0, table.rowCount).filter((value) => Number.isFinite(value));
  const [low, high] = extentOf(known);
  const value = known.at(-1);
  return {
    frame: { ...commonFrame(input, []), tooltip: { show: false } },
    data: {
      series: [
        {
          id: field.name,
          name: columnLabel(field),
          type: 'gauge',
          min: low < 0 ? -roundAbove(-low) : 0,
          max: columnUnit(field) === '%' && high <= 100 ? 100 : roundAbove(high),
          progress: { show: true, width: 10 },
          axisLine: { lineStyle: { width: 10, color: [[1, theme.hairline]] } },
          axisTick: { show: false },
          splitLine: { length: 6, lineStyle: { color: theme.inactive } },
          axisLabel: { color: theme.text, fontSize: 11, distance: 14 },
          pointer: { width: 4 },
          title: { color: theme.text, fontSize: 12, offsetCenter: [0, '78%'] },
          detail: { color: theme.text, fontSize: 20, offsetCenter: [0, '56%'] },
          data:
            value === undefined ? [] : [{ value: Number(value.toPrecision(6)), name: columnLabel(field) }],
        },
      ],
    },
    seriesIds: JSON.stringify([field.name]),
    label: texts.chartGauge(columnLabel(field)),
    unit: columnUnit(field),
  };
}

function extentOf(values: Float64Array | readonly number[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}

function roundAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (GAUGE_STEPS.find((step) => step * power >= value) ?? 10);
}
