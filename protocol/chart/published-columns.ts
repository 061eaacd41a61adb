import type { Field } from '../arrow/data-type.ts';
import { isNumeric, isTime } from '../column-label.ts';
import type { PublishedOption, PublishedSeries } from './clean-option.ts';

/** Which columns of a table a published option shows. */
export interface PublishedColumns {
  /** Positions in the table's fields. */
  readonly columns: readonly number[];
  /** Names that the option refers to and the table does not have. */
  readonly missing: readonly string[];
  /** Whether anything of it can be drawn. */
  readonly isDrawable: boolean;
}

/** Without `encode`, ECharts takes the columns in their order; so many are handed to it. */
const MAX_COLUMNS = 64;

/** A series that brings no data of its own shows the table. */
export function showsTable(series: PublishedSeries): boolean {
  const { data } = series;
  return data === undefined || data === null || (Array.isArray(data) && data.length === 0);
}

/** The columns that a series' `encode` names, by dimension (`x`, `y`, `itemName`, `value` …). */
export function encodedNames(series: PublishedSeries): [dimension: string, names: string[]][] {
  const { encode } = series;
  if (typeof encode !== 'object' || encode === null) return [];
  return Object.entries(encode).map(([dimension, names]) => [
    dimension,
    [names].flat().filter((name) => typeof name === 'string'),
  ]);
}

export function publishedColumns(option: PublishedOption, fields: readonly Field[]): PublishedColumns {
  const bound = option.series.filter(showsTable);
  const perSeries = bound.map((series) => encodedNames(series).flatMap(([, names]) => names));
  const names = new Set(perSeries.flat());
  const known = new Map(fields.map((field, i) => [field.name, i]));
  // By position, or not at all.
  const takesAny = bound.some((series, i) => perSeries[i]!.length === 0 || namesPositions(series));
  const wanted = fields.flatMap((field, i) => (takesAny || names.has(field.name) ? [i] : []));
  const isDrawable = (names: readonly string[]) =>
    names.length === 0 ? fields.length > 0 : names.some((name) => known.has(name));
  return {
    columns: wanted.slice(0, MAX_COLUMNS),
    missing: [...names].filter((name) => !known.has(name)),
    isDrawable: bound.length < option.series.length || perSeries.some(isDrawable),
  };
}

function namesPositions({ encode }: PublishedSeries): boolean {
  return (
    typeof encode === 'object' &&
    encode !== null &&
    Object.values(encode)
      .flat()
      .some((name) => typeof name === 'number')
  );
}

/** What an axis along this column is, where the option does not say. */
export function axisTypeOf(field: Field): 'time' | 'value' | 'category' {
  if (isTime(field.type)) return 'time';
  return isNumeric(field.type) ? 'value' : 'category';
}
