import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import { isLine, isWriting } from './request-kind.ts';

/**
 * Refuses what a page of another site makes a browser send, unless that site is allowed: it could change tables behind
 * its visitor's back, and WebSockets are not bound by the same-origin policy. Programs that are no browsers send none of
 * the headers that are looked at. Registered after the identity is known.
 */
export function registerCrossSite(app: FastifyInstance, allowOrigin: readonly string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (isWriting(request)) return done(foreignSite(request, allowOrigin));
    if (isLine(request)) return done(foreignOrigin(request, allowOrigin));
    done();
  });
}

/** Fetch Metadata (W3C) tells where a request comes from that has no Origin, such as that of an image. */
function foreignSite(request: FastifyRequest, allowOrigin: readonly string[]): TablecastError | undefined {
  const site = request.headers['sec-fetch-site'];
  const error = foreignOrigin(request, allowOrigin);
  const isAllowed = request.headers.origin !== undefined && error === undefined;
  // Another port of this host is the same site to browsers: they send the login's cookie along.
  const isForeign = site === 'cross-site' || (site === 'same-site' && request.identity.by === 'cookie');
  if (!isForeign || isAllowed) return error;
  const detail = `A page of another site made this request; call the gateway from its own page or a program, or allow that site with --allow-origin.`;
  return new TablecastError('cross_site', detail);
}

/** A browser names the page's origin; programs name none. */
function foreignOrigin(request: FastifyRequest, allowOrigin: readonly string[]): TablecastError | undefined {
  const { origin } = request.headers;
  if (origin === undefined || allowOrigin.includes(origin) || allowOrigin.includes('*')) return undefined;
  if (isOwnOrigin(origin, request)) return undefined;
  return new TablecastError(
    'forbidden',
    `A page of ${JSON.stringify(origin)} may not do this; open the gateway's own page, or allow that site with --allow-origin.`,
  );
}

/** Host and port as the browser sees them: a proxy that is trusted may have told them. */
function isOwnOrigin(origin: string, { host, protocol }: FastifyRequest): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol: scheme, host: named } = new URL(origin);
  // A proxy that speaks TLS for the gateway may not say so; the other way round somebody has come in between.
  if (protocol === 'https' && scheme !== 'https:') return false;
  const own = `${scheme}//${host}`;
  return URL.canParse(own) && new URL(own).host === named;
}
