import { type Static, Type } from 'typebox';
import { jsonAnswer, writingAnswers } from './answers.ts';
import { choice, onlyParameters, tableName, wholeNumber } from './parameter-schemas.ts';
import {
  PUBLISH_CODES,
  publishBodies,
  publishHeaders,
  publishProperties,
  replayedHeaders,
} from './publish-schemas.ts';
import { TO_WRITE } from './rights.ts';
import { epoch, version } from './table-schemas.ts';

export const DEFAULT_TIMEOUT_MS = 2000;
const MAX_TIMEOUT_MS = 60_000;

const properties = {
  table: Type.Optional(
    Type.Array(tableName, { description: 'Only what these tables have staged; may be repeated.' }),
  ),
  wait: choice(['rendered'], 'Answers when the viewers have drawn the version, or when the time is up.'),
  timeout_ms: wholeNumber('How long `wait` waits at most, in milliseconds.', {
    maximum: MAX_TIMEOUT_MS,
    default: DEFAULT_TIMEOUT_MS,
  }),
};
const getQuery = onlyParameters(properties);
const postQuery = onlyParameters({ ...properties, ...publishProperties });
export type UpdateQuery = Static<typeof postQuery>;

const viewers = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));
const took = (description: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.Null()], { description }));
const answer = Type.Object({
  epoch,
  version,
  tables: Type.Array(Type.String(), { description: 'The tables that this commit changed.' }),
  rows: Type.Integer({ minimum: 0, description: 'Rows of the publications that it made visible.' }),
  viewers: Type.Integer({ minimum: 0, description: 'Viewers that are connected.' }),
  rendered: viewers('With `wait`: viewers that have drawn it.'),
  pending: viewers('With `wait`: viewers that were still drawing when the time was up.'),
  hidden: viewers('With `wait`: viewers in hidden tabs, which are not waited for.'),
  p50_ms: took("With `wait`: the median time until a viewer's word, in milliseconds; null where none drew."),
  max_ms: took("With `wait`: the longest time until a viewer's word, in milliseconds; null where none drew."),
});

const UPDATE = {
  tags: ['publishing'],
  security: TO_WRITE,
  summary: 'Makes everything staged visible, as one new version',
  description:
    'All tables change at once for every viewer. A new version comes also when nothing was staged.',
};

export const getUpdateSchema = {
  ...UPDATE,
  operationId: 'updateData',
  querystring: getQuery,
  response: writingAnswers({ 200: jsonAnswer('The new version.', answer) }, [
    'bad_parameter',
    'bad_name',
    'no_such_table',
  ]),
};

export const postUpdateSchema = {
  ...UPDATE,
  operationId: 'publishAndUpdateData',
  description: `${UPDATE.description} With a body, which is published first, one \`table\` is named, and that one's stage is made visible.`,
  querystring: postQuery,
  headers: publishHeaders,
  body: publishBodies,
  'x-body-optional': true,
  response: writingAnswers({ 200: jsonAnswer('The new version.', answer, replayedHeaders) }, [
    'no_such_table',
    ...PUBLISH_CODES,
  ]),
};
