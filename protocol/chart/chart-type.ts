/** The kinds of charts that a table's columns can be shown as. */
export const CHART_TYPES = [
  'line',
  'bar',
  'area',
  'scatter',
  'pie',
  'candlestick',
  'heatmap',
  'gauge',
  'histogram',
] as const;
export type ChartType = (typeof CHART_TYPES)[number];
