import fastifyCookie from '@fastify/cookie';
import fastifyCors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../../protocol/bus-address.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { registerGuard, registerIdentity } from './auth/guard.ts';
import { registerBasePath } from './base-path.ts';
import { registerCrossSite } from './cross-site.ts';
import { sendProblem } from './problem.ts';
import { registerRateLimit } from './rate-limits.ts';

const EXPOSED_HEADERS = [
  'Tablecast-Version',
  'Tablecast-Epoch',
  'Tablecast-Change',
  'Tablecast-Changed',
  'Tablecast-Rows',
  'Tablecast-Drop-First',
  'Tablecast-Missing-Glyphs',
  'Idempotency-Replayed',
  'ETag',
  'Retry-After',
];
const PREFLIGHT_MAX_AGE_S = 600;

/**
 * What every request passes, in this order, before any route: the path, the Host, CORS, who asks, how often, from which
 * site, and whether that one may. Registered before the routes, so that it covers all of them.
 */
export async function registerSecurity(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const { config, access } = parts;
  registerHeaders(app, config.allowFrame);
  registerBasePath(app, config.basePath);
  registerHostNamed(app);
  if (isLoopbackHost(config.host) && !config.allowOrigin.includes('*'))
    registerHosts(app, config.allowOrigin);
  if (config.allowOrigin.length > 0) await registerCors(app, config.allowOrigin);
  await app.register(fastifyCookie);
  registerIdentity(app, access);
  await registerRateLimit(app, config);
  registerCrossSite(app, config.allowOrigin);
  registerGuard(app, access);
}

/** Headers of every answer; a route that needs others sets its own. */
function registerHeaders(app: FastifyInstance, allowFrame: readonly string[]): void {
  const frames = allowFrame.includes('*') ? '*' : ["'self'", ...allowFrame].join(' ');
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('content-security-policy'))
      void reply.header('content-security-policy', contentSecurityPolicy(request, frames));
    void reply
      .header('x-content-type-options', 'nosniff')
      // Another site learns nothing of addresses here; with `no-referrer` browsers would hide the origin from us too.
      .header('referrer-policy', 'same-origin');
    done(null, payload);
  });
}

/** The page is all that runs: its own scripts and styles, its own WebSocket, by plain HTTP too. */
function contentSecurityPolicy({ host }: FastifyRequest, frames: string): string {
  // Not every browser's 'self' takes in ws: and wss: (w3c/webappsec-csp#7).
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src 'self'${sockets}`,
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${frames}`,
  ].join('; ');
}

/** A request of HTTP/1.1 without a Host is none (RFC 9112, 3.2). */
function registerHostNamed(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.headers.host !== undefined || request.raw.httpVersion !== '1.1') return done();
    sendProblem(
      reply,
      new TablecastError('bad_parameter', 'The request names no Host, as HTTP/1.1 asks for.'),
    );
  });
}

/**
 * While the gateway listens on loopback, a page that reaches it under another name (DNS rebinding) is told 403. Behind a
 * proxy the names of the allowed origins are known too. The header itself is looked at, not what a proxy says: a
 * rebound page could say that as well.
 */
function registerHosts(app: FastifyInstance, allowOrigin: readonly string[]): void {
  const allowed = new Set(allowOrigin.map((origin) => new URL(origin).hostname));
  app.addHook('onRequest', (request, reply, done) => {
    const name = hostName(request.headers.host);
    if (isLoopbackHost(name) || allowed.has(name)) return done();
    const shown = JSON.stringify(request.headers.host ?? '');
    const detail = `The Host ${shown} is not this machine; open the address that the gateway printed, or allow this one with --allow-origin.`;
    sendProblem(reply, new TablecastError('forbidden', detail));
  });
}

/** The name without its port, an IPv6 address without its brackets; requests without a Host come from no browser. */
function hostName(host: string | undefined): string {
  if (host === undefined) return 'localhost';
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

async function registerCors(app: FastifyInstance, allowOrigin: readonly string[]): Promise<void> {
  const isAny = allowOrigin.includes('*');
  await app.register(fastifyCors, {
    origin: isAny ? '*' : [...allowOrigin],
    credentials: !isAny,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_MAX_AGE_S,
    // An OPTIONS that is no preflight is answered as one, for the plugin's refusal is no problem document.
    strictPreflight: false,
  });
}
