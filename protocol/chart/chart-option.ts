/** An ECharts option without functions; rows of numbers may be typed arrays. */
export type ChartOption = Readonly<Record<string, unknown>>;
