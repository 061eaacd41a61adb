import type { ErrorCode } from '../../protocol/errors.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import type { ExchangeOptions } from './http-exchange.ts';

export const VIEW_TOKEN = 'view-token-of-the-table';
export const WRITE_TOKEN = 'write-token-of-the-table';
export const FRIEND = 'https://friend.example';
export const ARROW = 'application/vnd.apache.arrow.stream';

/** A request that is tried, and what is expected of its answer. */
export interface Exchange extends ExchangeOptions {
  /** As the README lists it. */
  readonly route: string;
  readonly about: string;
  /** `open` has no tokens; `guarded` has both, and allows pages of {@link FRIEND}. */
  readonly gateway: 'open' | 'guarded';
  readonly status: number;
  /** Of a refusal; null where a person is shown a form in its place. */
  readonly code?: ErrorCode | null;
  /** What the refusal's detail says. */
  readonly names?: RegExp;
}

interface Route extends ExchangeOptions {
  readonly route: string;
  /** Which right it takes; a line stays open. */
  readonly takes: 'nothing' | 'view' | 'line' | 'write' | 'login' | 'least';
  /** Without tokens, and with the right one. */
  readonly status: number;
  readonly code?: ErrorCode;
  readonly openStatus?: number;
}

export const posted = (body: Uint8Array | string, type = ARROW) => ({
  method: 'POST',
  headers: { 'content-type': type },
  body,
});
export const rows = [
  { k: 'x', n: 1 },
  { k: 'y', n: 2 },
];
const form = 'application/x-www-form-urlencoded';
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
const read = (route: string, path = route, status = 200): Route => {
  return {
    route: `GET ${route}`,
    method: 'GET',
    path: path.replace('NAME', 'cities'),
    takes: 'view',
    status,
  };
};

/** Each route as it is meant to be called; `cities` is a table with a key, two rows and a number. */
export const ROUTES: readonly Route[] = [
  read('/'),
  read('/', '/?table=cities'),
  read('/tables'),
  read('/tables/NAME'),
  read('/tables/NAME', '/tables/NAME?content_hash=true'),
  read('/tables/NAME.arrow'),
  read('/tables/NAME.json', '/tables/NAME.json?columns=n,k&limit=1&offset=1'),
  read('/tables/NAME.csv', '/tables/NAME.csv?since=0'),
  read('/tables/NAME/chart.svg'),
  read('/tables/NAME/chart.png'),
  read('/tables/NAME/chart.html'),
  read('/tables/NAME/chart.json', '/tables/NAME/chart.json?type=bar&x=k&y=n&title=t'),
  read('/dashboards'),
  read('/bus'),
  read('/rejections'),
  read('/metrics'),
  read('/docs', '/docs/'),
  read('/docs/json'),
  { ...read('/healthz'), takes: 'nothing' },
  { ...read('/readyz'), takes: 'nothing' },
  { ...read('/login'), takes: 'nothing' },
  { ...read('/live', '/live', 101), takes: 'line', headers: upgrade },
  { ...read('/events', '/events?table=cities&image=svg'), takes: 'line' },
  { ...read('/update_data'), takes: 'write' },
  { ...read('/update_data', '/update_data?table=NAME&wait=rendered'), takes: 'write' },
  { route: 'POST /update_data', path: '/update_data', method: 'POST', takes: 'write', status: 200 },
  {
    route: 'POST /update_data',
    path: '/update_data?table=cities',
    ...posted(arrowOf(rows)),
    takes: 'write',
    status: 200,
  },
  {
    route: 'POST /tables/NAME',
    path: '/tables/cities?op=upsert&key=k',
    ...posted(arrowOf(rows)),
    takes: 'write',
    status: 200,
  },
  { route: 'DELETE /tables/NAME', path: '/tables/cities', method: 'DELETE', takes: 'write', status: 200 },
  {
    route: 'POST /login',
    path: '/login',
    ...posted(`token=${VIEW_TOKEN}`, form),
    takes: 'login',
    status: 303,
    openStatus: 401,
  },
  {
    route: 'POST /login-link',
    path: '/login-link',
    method: 'POST',
    takes: 'least',
    status: 200,
    openStatus: 400,
  },
];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
/** A GET that stays open or makes something is not for HEAD. */
const WITHOUT_HEAD = ['/update_data', '/live', '/events', '/login'];

/** What is tried on every route: who asks, from where, and by which method. */
export const EXCHANGES_OF_ROUTES: readonly Exchange[] = [
  ...ROUTES.flatMap((route) => [...byRight(route), ...bySite(route)]),
  ...[...new Set(ROUTES.map(({ path }) => path.split('?')[0]!))].flatMap(byMethod),
];

