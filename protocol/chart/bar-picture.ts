import { columnLabel, columnUnit } from '../column-label.ts';
import { collectBars, collectLargest, MAX_BARS, MAX_PLACES } from './chart-categories.ts';
import { categoryAxis, commonFrame, gridOption, measuresName, topOf, valueAxis } from './chart-frame.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';
import { hasContinuousX } from './chart-series.ts';

export function barPicture(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme, texts } = input;
  const isOrdered = hasContinuousX(table, plan);
  const bars = collectBars(table, plan, isOrdered);
  const measures = plan.y.map((column) => table.fields[column]!);
  const names = bars.series.map(({ name }) => name);
  const max = isOrdered && plan.series === null ? MAX_PLACES : MAX_BARS;
  const more = isOrdered || plan.series !== null ? texts.chartNewest(max) : texts.chartTop(max);
  const x = plan.x === null ? texts.rowNumber : columnLabel(table.fields[plan.x]!);
  return {
    frame: {
      ...commonFrame(input, names),
      grid: gridOption(input, names, 8),
      xAxis: categoryAxis(theme),
      yAxis: valueAxis(theme, measuresName(measures)),
    },
    data: {
      xAxis: { data: bars.names },
      series: bars.series.map(({ id, name, values }) => ({
        id,
        name,
        type: 'bar',
        data: [...values],
        barMaxWidth: 36,
        itemStyle: { borderRadius: [2, 2, 0, 0] },
        emphasis: { disabled: true },
      })),
    },
    seriesIds: JSON.stringify(bars.series.map(({ id }) => id)),
    label:
      texts.chartBars(measures.map(columnLabel).join(', '), x) +
      (table.rowCount > bars.names.length && bars.names.length === max ? more : ''),
    unit: columnUnit(measures[0]!),
  };
}

/** Slices of the largest values; what is not above zero has no slice. */
export function piePicture(input: ChartPictureInput): ChartPicture {
  const { table, plan, theme, texts } = input;
  const { names, series } = collectLargest(table, plan);
  const { id, name, values } = series[0]!;
  const slices = names.flatMap((slice, i) => (values[i]! > 0 ? [{ name: slice, value: values[i]! }] : []));
  const more = table.rowCount > MAX_BARS ? texts.chartTop(MAX_BARS) : '';
  return {
    frame: {
      ...commonFrame(input, []),
      tooltip: { ...(commonFrame(input, []).tooltip as object), trigger: 'item' },
    },
    data: {
      series: [
        {
          id,
          name,
          type: 'pie',
          top: topOf(input, []) - 24,
          radius: ['35%', '70%'],
          data: slices,
          label: { color: theme.text, fontSize: 11 },
          itemStyle: { borderColor: theme.surface, borderWidth: 1 },
        },
      ],
    },
    seriesIds: JSON.stringify([id]),
    label: texts.chartPie(name, columnLabel(table.fields[plan.x!]!)) + more,
    unit: columnUnit(table.fields[plan.y[0]!]!),
  };
}
