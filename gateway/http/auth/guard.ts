import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TablecastError } from '../../../protocol/errors.ts';
import { sendProblem } from '../problem.ts';
import { isWriting } from '../request-kind.ts';
import type { Access } from './access.ts';
import { LOGIN_COOKIE } from './login-cookies.ts';
import { sendLoginForm } from './login-form.ts';
import { includes, type Right } from './tokens.ts';

/** How a request says who it is: by a header, which wins, or by a login's cookie. */
export interface Identity {
  readonly by: 'token' | 'cookie' | 'nothing';
  /** Null where it shows nothing, or something unknown. */
  readonly right: Right | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity;
  }
}

const NOBODY: Identity = { by: 'nothing', right: null };
/** Open to everybody: whether the gateway is there, and the way in. */
const OPEN_ROUTES = ['/healthz', '/readyz', '/login'];

/** Finds out who asks. `@fastify/cookie` is registered before. */
export function registerIdentity(app: FastifyInstance, access: Access): void {
  app.decorateRequest('identity');
  app.addHook('onRequest', (request, _reply, done) => {
    request.identity = identityOf(request, app, access);
    done();
  });
}

function identityOf({ headers }: FastifyRequest, app: FastifyInstance, access: Access): Identity {
  if (headers.authorization !== undefined) {
    // RFC 6750, 2.1.
    const token = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1];
    return { by: 'token', right: token === undefined ? null : access.tokens.rightOf(token) };
  }
  if (headers.cookie === undefined) return NOBODY;
  const cookie = app.parseCookie(headers.cookie)[LOGIN_COOKIE];
  return cookie === undefined ? NOBODY : { by: 'cookie', right: access.cookies.rightOf(cookie) };
}

/**
 * Refuses who may not: reading takes the view right on every route that is not open, and whatever writes takes the write
 * right. A browser that opens a page is shown where to log in.
 */
export function registerGuard(app: FastifyInstance, access: Access): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    if (url !== undefined && OPEN_ROUTES.includes(url)) return done();
    // A link passes on the right that it is asked for with.
    const needed =
      url === '/login-link'
        ? access.tokens.least
        : access.tokens.needed(isWriting(request) ? 'write' : 'view');
    const { right, by } = request.identity;
    if (needed === null || includes(right, needed)) return done();
    if (right !== null) {
      const detail = 'The view token reads only; to write show the write token.';
      return void sendProblem(reply, new TablecastError('forbidden', detail));
    }
    if (wantsForm(request)) return void sendLoginForm(request, reply, 401);
    refuse(reply, needed, by);
  });
}

function refuse(reply: FastifyReply, needed: Right, by: Identity['by']): void {
  // RFC 6750, 3: an error is named only where a token was shown.
  void reply.header('www-authenticate', by === 'token' ? 'Bearer error="invalid_token"' : 'Bearer');
  const token = needed === 'write' ? 'the write token' : 'the view or the write token';
  const wrong = { token: 'This token is unknown', cookie: 'This login has ended', nothing: 'No token came' }[
    by
  ];
  const detail = `${wrong}; show ${token} as "Authorization: Bearer TOKEN", or log in at /login.`;
  sendProblem(reply, new TablecastError('unauthorized', detail));
}

function wantsForm({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'GET' && headers.authorization === undefined && (headers.accept ?? '').includes('text/html')
  );
}
