const NARROW_SPACE = '\u202f';

/** What a chart says of itself in words, in English. */
export const chartTexts = {
  chartLines: (measures: string, x: string, series: string | null) =>
    series === null
      ? `Line chart of ${measures} over ${x}`
      : `Line chart of ${measures} over ${x}, one line per ${series}`,
  chartOver: (kind: string, measures: string, x: string, series: string | null) =>
    `${kind} of ${measures} over ${x}${series === null ? '' : `, by ${series}`}`,
  chartBars: (measure: string, category: string) => `Bar chart of ${measure} by ${category}`,
  chartPie: (measure: string, category: string) => `Pie chart of ${measure} by ${category}`,
  chartGauge: (measure: string) => `Gauge of the latest ${measure}`,
  chartHistogram: (column: string) => `Histogram of ${column}`,
  chartMissing: (count: number) => `, ${grouped(count)} without a number`,
  rowCount: 'rows',
  chartPublished: (kinds: string, title: string | null) =>
    title === null ? `Published ${kinds} chart` : `Published ${kinds} chart: ${title}`,
  chartLacks: (columns: string) => `, the table has no column ${columns}`,
  areaChart: 'Area chart',
  scatterChart: 'Scatter chart',
  candlestickChart: 'Candlestick chart',
  heatmapChart: 'Heatmap',
  chartTop: (count: number) => `, the ${count} largest`,
  chartNewest: (count: number) => `, the newest ${count}`,
  chartMore: (shown: number, total: number) => `, ${shown} of ${grouped(total)} lines`,
  chartLast: (seconds: number) => `, the last ${seconds} s`,
  chartAggregates: {
    count: (column: string) => `count of ${column}`,
    sum: (column: string) => `sum of ${column}`,
    mean: (column: string) => `mean of ${column}`,
    min: (column: string) => `least ${column}`,
    max: (column: string) => `greatest ${column}`,
  },
  rowNumber: 'row number',
};

export type ChartTexts = typeof chartTexts;

/** Whole numbers grouped by a narrow space, which no locale reads as a decimal mark. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}
