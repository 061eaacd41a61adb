import type { Field } from '../../../protocol/arrow/data-type.ts';
import { IpcWriter } from '../../../protocol/arrow/write-ipc.ts';
import { MAX_AGGREGATED_ROWS } from '../../../protocol/chart/chart-aggregate.ts';
import type { ChartPlan } from '../../../protocol/chart/chart-plan.ts';
import { maxChartRows } from '../../../protocol/chart/chart-rows.ts';
import { type ChartSpec, parseSpec } from '../../../protocol/chart/chart-spec.ts';
import type { ChartTheme } from '../../../protocol/chart/chart-theme.ts';
import { columnsSpec } from '../../../protocol/chart/spec-for-type.ts';
import { canAggregate, specPlan, windowTimeColumn } from '../../../protocol/chart/spec-picture.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { LiveTable } from '../../../protocol/table/live-table.ts';
import type { Locale } from '../../locales/locale.ts';
import type { ChartContent, ContentPicture } from '../chart-content.ts';

type Work =
  | { readonly type: 'plan'; readonly plan: ChartPlan; readonly chartId: string }
  | { readonly type: 'spec'; readonly spec: ChartSpec };

/** All that making a picture takes, to be handed to another thread. */
export interface PictureJob {
  readonly id: number;
  readonly work: Work;
  /** The columns that are shown, of the newest rows, as an Arrow stream. */
  readonly ipc: Uint8Array<ArrayBuffer>;
  /** Rows of the table before these. */
  readonly firstRow: number;
  readonly key: readonly string[] | null;
  readonly theme: ChartTheme;
  readonly locale: Locale;
  readonly pixelColumns: number;
}

export type PictureAnswer = { readonly id: number } & (
  | { readonly type: 'picture'; readonly made: ContentPicture }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly detail: string }
);

export type ReadTable = Pick<LiveTable, 'fields' | 'key' | 'rowCount' | 'text' | 'numbers' | 'read'>;

/**
 * Takes what a content shows out of a table, as it is now.
 *
 * @throws TablecastError where a shaped chart does not fit the table
 */
export function createPictureJob(
  table: ReadTable,
  content: Extract<ChartContent, { type: 'plan' | 'spec' }>,
  more: Pick<PictureJob, 'id' | 'theme' | 'locale' | 'pixelColumns'>,
): PictureJob {
  const spec = content.type === 'spec' ? parseSpec(content.text) : null;
  const plan = content.type === 'plan' ? content.plan : specPlan(table, parseSpec(content.text));
  const columns = shownColumns(table, plan, spec);
  const maxRows =
    (spec?.aggregate ?? 'none') === 'none' || !canAggregate(plan)
      ? maxChartRows(plan.type)
      : MAX_AGGREGATED_ROWS;
  // One more tells that there are more.
  const rows = Math.min(spec?.window?.rows ?? Number.POSITIVE_INFINITY, maxRows + 1);
  const firstRow = Math.max(0, table.rowCount - rows);
  const fields: readonly Field[] = columns.map((column) => table.fields[column]!);
  const work: Work =
    spec === null
      ? { type: 'plan', plan: moved(plan, columns), chartId: content.id }
      : { type: 'spec', spec: { ...spec, ...columnsSpec(plan, table) } };
  const { id, theme, locale, pixelColumns } = more;
  return {
    id,
    theme,
    locale,
    pixelColumns,
    work,
    ipc: new IpcWriter(fields).stream(table.read(columns, firstRow, table.rowCount)),
    firstRow,
    key: table.key,
  };
}

function shownColumns(table: ReadTable, plan: ChartPlan, spec: ChartSpec | null): number[] {
  const time = spec?.window?.seconds === undefined ? null : windowTimeColumn(table, plan.x);
  const columns = [plan.x, ...plan.y, plan.series, time].filter((column) => column !== null);
  // Where rows are counted, one more column stands for them that the table does not have.
  const own = [...new Set(columns)].filter((column) => column < table.fields.length);
  // Rows without columns would be none.
  return own.length === 0 ? [0] : own;
}

function moved({ type, x, y, series }: ChartPlan, columns: readonly number[]): ChartPlan {
  const at = (column: number) => columns.indexOf(column);
  return { type, x: x === null ? null : at(x), y: y.map(at), series: series === null ? null : at(series) };
}
