import { type Static, type TSchema, Type } from 'typebox';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { OPS } from '../../../protocol/header.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { bytes, jsonAnswer, writingAnswers } from './answers.ts';
import { choice, columnNames, onlyParameters, tableParams, text } from './parameter-schemas.ts';
import { TO_WRITE } from './rights.ts';
import { epoch, version } from './table-schemas.ts';

/** How a body is published. */
export const publishProperties = {
  op: Type.Optional(
    Type.Enum([...OPS], {
      type: 'string',
      description:
        '`replace`: this is the whole table; `append`: rows at the end; `upsert`: by key; `delete`: the rows with these keys go. Without it `upsert` where the table has a key, else `replace`.',
      'x-code': 'unknown_op',
    }),
  ),
  key: columnNames("The key columns; without it the table's", {
    maxItems: LIMITS.maxKeyColumns,
    uniqueItems: true,
  }),
  retention: text(
    'JSON, as in the header of the bus: `{"max_rows": n, "max_age_ms": n, "max_bytes": n}`, or `null`, which ends it.',
  ),
  chart: text("JSON: the table's chart, an ECharts option, or `null`, which ends it."),
};
const querystring = onlyParameters({
  ...publishProperties,
  commit: choice(
    ['auto', 'hold'],
    "`auto`: it shows at once, with what the table has staged; `hold`: it waits for `/update_data`. Without it the gateway's `--commit`.",
  ),
});
export type PublishQuery = Static<typeof querystring>;

export const publishHeaders = Type.Object({
  'Idempotency-Key': text(
    'Any text of your own for one publication: the same request again is answered as it was, and not done again.',
    { minLength: 1, maxLength: LIMITS.maxIdempotencyKeyBytes },
  ),
  'Content-Encoding': text('`gzip`, where the body is.'),
});

const record = Type.Record(Type.String(), Type.Unknown());
const columns = Type.Record(Type.String(), Type.Array(Type.Unknown()));
const media = (schema: TSchema) => ({ schema });

/** The bodies that are published. */
export const publishBodies = {
  content: {
    'application/vnd.apache.arrow.stream': media(bytes()),
    'application/vnd.apache.arrow.file': media(bytes()),
    'application/json': media(
      Type.Union([Type.Array(record), columns], { description: 'Records, or an object of columns.' }),
    ),
    'application/x-ndjson': media(Type.String({ description: 'A record each line.' })),
    'text/csv': media(
      Type.String({ description: 'RFC 4180 with a header line.', examples: ['city,celsius\nOslo,4.5\n'] }),
    ),
  },
};

export const replayedHeaders = {
  'Idempotency-Replayed': Type.String({ description: '`true`: this is the answer to an earlier request.' }),
};

/** What may be wrong with a publication. */
export const PUBLISH_CODES: readonly ErrorCode[] = [
  'bad_parameter',
  'bad_name',
  'bad_header',
  'bad_body',
  'not_arrow',
  'arrow_truncated',
  'arrow_invalid',
  'key_mismatch',
  'idempotency_conflict',
  'too_large',
  'stage_full',
  'memory_full',
  'too_many_tables',
  'unsupported_media_type',
  'arrow_unsupported',
  'type_mismatch',
  'missing_key',
  'missing_key_column',
  'key_type',
  'unknown_op',
  'bad_value',
  'busy',
  'shutting_down',
];

const WRITE = { tags: ['publishing'], security: TO_WRITE };

export const publishSchema = {
  ...WRITE,
  operationId: 'publish',
  summary: 'Publishes a body to a table',
  description:
    'What cannot be taken is refused whole, leaves the table as it was, and is listed by `/rejections`.',
  params: tableParams,
  querystring,
  headers: publishHeaders,
  body: publishBodies,
  response: writingAnswers(
    {
      200: jsonAnswer(
        'It is published.',
        Type.Object({
          epoch,
          version: Type.Integer({
            minimum: 0,
            description: 'The first version that shows it; the current one where it is held.',
          }),
          table: Type.String(),
          rows: Type.Integer({ minimum: 0, description: 'Rows of the body.' }),
          staged: Type.Optional(
            Type.Integer({
              minimum: 1,
              description: "The table's publications that wait; only where it is held.",
            }),
          ),
        }),
        replayedHeaders,
      ),
    },
    PUBLISH_CODES,
  ),
};

export const dropSchema = {
  ...WRITE,
  operationId: 'dropTable',
  summary: 'Drops a table',
  description: 'The table and its stage go, as a commit.',
  params: tableParams,
  querystring: onlyParameters({}),
  response: writingAnswers(
    { 200: jsonAnswer('It is dropped.', Type.Object({ epoch, version, table: Type.String() })) },
    ['bad_parameter', 'bad_name', 'no_such_table'],
  ),
};
