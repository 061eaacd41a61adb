import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../protocol/errors.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import type { ExchangeOptions } from './http-exchange.ts';
import {
  EXCHANGES_OF_ROUTES,
  type Exchange,
  posted,
  rows,
  VIEW_TOKEN,
  WRITE_TOKEN,
} from './http-table-routes.ts';

export const MAX_MESSAGE_BYTES = 100_000;
/** Less than one publication of two rows. */
export const MAX_STAGED_BYTES = 200;

const arrow = arrowOf(rows);
/** The last of the offsets 0, 1, 2 of a column of texts is 127. */
const offsets = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0);
const pointingOutside = withByte(arrow, Buffer.from(arrow).indexOf(offsets) + 8, 127);
const csv = (body: string) => posted(body, 'text/csv');
const json = (body: string) => posted(body, 'application/json');
const get = { method: 'GET' };
const del = { method: 'DELETE' };
const large = 'k\n'.repeat(MAX_MESSAGE_BYTES);
const withHeaders = (options: Omit<ExchangeOptions, 'path'>, headers: Readonly<Record<string, string>>) => ({
  ...options,
  headers: { ...options.headers, ...headers },
});
const gzip = (body: string | Uint8Array) =>
  withHeaders({ ...csv(''), body: gzipSync(body) }, { 'content-encoding': 'gzip' });

/** Of an open gateway: status, code, what the detail says, path and the rest of the request. */
type Refusal = readonly [number, ErrorCode, RegExp, string, Omit<ExchangeOptions, 'path'>, string?];

/** `cities` is keyed by `k` and has the number `n`, `words` has no number. */
const READING: readonly Refusal[] = [
  [400, 'bad_parameter', /"limit" .*"-1"/, '/tables/cities.json?limit=-1', get],
  [400, 'bad_parameter', /"limit" .*"1e3"/, '/tables/cities.json?limit=1e3', get],
  [400, 'bad_parameter', /"limit" .*more than once/, '/tables/cities.json?limit=1&limit=2', get],
  [
    400,
    'bad_parameter',
    /"offset" .*"99999999999999999999"/,
    '/tables/cities.csv?offset=99999999999999999999',
    get,
  ],
  [400, 'bad_parameter', /"columns" .*"nowhere".*"cities"/, '/tables/cities.arrow?columns=k,nowhere', get],
  [400, 'bad_parameter', /"columns" .*twice/, '/tables/cities.arrow?columns=k,k', get],
  [400, 'bad_parameter', /"columns" .*"__proto__"/, '/tables/cities.json?columns=__proto__', get],
  [400, 'bad_parameter', /"since" .*"yesterday"/, '/tables/cities.arrow?since=yesterday', get],
  [400, 'bad_parameter', /"ofset".*limit, offset/, '/tables/cities.json?ofset=2', get],
  [400, 'bad_parameter', /"__proto__"/, '/tables?__proto__=1', get],
  [400, 'bad_parameter', /"tabel".*table, wait, timeout_ms/, '/update_data?tabel=cities', get],
  [400, 'bad_parameter', /"tabel".*table, wait, timeout_ms/, '/update_data?tabel=cities', { method: 'POST' }],
  [400, 'bad_parameter', /"commmit".*op, key, .*commit/, '/tables/cities?commmit=hold', { method: 'POST' }],
  [400, 'bad_parameter', /"if_empty".*takes none/, '/tables/cities?if_empty=1', { method: 'DELETE' }],
  [400, 'bad_parameter', /"constructor"/, '/tables/cities?constructor=1', get],
  [400, 'bad_parameter', /"content_hash" .*"maybe"/, '/tables/cities?content_hash=maybe', get],
  [400, 'bad_parameter', /'\/tables\/%FF'/, '/tables/%FF', get],
  [400, 'bad_parameter', /aaaa/, `/tables/${'a'.repeat(2000)}`, get],
  [400, 'bad_name', /"a\/b"/, '/tables/a%2Fb', get],
  [400, 'bad_name', /empty/, '/tables/', get],
  [400, 'bad_name', /".."/, '/tables/%2e%2e', get],
  [400, 'bad_name', /"a.csv"/, '/tables/a.csv/chart.svg', get],
  [404, 'no_such_table', /"nowhere"/, '/tables/nowhere', get],
  [404, 'no_such_table', /"constructor"/, '/tables/constructor', get],
  [404, 'no_such_table', /"__proto__"/, '/tables/__proto__.json', get],
  ...['arrow', 'json', 'csv'].map((format): Refusal => {
    return [404, 'no_such_table', /"nowhere"/, `/tables/nowhere.${format}`, get];
  }),
  ...['svg', 'png', 'html', 'json'].flatMap((format): Refusal[] => [
    [404, 'no_such_table', /"nowhere"/, `/tables/nowhere/chart.${format}`, get],
    [422, 'no_chart', /"words"/, `/tables/words/chart.${format}`, get],
    [400, 'bad_parameter', /"type"/, `/tables/cities/chart.${format}?type=map`, get],
    [400, 'bad_parameter', /"width"/, `/tables/cities/chart.${format}?width=1e9`, get],
    [400, 'bad_parameter', /"nowhere"/, `/tables/cities/chart.${format}?y=nowhere`, get],
    [400, 'bad_parameter', /"title"/, `/tables/cities/chart.${format}?title=${'t'.repeat(201)}`, get],
  ]),
  [404, 'no_such_route', /\/tables\/cities\/chart.gif/, '/tables/cities/chart.gif', get],
  [404, 'no_such_route', /\/no\/such\/route/, '/no/such/route', get],
  [404, 'no_such_route', /package.json/, '/assets/../../package.json', get],
  [404, 'no_such_route', /package.json/, '/%2e%2e/%2e%2e/package.json', get],
  [404, 'no_such_route', /\/\/healthz/, '//healthz', get],
  [400, 'bad_parameter', /WebSocket/, '/live', get],
  [400, 'bad_name', /"two words"/, '/events?table=two%20words', get],
  [400, 'bad_parameter', /"image" .*"gif"/, '/events?image=gif', get],
  [400, 'bad_parameter', /"last_event_id" .*"x"/, '/events?last_event_id=x', get],
  [400, 'bad_parameter', /one table.*\?table=NAME/, '/events?image=svg&title=t', get],
  [401, 'unauthorized', /link/, '/login?code=used', get],
];

