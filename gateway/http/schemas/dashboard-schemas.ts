import { Type } from 'typebox';
import { DashboardSchema } from '../../../protocol/dashboard/dashboard-schema.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { parseTableName } from '../../../protocol/table-name.ts';
import { emptyAnswer, jsonAnswer, readingAnswers, writingAnswers } from './answers.ts';
import { onlyParameters, text } from './parameter-schemas.ts';
import { TO_READ, TO_WRITE } from './rights.ts';
import { conditionalHeaders } from './table-schemas.ts';

const tags = ['dashboards'];

/** The rules of a table's name, but for endings. */
const dashboardName = Type.Refine(
  Type.String({
    description: `A dashboard's name: letters and digits of any script, \`_\`, \`-\`, \`.\`; at most ${LIMITS.maxNameBytes} bytes of UTF-8, not ending in \`.arrow\`, \`.json\` or \`.csv\`.`,
    examples: ['floor'],
    'x-form': `1 to ${LIMITS.maxNameBytes} bytes of letters, digits, "_", "-", "."`,
  }),
  isDashboardName,
);

function isDashboardName(name: string): boolean {
  try {
    return parseTableName(name) === name;
  } catch {
    return false;
  }
}

const params = Type.Object({ name: dashboardName });
const etag = Type.String({ description: 'Of this state of it, for `If-Match`.' });
const headers = { ETag: etag };

const summary = Type.Object({
  name: Type.String(),
  title: Type.Union([Type.String(), Type.Null()]),
  panels: Type.Integer({ minimum: 0 }),
  thresholds: Type.Integer({ minimum: 0 }),
  etag,
  saved_at_ms: Type.Number({ description: 'Unix time in milliseconds.' }),
});

export const dashboardsSchema = {
  tags,
  security: TO_READ,
  operationId: 'listDashboards',
  summary: 'All saved dashboards',
  querystring: onlyParameters({}),
  response: readingAnswers(
    { 200: jsonAnswer('The dashboards, by name.', Type.Object({ dashboards: Type.Array(summary) })) },
    ['bad_parameter'],
  ),
};

export const dashboardSchema = {
  tags,
  security: TO_READ,
  operationId: 'getDashboard',
  summary: 'One dashboard',
  params,
  headers: conditionalHeaders,
  response: readingAnswers(
    {
      200: jsonAnswer('The dashboard.', DashboardSchema, headers),
      304: emptyAnswer('It is as `If-None-Match` knows it.', headers),
    },
    ['bad_parameter', 'no_such_dashboard'],
  ),
};

const expectations = Type.Object({
  'If-Match': text('The `ETag` of the state that is replaced, or `*` for any. Needed where it exists.'),
  'If-None-Match': text('`*`: only where there is none of this name.'),
});

const named = Type.Object({ name: Type.String(), etag });

export const saveDashboardSchema = {
  tags,
  security: TO_WRITE,
  operationId: 'saveDashboard',
  summary: 'Saves a dashboard',
  params,
  headers: expectations,
  body: { content: { 'application/json': { schema: DashboardSchema } } },
  response: writingAnswers(
    {
      200: jsonAnswer('It replaced the one that was there.', named, headers),
      201: jsonAnswer('It is a new one.', named, headers),
    },
    [
      'bad_parameter',
      'bad_body',
      'dashboard_changed',
      'too_large',
      'too_many_dashboards',
      'unsupported_media_type',
      'bad_dashboard',
      'condition_needed',
    ],
  ),
};

export const deleteDashboardSchema = {
  tags,
  security: TO_WRITE,
  operationId: 'deleteDashboard',
  summary: 'Deletes a dashboard',
  params,
  headers: Type.Object({ 'If-Match': text('The `ETag` of the state that is deleted; without it any.') }),
  response: writingAnswers({ 200: jsonAnswer('It is gone.', Type.Object({ name: Type.String() })) }, [
    'bad_parameter',
    'no_such_dashboard',
    'dashboard_changed',
  ]),
};
