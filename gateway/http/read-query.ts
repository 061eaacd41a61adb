import { TablecastError } from '../../protocol/errors.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { ReadParameters } from './schemas/read-schemas.ts';

/** What a read of rows asks for. */
export interface ReadQuery {
  /** Indexes of the columns, in the order asked for. */
  readonly columns: readonly number[];
  readonly offset: number;
  /** Rows; infinite where none is given. */
  readonly limit: number;
  /** The version after which the rows were written; -1 for one that cannot be started from; null where all are wanted. */
  readonly since: number | null;
}

/**
 * What the parameters mean of a table as it is now.
 *
 * @throws TablecastError `bad_parameter` where a column is none of the table's, or named twice
 */
export function readQuery(
  query: ReadParameters,
  table: LiveTable,
  at: { readonly epoch: string; readonly version: number },
): ReadQuery {
  return {
    columns: columnsOf(query.columns, table),
    offset: query.offset ?? 0,
    limit: query.limit ?? Number.POSITIVE_INFINITY,
    since: sinceOf(query, at),
  };
}

function columnsOf(names: readonly string[] | undefined, { name: table, fields }: LiveTable): number[] {
  if (names === undefined) return fields.map((_, i) => i);
  const indexes = new Map(fields.map((field, i) => [field.name, i]));
  const columns = names.map((name) => {
    const column = indexes.get(name);
    if (column !== undefined) return column;
    const detail = `The parameter "columns" names ${JSON.stringify(name)}; the table "${table}" has no such column.`;
    throw new TablecastError('bad_parameter', detail);
  });
  if (new Set(columns).size === columns.length) return columns;
  throw new TablecastError('bad_parameter', 'The parameter "columns" names a column twice.');
}

function sinceOf(
  { since, epoch }: ReadParameters,
  at: { readonly epoch: string; readonly version: number },
): number | null {
  if (since === undefined) return null;
  return (epoch ?? at.epoch) !== at.epoch || since > at.version ? -1 : since;
}