const WRITING: readonly Refusal[] = [
  [400, 'bad_parameter', /"wait" .*"drawn"/, '/update_data?wait=drawn', get],
  [400, 'bad_parameter', /"timeout_ms" .*60000.*"60001"/, '/update_data?wait=rendered&timeout_ms=60001', get],
  [400, 'bad_name', /"two words"/, '/update_data?table=two%20words', get],
  [404, 'no_such_table', /"nowhere"/, '/update_data?table=nowhere', get],
  [404, 'no_such_table', /"nowhere"/, '/update_data?table=cities&table=nowhere', { method: 'POST' }],
  [400, 'bad_parameter', /\?table=NAME/, '/update_data', csv('k\nx\n')],
  [400, 'bad_parameter', /\?table=NAME/, '/update_data?table=cities&table=words', csv('k\nx\n')],
  [404, 'no_such_table', /"nowhere"/, '/tables/nowhere', del],
  [400, 'bad_name', /"\$control"/, '/tables/%24control', del],
  ...['/tables/cities', '/update_data?table=cities'].flatMap((path): Refusal[] => {
    const more = (query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;
    return [
      [400, 'not_arrow', /./, path, posted('k,n\nx,1\n')],
      [
        400,
        'arrow_truncated',
        /./,
        path,
        posted('ARROW1\0\0 and no more', 'application/vnd.apache.arrow.file'),
      ],
      [400, 'arrow_truncated', /ends/, path, posted(arrow.subarray(0, 300))],
      [400, 'arrow_invalid', /./, path, posted(pointingOutside)],
      [400, 'bad_body', /byte/, path, json('[{"k":"x"')],
      [400, 'bad_body', /line 2/, path, posted('{"k":"x"}\n17\n', 'application/x-ndjson')],
      [400, 'bad_body', /row 2/, path, csv('k,n\nx,1\ny\n')],
      [400, 'bad_body', /UTF-8/, path, { ...csv(''), body: Uint8Array.of(0x6b, 0x0a, 0xff) }],
      [400, 'bad_body', /gzip/, path, withHeaders(csv('k,n\nx,1\n'), { 'content-encoding': 'gzip' })],
      [413, 'too_large', /100000 bytes/, path, csv(large)],
      [413, 'too_large', /100000/, path, gzip(large)],
      [
        415,
        'unsupported_media_type',
        /"application\/xml".*text\/csv/,
        path,
        posted('<k/>', 'application/xml'),
      ],
      [415, 'unsupported_media_type', /"garbage".*text\/csv/, path, posted('k', 'garbage')],
      [415, 'unsupported_media_type', /text\/csv/, path, { method: 'POST', body: 'k\nx\n' }],
      [415, 'unsupported_media_type', /"utf-16"/, path, posted('k', 'text/csv; charset=utf-16')],
      [415, 'unsupported_media_type', /"br"/, path, withHeaders(csv('k'), { 'content-encoding': 'br' })],
      [422, 'bad_value', /"n", row 1 .*"one"/, path, csv('k,n\nx,one\n')],
      [422, 'type_mismatch', /"n"/, path, posted(arrowOf([{ k: 'x', n: 'one' }]))],
      [422, 'missing_key_column', /"k"/, path, posted(arrowOf([{ n: 1 }]))],
      [422, 'unknown_op', /"merge"/, more('op=merge'), posted(arrow)],
      [409, 'key_mismatch', /key k, .* says n/, more('op=upsert&key=n'), posted(arrow)],
      [400, 'bad_parameter', /"op" .*more than once/, more('op=append&op=upsert'), posted(arrow)],
      [
        400,
        'bad_parameter',
        /Idempotency-Key .*256.*300/,
        path,
        withHeaders(posted(arrow), { 'idempotency-key': 'i'.repeat(300) }),
      ],
      [
        409,
        'idempotency_conflict',
        /"used"/,
        more('op=append'),
        withHeaders(posted(arrow), { 'idempotency-key': 'used' }),
      ],
    ];
  }),
  [400, 'bad_parameter', /"commit" .*"later"/, '/tables/cities?commit=later', posted(arrow)],
  [413, 'stage_full', /--max-staged-bytes|update_data/, '/tables/cities?commit=hold', posted(arrow)],
  [422, 'missing_key', /key/, '/tables/words?op=upsert', csv('w\na\n')],
  [422, 'key_type', /"l"/, '/tables/new?op=upsert&key=l', json('[{"l":[1]}]')],
  [400, 'bad_name', /"two words"/, '/tables/two%20words', csv('k\nx\n')],
  [400, 'bad_name', /129 bytes|128 bytes/, `/tables/${'a'.repeat(129)}`, csv('k\nx\n')],
  [400, 'bad_name', /"prices.csv"/, '/tables/prices.csv', csv('k\nx\n')],
  [413, 'too_large', /4096 bytes/, '/login', posted('t'.repeat(5000), 'application/x-www-form-urlencoded')],
  [401, 'unauthorized', /"token"/, '/login', posted('{}', 'application/json')],
];

/** The README's route of a path. */
function routeOf(method: string, path: string): string {
  const known = path
    .split('?')[0]!
    .replace(/^\/tables\/[^/.]*/, '/tables/NAME')
    .replace(/\.(json|csv)$/, '.arrow');
  return `${method} ${known}`;
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = value;
  return changed;
}

const REFUSALS = [...READING, ...WRITING].map(([status, code, names, path, options]): Exchange => {
  const about = String(names);
  return {
    ...options,
    route: routeOf(options.method, path),
    path,
    gateway: 'open',
    about,
    status,
    code,
    names,
  };
});

const guarded = (
  path: string,
  method: string,
  headers: Record<string, string>,
  expected: Partial<Exchange>,
): Exchange => {
  const route = routeOf(method, path);
  return { route, path, method, headers, gateway: 'guarded', about: 'guarded', status: 200, ...expected };
};
const unauthorized = { status: 401, code: 'unauthorized', names: /token/ } as const;
const html = { accept: 'text/html' };

const MORE: readonly Exchange[] = [
  guarded('/', 'GET', html, {
    status: 401,
    code: null,
    about: 'by a person without a token, who is shown a form',
  }),
  guarded('/login?code=used', 'GET', html, {
    status: 401,
    code: null,
    about: 'by a person with a used link',
  }),
  guarded('/no/such/route', 'GET', {}, { ...unauthorized, about: 'by who may not know what there is' }),
  guarded(
    '/tables/nowhere',
    'GET',
    { authorization: `Bearer ${VIEW_TOKEN} ` },
    { status: 404, code: 'no_such_table', names: /"nowhere"/ },
  ),
  guarded(
    '/tables/cities',
    'PUT',
    { authorization: `Bearer ${WRITE_TOKEN}` },
    { status: 405, code: 'method_not_allowed', names: /PUT/ },
  ),
  guarded('/tables?token=write', 'GET', {}, unauthorized),
];

/** Everything that is tried over HTTP. */
export const HTTP_TABLE: readonly Exchange[] = [...EXCHANGES_OF_ROUTES, ...REFUSALS, ...MORE];
