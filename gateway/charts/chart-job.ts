import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { type ChartParameters, choosesColumns } from '../../protocol/chart/chart-parameters.ts';
import { type ChartPlan, planChart } from '../../protocol/chart/chart-plan.ts';
import { maxChartRows } from '../../protocol/chart/chart-rows.ts';
import type { PublishedOption } from '../../protocol/chart/clean-option.ts';
import { publishedColumns } from '../../protocol/chart/published-columns.ts';
import { MAX_PUBLISHED_ROWS } from '../../protocol/chart/published-picture.ts';
import { requestedPlan } from '../../protocol/chart/requested-plan.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { StoredTable } from '../tables/stored-table.ts';
import type { ChartFormat } from './chart-renderer.ts';

/** What is shown: chosen columns by plan, their positions those of the job's rows, or a published option. */
export type ChartContent =
  | { readonly type: 'plan'; readonly plan: ChartPlan }
  | { readonly type: 'published'; readonly option: PublishedOption };

/** All that drawing a chart needs, to be handed to another thread. */
export interface ChartJob {
  readonly format: ChartFormat;
  readonly table: string;
  readonly parameters: ChartParameters;
  readonly content: ChartContent;
  /** The columns that are shown, of the newest rows, as an Arrow stream. */
  readonly ipc: Uint8Array<ArrayBuffer>;
  /** Rows of the table before these. */
  readonly firstRow: number;
}

/**
 * Reads what a chart shows from a table.
 *
 * @throws TablecastError `bad_parameter`, `no_chart`
 */
export function createChartJob(
  table: StoredTable,
  format: ChartFormat,
  parameters: ChartParameters,
): ChartJob {
  const { columns, maxRows, content } = choose(table, parameters);
  const { live } = table;
  const firstRow = Math.max(0, live.rowCount - maxRows);
  const writer = new IpcWriter(columns.map((column) => live.fields[column]!));
  const ipc = writer.stream(live.read(columns, firstRow, live.rowCount));
  return { format, table: table.name, parameters, content, ipc, firstRow };
}

interface Choice {
  readonly columns: readonly number[];
  readonly maxRows: number;
  readonly content: ChartContent;
}

function choose(table: StoredTable, parameters: ChartParameters): Choice {
  const { live, chart, name } = table;
  if (chart !== null && chart.series.length > 0 && !choosesColumns(parameters)) {
    const { columns, missing, isDrawable } = publishedColumns(chart, live.fields);
    if (isDrawable)
      return { columns, maxRows: MAX_PUBLISHED_ROWS, content: { type: 'published', option: chart } };
    const named = missing.map((column) => JSON.stringify(column)).join(', ');
    throw new TablecastError(
      'no_chart',
      `The published chart of "${name}" shows ${named}, which the table does not have.`,
    );
  }
  const plan = choosesColumns(parameters) ? requestedPlan(live, parameters) : planChart(live, null);
  if (plan === null) throw new TablecastError('no_chart', `The table "${name}" has no column of numbers.`);
  const columns = [...new Set([plan.x, ...plan.y, plan.series].filter((column) => column !== null))];
  const at = (column: number) => columns.indexOf(column);
  return {
    columns,
    maxRows: maxChartRows(plan.type),
    content: {
      type: 'plan',
      plan: {
        type: plan.type,
        x: plan.x === null ? null : at(plan.x),
        y: plan.y.map(at),
        series: plan.series === null ? null : at(plan.series),
      },
    },
  };
}
