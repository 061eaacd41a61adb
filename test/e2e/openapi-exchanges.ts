import { arrowOf } from '../support/arrow-messages.ts';
import type { ExchangeOptions } from './http-exchange.ts';

export const VIEW_TOKEN = 'view-token-of-the-document';
export const WRITE_TOKEN = 'write-token-of-the-document';
export const MAX_MESSAGE_BYTES = 100_000;

/** A request, and the operation and status of the document that answer it. */
export interface Exchange extends Partial<ExchangeOptions> {
  /** Such as `GET /tables/{name}`. */
  readonly operation: string;
  readonly path: string;
  readonly status: number;
  /** `open` has no tokens; `guarded` has both; `narrow` has both, takes one request to write in a second, and has its one viewer. */
  readonly gateway?: 'open' | 'guarded' | 'narrow';
}

export const rows = [
  { k: 'x', n: 1 },
  { k: 'y', n: 2 },
];
const ARROW = 'application/vnd.apache.arrow.stream';
const posted = (body: Uint8Array | string, type: string) => ({ headers: { 'content-type': type }, body });
const arrow = posted(arrowOf(rows), ARROW);
const form = posted(`token=${VIEW_TOKEN}`, 'application/x-www-form-urlencoded');

const JSON_TYPE = 'application/json';
const dashboard = JSON.stringify({ panels: [] });
const replacing = { 'content-type': JSON_TYPE, 'if-match': '*' };

/** Each operation as it is meant. */
export const MEANT: readonly Exchange[] = [
  { operation: 'GET /tables', path: '/tables', status: 200 },
  { operation: 'GET /tables/{name}', path: '/tables/cities?content_hash=true', status: 200 },
  ...['arrow', 'json', 'csv'].map((format) => ({
    operation: `GET /tables/{name}.${format}`,
    path: `/tables/cities.${format}?columns=n,k&limit=1&offset=1&since=0`,
    status: 200,
  })),
  ...['json', 'svg', 'png', 'html'].map((format) => ({
    operation: `GET /tables/{name}/chart.${format}`,
    path: `/tables/cities/chart.${format}?type=bar&x=k&y=n&width=200&height=100&theme=dark&title=t`,
    status: 200,
  })),
  { operation: 'POST /tables/{name}', path: '/tables/cities?op=upsert&key=k', status: 200, ...arrow },
  { operation: 'DELETE /tables/{name}', path: '/tables/gone', status: 200 },
  {
    operation: 'PUT /dashboards/{name}',
    path: '/dashboards/floor',
    status: 201,
    ...posted(dashboard, JSON_TYPE),
  },
  { operation: 'GET /dashboards', path: '/dashboards', status: 200 },
  { operation: 'GET /dashboards/{name}', path: '/dashboards/floor', status: 200 },
  { operation: 'DELETE /dashboards/{name}', path: '/dashboards/floor', status: 200 },
  {
    operation: 'GET /update_data',
    path: '/update_data?table=cities&wait=rendered&timeout_ms=0',
    status: 200,
  },
  { operation: 'POST /update_data', path: '/update_data', status: 200 },
  { operation: 'GET /events', path: '/events?table=cities', status: 200 },
  { operation: 'GET /bus', path: '/bus', status: 200 },
  { operation: 'GET /rejections', path: '/rejections', status: 200 },
  { operation: 'GET /metrics', path: '/metrics', status: 200 },
  { operation: 'GET /healthz', path: '/healthz', status: 200 },
  { operation: 'GET /readyz', path: '/readyz', status: 200 },
  { operation: 'GET /login', path: '/login', status: 200 },
  { operation: 'POST /login', path: '/login', status: 303, gateway: 'guarded', ...form },
  { operation: 'POST /login-link', path: '/login-link', status: 200, gateway: 'guarded' },
];

