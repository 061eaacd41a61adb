import type { FastifyInstance } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import { isLoopback } from '../config.ts';
import { sendProblem } from './problem.ts';

/** The page is all that runs: its own scripts and styles, its own WebSocket. `ws:` stands there for browsers whose 'self' leaves it out. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'self'",
].join('; ');

/**
 * Headers for every answer, and, while the gateway listens on loopback, a look at the Host: a page that reaches it under
 * another name (DNS rebinding) is told 403.
 */
export function registerSecurity(app: FastifyInstance, options: { readonly host: string }): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    void reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer');
    done(null, payload);
  });
  if (!isLoopback(options.host)) return;
  app.addHook('onRequest', (request, reply, done) => {
    if (isLoopback(hostName(request.headers.host))) return done();
    const shown = JSON.stringify(request.headers.host ?? '');
    sendProblem(
      reply,
      new TablecastError(
        'forbidden',
        `The Host ${shown} is not this machine; open the address that the gateway printed.`,
      ),
    );
  });
}

/** The name without its port, an IPv6 address without its brackets; requests without a Host come from no browser. */
function hostName(host: string | undefined): string {
  if (host === undefined) return 'localhost';
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
