import type { Aggregate, AxisScale } from '../../../protocol/chart/chart-spec-words.ts';
import type { ChartType } from '../../../protocol/chart/chart-type.ts';

const TYPES: Readonly<Record<ChartType, string>> = {
  line: 'Line',
  area: 'Area',
  bar: 'Bars',
  scatter: 'Points',
  pie: 'Pie',
  candlestick: 'Candles',
  heatmap: 'Heatmap',
  gauge: 'Gauge',
  histogram: 'Histogram',
};
const AGGREGATES: Readonly<Record<Aggregate, string>> = {
  none: 'none',
  count: 'count',
  sum: 'sum',
  mean: 'mean',
  min: 'least',
  max: 'greatest',
};
const SCALES: Readonly<Record<AxisScale, string>> = {
  zero: 'from zero',
  fit: 'fits the values',
  log: 'logarithmic',
};

/** What the form that shapes a chart says, in English. */
export const builderEn = {
  form: (table: string) => `Chart of ${table}`,
  heading: 'Chart',
  close: 'Close',
  type: 'Type',
  types: TYPES,
  notPossible: 'The table has no columns for this',
  title: 'Title',
  x: 'X',
  values: 'Values',
  y: 'Y',
  value: 'Value',
  candle: ['Open', 'Close', 'Lowest', 'Highest'],
  series: 'Split by',
  vertical: 'Vertical',
  none: 'nothing',
  rowNumber: 'row number',
  aggregate: 'Aggregate',
  newestValue: 'the newest',
  aggregates: AGGREGATES,
  window: 'Rows',
  windows: { all: 'all', rows: 'the newest rows', seconds: 'the last seconds' },
  rowCount: 'Number',
  secondCount: 'Seconds',
  axes: 'Axes',
  yAxis: 'Y axis',
  xAxis: 'X axis',
  scale: 'Scale',
  scales: SCALES,
  from: 'From',
  to: 'To',
  automatic: 'auto',
  label: 'Label',
  json: 'As JSON',
  jsonLabel: 'Chart as JSON',
  apply: 'Apply',
  copy: 'Copy',
  copyLink: 'Copy link',
  copied: 'Copied',
  notCopied: 'The browser does not let this page copy.',
  reset: 'Reset',
  isPublished: 'This is the chart that the table was published with.',
  lacks: (columns: string) => `The table has no column ${columns}.`,
  wrong: (detail: string) => `This cannot be drawn: ${detail}`,
};

export type BuilderTexts = typeof builderEn;
