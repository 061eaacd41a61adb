import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';

/** A hook that calls on without a promise: these run before every request that changes something. */
type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/**
 * Refuses what a page of another site makes a browser send: it could change tables behind its visitor's back. Programs
 * that are no browsers send neither header.
 */
export const refuseForeignSites: Hook = (request, _reply, done) => {
  // Fetch Metadata (W3C).
  if (request.headers['sec-fetch-site'] !== 'cross-site') return done(foreignOrigin(request));
  const detail = 'A page of another site made this request; call the gateway from its own page or a program.';
  done(new TablecastError('cross_site', detail));
};

/** WebSockets are not bound by the same-origin policy, so `/live` looks at who asks. */
export const refuseForeignOrigins: Hook = (request, _reply, done) => done(foreignOrigin(request));

/** A browser names the page's origin; programs name none. */
function foreignOrigin({ headers: { origin, host } }: FastifyRequest): TablecastError | undefined {
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return undefined;
  return new TablecastError(
    'forbidden',
    `A page of ${JSON.stringify(origin)} may not do this; open the gateway's own page.`,
  );
}