/** Other answers, by what is asked. */
const asked: readonly (readonly [number, string, string, Partial<Exchange>?])[] = [
  [400, 'GET /tables', '/tables?page=2'],
  [400, 'GET /tables/{name}', '/tables/cities?content_hash=maybe'],
  [404, 'GET /tables/{name}', '/tables/nowhere'],
  ...['arrow', 'json', 'csv'].flatMap((format) => [
    ...([
      [400, `GET /tables/{name}.${format}`, `/tables/cities.${format}?limit=1e3`],
      [404, `GET /tables/{name}.${format}`, `/tables/nowhere.${format}`],
      [
        304,
        `GET /tables/{name}.${format}`,
        `/tables/cities.${format}`,
        { headers: { 'if-none-match': '*' } },
      ],
    ] as const),
  ]),
  ...['json', 'svg', 'png', 'html'].flatMap((format) => [
    ...([
      [400, `GET /tables/{name}/chart.${format}`, `/tables/cities/chart.${format}?theme=blue`],
      [404, `GET /tables/{name}/chart.${format}`, `/tables/nowhere/chart.${format}`],
      [422, `GET /tables/{name}/chart.${format}`, `/tables/words/chart.${format}`],
      [
        304,
        `GET /tables/{name}/chart.${format}`,
        `/tables/cities/chart.${format}`,
        { headers: { 'if-none-match': '*' } },
      ],
    ] as const),
  ]),
  ...(
    [
      ['POST /tables/{name}', '/tables/cities?'],
      ['POST /update_data', '/update_data?table=cities&'],
    ] as const
  ).flatMap(([operation, path]) => [
    ...([
      [400, operation, path, { ...arrow, headers: { ...arrow.headers, 'idempotency-key': '' } }],
      [400, operation, path, posted('no rows', ARROW)],
      [409, operation, `${path}op=upsert&key=n`, arrow],
      [413, operation, path, posted('k\n'.repeat(MAX_MESSAGE_BYTES), 'text/csv')],
      [415, operation, path, posted('<k/>', 'application/xml')],
      [422, operation, `${path}op=merge`, arrow],
      [200, operation, path, { ...arrow, headers: { ...arrow.headers, 'idempotency-key': operation } }],
      [200, operation, path, { ...arrow, headers: { ...arrow.headers, 'idempotency-key': operation } }],
    ] as const),
  ]),
  [200, 'POST /tables/{name}', '/tables/held?commit=hold', arrow],
  [400, 'GET /dashboards', '/dashboards?page=2'],
  [400, 'GET /dashboards/{name}', '/dashboards/a%20b'],
  [404, 'GET /dashboards/{name}', '/dashboards/nowhere'],
  [201, 'PUT /dashboards/{name}', '/dashboards/other', posted(dashboard, JSON_TYPE)],
  [200, 'PUT /dashboards/{name}', '/dashboards/other', { headers: replacing, body: dashboard }],
  [304, 'GET /dashboards/{name}', '/dashboards/other', { headers: { 'if-none-match': '*' } }],
  [400, 'PUT /dashboards/{name}', '/dashboards/other', posted('{', JSON_TYPE)],
  [412, 'PUT /dashboards/{name}', '/dashboards/none', { headers: replacing, body: dashboard }],
  [413, 'PUT /dashboards/{name}', '/dashboards/other', posted(' '.repeat(70_000), JSON_TYPE)],
  [415, 'PUT /dashboards/{name}', '/dashboards/other', posted(dashboard, 'text/html')],
  [422, 'PUT /dashboards/{name}', '/dashboards/other', posted('{"panels":0}', JSON_TYPE)],
  [428, 'PUT /dashboards/{name}', '/dashboards/other', posted(dashboard, JSON_TYPE)],
  [400, 'DELETE /dashboards/{name}', '/dashboards/%24a'],
  [404, 'DELETE /dashboards/{name}', '/dashboards/nowhere'],
  [412, 'DELETE /dashboards/{name}', '/dashboards/other', { headers: { 'if-match': '"x"' } }],
  [400, 'DELETE /tables/{name}', '/tables/%24control'],
  [404, 'DELETE /tables/{name}', '/tables/nowhere'],
  [400, 'GET /update_data', '/update_data?wait=drawn'],
  [404, 'GET /update_data', '/update_data?table=nowhere'],
  [404, 'POST /update_data', '/update_data?table=nowhere'],
  [400, 'GET /events', '/events?last_event_id=7'],
  [503, 'GET /events', '/events', { gateway: 'narrow', headers: { authorization: `Bearer ${VIEW_TOKEN}` } }],
  [400, 'GET /login', '/login?code=a&code=b'],
  [401, 'GET /login', '/login?code=used'],
  [401, 'GET /login', '/login?code=used', { headers: { accept: 'text/html' } }],
  [401, 'POST /login', '/login', form],
  [413, 'POST /login', '/login', posted('t'.repeat(5000), form.headers['content-type'])],
  [400, 'POST /login-link', '/login-link'],
];

export const EXCHANGES: readonly Exchange[] = [
  ...MEANT,
  ...asked.map(([status, operation, path, more]) => ({ status, operation, path, ...more })),
];

/** A body of each type that is published. */
export const BODIES: Readonly<Record<string, Uint8Array | string>> = {
  [ARROW]: arrowOf(rows),
  'application/vnd.apache.arrow.file': arrowOf(rows),
  'application/json': JSON.stringify(rows),
  'application/x-ndjson': rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  'text/csv': 'k,n\nx,1\ny,2\n',
};