function byRight(route: Route): Exchange[] {
  const { takes, status, openStatus = status } = route;
  const on = (gateway: 'open' | 'guarded', about: string, headers: Readonly<Record<string, string>>) => {
    return { ...route, gateway, about, headers: { ...route.headers, ...headers } };
  };
  const refusedCode = openStatus === 401 ? 'unauthorized' : 'bad_parameter';
  const open = openStatus < 400 ? {} : ({ code: refusedCode, names: /token/ } as const);
  const isOpen = takes === 'nothing' || takes === 'login';
  const unauthorized = { status: 401, code: 'unauthorized', names: /Authorization: Bearer/ } as const;
  const withoutRight = isOpen ? { status } : unauthorized;
  const withView =
    takes === 'write' ? ({ status: 403, code: 'forbidden', names: /write token/ } as const) : { status };
  return [
    { ...on('open', 'as it is meant', {}), status: openStatus, ...open },
    { ...on('guarded', 'without a token', {}), ...withoutRight },
    { ...on('guarded', 'with a wrong token', { authorization: 'Bearer wrong' }), ...withoutRight },
    {
      ...on('guarded', 'with a password', { authorization: `Basic ${btoa(`:${WRITE_TOKEN}`)}` }),
      ...withoutRight,
    },
    {
      ...on('guarded', 'with a forged login', { cookie: 'tablecast=write.9999999999.AAAA.AAAA' }),
      ...withoutRight,
    },
    { ...on('guarded', 'with the view token', { authorization: `Bearer ${VIEW_TOKEN}` }), ...withView },
    on('guarded', 'with the write token', { authorization: `Bearer ${WRITE_TOKEN}` }),
  ];
}

function bySite(route: Route): Exchange[] {
  const { takes, method, status, openStatus = status } = route;
  const isWriting = takes === 'write' || method === 'POST';
  const on = (about: string, headers: Readonly<Record<string, string>>) => {
    return { ...route, gateway: 'open' as const, about, headers: { ...route.headers, ...headers } };
  };
  const forbidden = { status: 403, code: 'forbidden', names: /allow that site with --allow-origin/ } as const;
  const foreign = isWriting || takes === 'line' ? forbidden : { status: openStatus };
  const crossSite = isWriting
    ? ({ status: 403, code: 'cross_site', names: /another site/ } as const)
    : { status: openStatus };
  return [
    { ...on('from a foreign page', { origin: 'https://evil.example' }), ...foreign },
    { ...on('from a page without an origin', { origin: 'null' }), ...foreign },
    { ...on('marked as cross-site', { 'sec-fetch-site': 'cross-site' }), ...crossSite },
    {
      ...on('under a foreign name', { host: 'evil.example' }),
      status: 403,
      code: 'forbidden',
      names: /Host "evil.example"/,
    },
    {
      ...route,
      gateway: 'guarded',
      about: 'from an allowed page, with the write token',
      headers: {
        ...route.headers,
        origin: FRIEND,
        'sec-fetch-site': 'cross-site',
        authorization: `Bearer ${WRITE_TOKEN}`,
      },
    },
  ];
}

function byMethod(path: string): Exchange[] {
  const of = (method: string) =>
    ROUTES.filter((route) => route.path.split('?')[0] === path && route.method === method);
  const [{ route }] = METHODS.flatMap(of) as [Route];
  const about = 'by any method';
  const refusals = METHODS.filter((method) => of(method).length === 0).map((method): Exchange => {
    const isHead = method === 'HEAD' && of('GET').length > 0 && !WITHOUT_HEAD.includes(path);
    if (isHead) return { route, path, method, about, gateway: 'open', status: 200 };
    if (['POST', 'DELETE'].includes(method) && /^\/tables\/[^/]+\.\w+$/.test(path)) {
      return {
        route,
        path,
        method,
        about,
        gateway: 'open',
        status: 400,
        code: 'bad_name',
        names: /cities\./,
      };
    }
    const names = new RegExp(`^${path.replaceAll('.', '\\.')} takes .*, not ${method}\\.`);
    return { route, path, method, about, gateway: 'open', status: 405, code: 'method_not_allowed', names };
  });
  const preflight = (origin: string): Exchange => ({
    route,
    path,
    method: 'OPTIONS',
    about: `as a preflight of ${origin}`,
    headers: { origin, 'access-control-request-method': 'DELETE' },
    gateway: 'guarded',
    status: 204,
  });
  return [...refusals, preflight(FRIEND), preflight('https://evil.example')];
}
