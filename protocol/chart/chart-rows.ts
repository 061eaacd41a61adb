import { MAX_LINE_ROWS } from './chart-series.ts';
import type { ChartType } from './chart-type.ts';

/** What has no order of its own is read further back: the largest are to be found, or all are counted. */
const UNORDERED: ReadonlySet<ChartType> = new Set(['bar', 'pie', 'histogram']);
const MAX_UNORDERED_ROWS = 1_000_000;

/** The newest rows that a chart of a type reads. */
export function maxChartRows(type: ChartType): number {
  return UNORDERED.has(type) ? MAX_UNORDERED_ROWS : MAX_LINE_ROWS;
}
