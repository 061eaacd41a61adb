import { type Static, Type } from 'typebox';
import type { Format } from '../read-rows.ts';
import { type Answer, answer, bytes, emptyAnswer, jsonAnswer, readingAnswers } from './answers.ts';
import { columnNames, onlyParameters, tableParams, text, wholeNumber } from './parameter-schemas.ts';
import { TO_READ } from './rights.ts';
import { conditionalHeaders, stateHeaders, TableInfoSchema, TableListSchema } from './table-schemas.ts';

const READ = { tags: ['tables'], security: TO_READ };

export const tablesSchema = {
  ...READ,
  operationId: 'listTables',
  summary: 'All tables',
  description:
    'Tables that have only staged publications are listed too, with 0 rows; in the order in which they came.',
  querystring: onlyParameters({}),
  response: readingAnswers({ 200: jsonAnswer('The tables.', TableListSchema) }, ['bad_parameter']),
};

const tableQuery = onlyParameters({
  content_hash: Type.Optional(
    Type.Boolean({ default: false, description: 'Whether to add a hash of its whole content.' }),
  ),
});
export type TableParameters = Static<typeof tableQuery>;

export const tableSchema = {
  ...READ,
  operationId: 'getTable',
  summary: 'One table: its schema, rows, key and versions',
  params: tableParams,
  querystring: tableQuery,
  response: readingAnswers(
    {
      200: jsonAnswer(
        'The table.',
        Type.Interface([TableInfoSchema], {
          content_hash: Type.Optional(
            Type.String({ description: 'Equal for equal content; only if asked for.' }),
          ),
        }),
      ),
    },
    ['bad_parameter', 'bad_name', 'no_such_table'],
  ),
};

export const readQuerySchema = onlyParameters({
  columns: columnNames('The columns wanted, in this order'),
  limit: wholeNumber('At most so many rows.'),
  offset: wholeNumber('So many rows are left out first.', { default: 0 }),
  since: wholeNumber(
    'The version that the reader has: only rows written after it are sent, if these can be told.',
  ),
  epoch: text("The epoch of `since`; the gateway's own is meant without it."),
});
export type ReadParameters = Static<typeof readQuerySchema>;

const rowHeaders = {
  ...stateHeaders,
  'Tablecast-Rows': Type.Integer({ description: 'Rows that there are before `limit` and `offset`.' }),
  'Tablecast-Change': Type.String({
    enum: ['delta', 'snapshot'],
    description:
      'With `since`: these rows changed, or all rows stand here because the changes cannot be told.',
  }),
  'Tablecast-Drop-First': Type.Integer({
    description: 'With `since`: so many rows went from the front, by retention.',
  }),
};

const ROWS: Readonly<Record<Format, { readonly summary: string; readonly answer: Answer }>> = {
  arrow: {
    summary: "A table's rows as an Arrow stream",
    answer: answer(
      'One Arrow IPC stream, uncompressed.',
      'application/vnd.apache.arrow.stream',
      bytes(),
      rowHeaders,
    ),
  },
  json: {
    summary: "A table's rows as JSON",
    answer: jsonAnswer(
      'Records. 64-bit integers are numbers with all their digits, decimals are texts at their scale, timestamps ISO 8601, binary base64, NaN and infinities null.',
      Type.Array(Type.Record(Type.String(), Type.Unknown())),
      rowHeaders,
    ),
  },
  csv: {
    summary: "A table's rows as CSV",
    answer: answer(
      'RFC 4180 with a header line; an empty cell is null, `""` is empty text.',
      'text/csv',
      Type.String(),
      rowHeaders,
    ),
  },
};

/** `/tables/NAME.arrow` and its siblings. */
export function rowsSchema(format: Format) {
  const { summary, answer: taken } = ROWS[format];
  return {
    ...READ,
    operationId: `readRowsAs${format[0]!.toUpperCase()}${format.slice(1)}`,
    summary,
    description:
      'Timed full refresh: with `If-None-Match`. Timed incremental refresh: with `since`, the `Tablecast-Version` of the answer before, and `epoch`.',
    params: tableParams,
    querystring: readQuerySchema,
    headers: conditionalHeaders,
    response: readingAnswers({ 200: taken, 304: emptyAnswer('Nothing has changed.', stateHeaders) }, [
      'bad_parameter',
      'bad_name',
      'no_such_table',
    ]),
  };
}
