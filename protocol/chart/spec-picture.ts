import type { DataType } from '../arrow/data-type.ts';
import { isTime } from '../column-label.ts';
import { TablecastError } from '../errors.ts';
import { aggregated, MAX_AGGREGATED_ROWS } from './chart-aggregate.ts';
import { withAxes } from './chart-axes.ts';
import { DEFAULT_CHART_PARAMETERS } from './chart-parameters.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';
import { type ChartPlan, timeColumn } from './chart-plan.ts';
import type { ChartSource } from './chart-source.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { ChartTexts } from './chart-texts.ts';
import { windowed } from './chart-window.ts';
import { createPicture } from './create-picture.ts';
import { requestedPlan } from './requested-plan.ts';

export type SpecPictureInput = Omit<ChartPictureInput, 'plan' | 'title'> & { readonly spec: ChartSpec };

/** Points along a logarithmic x, where equal columns of x are no columns of pixels. */
const LOG_COLUMNS = 20_000;
const INT: DataType = { kind: 'int', bits: 64, signed: true };
/** No column of a table that anybody could ask for. */
const ROWS_COLUMN = '\u0000rows';

/**
 * The picture of a table that a spec describes: first the window, then what becomes of rows with one place, then the drawing.
 * `id` is equal where the same columns are drawn in the same way, so that zoom and legend choice can stay.
 *
 * @throws TablecastError `bad_parameter`, `no_chart` where the spec does not fit the table
 */
export function specPicture(input: SpecPictureInput): ChartPicture & { readonly id: string } {
  const { spec, theme, texts } = input;
  const shaped = shape(input.table, spec, texts);
  const title = spec.title === undefined || spec.title === '' ? {} : { title: spec.title };
  const picture = createPicture({
    ...input,
    ...title,
    table: shaped.table,
    plan: shaped.plan,
    pixelColumns:
      spec.xAxis?.scale === 'log' ? Math.max(LOG_COLUMNS, input.pixelColumns) : input.pixelColumns,
  });
  return {
    ...withAxes(picture, spec, theme),
    label: (title.title === undefined ? '' : `${title.title}: `) + picture.label + shaped.note,
    id: chartId(shaped, spec),
  };
}

/** The columns by name and type, for their positions say nothing. */
function chartId({ table, plan }: Shaped, spec: ChartSpec): string {
  const column = (at: number | null) => {
    const field = at === null ? undefined : table.fields[at];
    return field === undefined ? null : [field.name, field.type.kind];
  };
  const { type, x, y, series } = plan;
  return JSON.stringify([type, column(x), y.map(column), column(series), spec.aggregate ?? 'none']);
}

interface Shaped {
  readonly table: ChartSource;
  readonly plan: ChartPlan;
  /** What is to be said of the rows. */
  readonly note: string;
}

function shape(all: ChartSource, spec: ChartSpec, texts: ChartTexts): Shaped {
  const table = countsRows(spec) ? withRowsColumn(all, texts.rowCount) : all;
  const plan = specPlan(all, spec);
  const shown =
    spec.window === undefined ? table : windowed(table, spec.window, windowTime(table, plan, spec));
  const note = windowNote(spec, texts);
  const { aggregate = 'none' } = spec;
  if (aggregate === 'none' || !canAggregate(plan)) return { table: shown, plan, note };
  const isCut = shown.rowCount > MAX_AGGREGATED_ROWS;
  return {
    ...aggregated(shown, plan, aggregate, texts),
    note: isCut ? texts.chartNewest(MAX_AGGREGATED_ROWS) : note,
  };
}

/**
 * The columns that a spec shows of a table; where rows are counted, the one as `y` comes after all of the table's.
 *
 * @throws TablecastError `bad_parameter`, `no_chart`
 */
export function specPlan(table: ChartSource, spec: ChartSpec): ChartPlan {
  const { type, x, y, series } = spec;
  const isCount = countsRows(spec);
  const measures = isCount ? [ROWS_COLUMN] : y;
  return requestedPlan(isCount ? withRowsColumn(table, ROWS_COLUMN) : table, {
    ...DEFAULT_CHART_PARAMETERS,
    ...(type === undefined ? {} : { type }),
    ...(x === undefined ? {} : { x }),
    ...(measures === undefined || measures.length === 0 ? {} : { y: measures }),
    ...(series === undefined ? {} : { series }),
  });
}

/** Whether rows of one place can be put together: each row number is a place of its own, and so is each candle. */
export function canAggregate({ type, x }: ChartPlan): boolean {
  if (type === 'candlestick' || type === 'histogram') return false;
  return x !== null || type === 'gauge';
}

/** The column whose times a window of seconds is counted in; null where there is none. */
export function windowTimeColumn(table: ChartSource, x: number | null): number | null {
  const isOverTime = x !== null && isTime(table.fields[x]!.type);
  if (isOverTime) return x;
  const any = table.fields.findIndex((field) => isTime(field.type));
  return timeColumn(table) ?? (any < 0 ? null : any);
}

function windowTime(table: ChartSource, plan: ChartPlan, { window }: ChartSpec): number | null {
  const time = windowTimeColumn(table, plan.x);
  if (time === null && window?.seconds !== undefined) {
    throw new TablecastError(
      'bad_parameter',
      'The chart spec\'s "window" counts seconds, and the table has no column of times.',
    );
  }
  return time;
}

function windowNote({ window }: ChartSpec, texts: ChartTexts): string {
  if (window?.rows !== undefined) return texts.chartNewest(window.rows);
  return window?.seconds === undefined ? '' : texts.chartLast(window.seconds);
}

function countsRows({ type, aggregate, y = [] }: ChartSpec): boolean {
  return aggregate === 'count' && y.length === 0 && type !== 'histogram' && type !== 'candlestick';
}

/** One more column, that has a number in every row. */
function withRowsColumn(table: ChartSource, label: string): ChartSource {
  const column = table.fields.length;
  const field = {
    name: ROWS_COLUMN,
    type: INT,
    nullable: false,
    metadata: new Map([['label', label]]),
  };
  return {
    fields: [...table.fields, field],
    key: table.key,
    rowCount: table.rowCount,
    ...(table.firstRow === undefined ? {} : { firstRow: table.firstRow }),
    text: (row, at) => table.text(row, at),
    numbers: (at, start, end) =>
      at === column ? new Float64Array(end - start).fill(1) : table.numbers(at, start, end),
  };
}
