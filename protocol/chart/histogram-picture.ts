import { columnLabel, columnUnit, isTime } from '../column-label.ts';
import { categoryAxis, commonFrame, gridOption, valueAxis } from './chart-frame.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';
import type { ChartSource } from './chart-source.ts';
import { type BinKind, countBins, type Histogram } from './histogram-bins.ts';
import { MISSING_NAME } from './name-codes.ts';
import { compactNumber } from './number-format.ts';

/** The newest rows that are counted. */
export const MAX_COUNTED_ROWS = 1_000_000;
const DAY_MS = 86_400_000;
/** ECMAScript's calendar ends there. */
const LAST_TIME_MS = 8.64e15;

/** How often the values of `x` lie where; its bins follow from them. What has no number stands at the end, apart. */
export function histogramPicture(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme, texts } = input;
  const field = table.fields[plan.x!]!;
  const kind = binKind(table, plan.x!);
  const values = table.numbers(plan.x!, Math.max(0, table.rowCount - MAX_COUNTED_ROWS), table.rowCount);
  const histogram = countBins(values, kind);
  const { counts, missing } = histogram;
  const names = [...binNames(histogram, kind), ...(missing > 0 ? [MISSING_NAME] : [])];
  const bars = [
    ...counts,
    ...(missing > 0 ? [{ value: missing, itemStyle: { color: theme.inactive } }] : []),
  ];
  return {
    frame: {
      ...commonFrame(input, []),
      grid: gridOption(input, [], 8),
      xAxis: categoryAxis(theme),
      yAxis: { ...valueAxis(theme, texts.rowCount), minInterval: 1 },
    },
    data: {
      xAxis: { data: names },
      series: [
        {
          id: 'histogram',
          name: texts.rowCount,
          type: 'bar',
          data: bars,
          barCategoryGap: 1,
          itemStyle: { borderRadius: [2, 2, 0, 0] },
          emphasis: { disabled: true },
        },
      ],
    },
    seriesIds: '["histogram"]',
    label: texts.chartHistogram(labelOf(field)) + (missing > 0 ? texts.chartMissing(missing) : ''),
    unit: null,
  };
}

function labelOf(field: ChartSource['fields'][number]): string {
  const unit = columnUnit(field);
  return unit === null ? columnLabel(field) : `${columnLabel(field)}, ${unit}`;
}

function binKind(table: ChartSource, column: number): BinKind {
  const { type } = table.fields[column]!;
  if (isTime(type)) return 'time';
  return type.kind === 'int' ? 'int' : 'float';
}

/** A bin by its edges; one of whole numbers by the first and the last in it. */
function binNames({ edges, counts }: Histogram, kind: BinKind): string[] {
  const name = kind === 'time' ? timeNamer(edges) : compactNumber;
  return counts.map((_, i) => {
    const first = edges[i]!;
    const last = kind === 'int' ? edges[i + 1]! - 1 : edges[i + 1]!;
    return first >= last ? name(first) : `${name(first)} – ${name(last)}`;
  });
}

/** As much of ISO 8601 as tells the edges apart, in UTC; times beyond the calendar as numbers. */
function timeNamer(edges: readonly number[]): (timeMs: number) => string {
  if (edges.some((edge) => Math.abs(edge) > LAST_TIME_MS)) return compactNumber;
  const isos = edges.map((edge) => new Date(edge).toISOString());
  const isOneDay = new Set(isos.map((iso) => iso.slice(0, 10))).size === 1;
  const widthMs = (edges[1] ?? 0) - (edges[0] ?? 0);
  return (timeMs) => {
    const iso = new Date(timeMs).toISOString();
    if (widthMs % DAY_MS === 0) return iso.slice(0, 10);
    const clock = iso.slice(11, widthMs % 60_000 === 0 ? 16 : widthMs % 1000 === 0 ? 19 : 23);
    return isOneDay ? clock : `${iso.slice(5, 10)} ${clock}`;
  };
}
