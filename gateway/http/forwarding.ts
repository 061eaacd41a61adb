import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, TablecastError } from '../../protocol/errors.ts';
import { type Draining, LASTING_ROUTES } from './draining.ts';
import { problemOf } from './problem.ts';

const RETRY_AFTER_S = 1;
/** A connection to the process that answers is closed from here alone: where both did so, a request could meet its end. */
const MAX_IDLE_MS = 60_000;
const CLOSE_HEADER = 'x-tablecast-connection';
/** Of one connection alone (RFC 9110, 7.6.1), or set anew on the way. */
const NOT_PASSED = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  CLOSE_HEADER,
]);

/**
 * Passes requests on to the process that answers all but what viewers stay connected to, as they came, with who asks. Register it
 * before everything that looks at requests, for that process does.
 */
export function registerForwarding(app: FastifyInstance, socketPath: string, draining: Draining): void {
  const agent = new Agent({ keepAlive: true, timeout: MAX_IDLE_MS });
  app.addHook('onRequest', (request, reply, done) => {
    if (draining.isStopping || isOwn(request)) return done();
    const upstream = ask(request, { socketPath, agent });
    if (upstream instanceof TablecastError) return done(upstream);
    void reply.hijack();
    // One that is half sent was promised nothing.
    if (hasBody(request)) request.raw.once('end', () => draining.track(reply));
    else draining.track(reply);
    answerBy(upstream, { request, reply, draining });
  });
  app.addHook('onClose', async () => agent.destroy());
}

/**
 * Of the process that answers: a connection from a worker is never closed while a body is still being sent there, for the worker
 * would lose the answer with it. It is told to close its client's.
 */
export function registerForwarded(app: FastifyInstance): void {
  // Workers close what is idle. Fastify's own option cannot say 0.
  app.server.keepAliveTimeout = 0;
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.getHeader('connection') === 'close')
      void reply.removeHeader('connection').header(CLOSE_HEADER, 'close');
    done(null, payload);
  });
}

function isOwn({ routeOptions, headers }: FastifyRequest): boolean {
  if (LASTING_ROUTES.includes(routeOptions.url ?? '')) return true;
  // Without this option of the connection `Upgrade` asks for nothing (RFC 9110, 7.8).
  const options = (headers.connection ?? '').toLowerCase().split(',');
  return (
    headers.upgrade?.toLowerCase() === 'websocket' && options.some((option) => option.trim() === 'upgrade')
  );
}

function ask(
  request: FastifyRequest,
  to: { readonly socketPath: string; readonly agent: Agent },
): ClientRequest | TablecastError {
  try {
    return httpRequest({
      ...to,
      method: request.method,
      path: request.originalUrl,
      headers: requestHeaders(request),
    });
  } catch (cause) {
    const detail = `The request cannot be passed on (${cause instanceof Error ? cause.message : cause}).`;
    return new TablecastError('bad_parameter', detail, { cause });
  }
}

interface Passed {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly draining: Draining;
}

function answerBy(upstream: ClientRequest, { request, reply: { raw: answer }, draining }: Passed): void {
  upstream.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 500, response.statusMessage, responseHeaders(response));
    // Of an answer that was not to be had whole nobody is told that it is.
    response.on('error', () => answer.destroy()).on('aborted', () => answer.destroy());
    response.pipe(answer);
    if (closes(response)) {
      request.raw.unpipe(upstream);
      response.once('end', () => upstream.destroy());
    }
  });
  upstream.on('error', (cause) => {
    // It may be answered before all of its body is sent.
    if (answer.headersSent) return;
    request.log.warn(cause);
    refuse(answer, failure(cause, draining));
  });
  answer.once('close', () => {
    if (!answer.writableFinished) upstream.destroy();
  });
  if (hasBody(request)) request.raw.pipe(upstream);
  else upstream.end();
}

function failure(cause: Error, { isStopping }: Draining): TablecastError {
  if (isStopping)
    return new TablecastError('shutting_down', 'The gateway is stopping; ask again once it is back.', {
      cause,
    });
  return new TablecastError('internal', 'The gateway failed to answer; its log has the details.', { cause });
}

function refuse(answer: FastifyReply['raw'], error: TablecastError): void {
  answer.writeHead(ERRORS[error.code].status, {
    'content-type': 'application/problem+json',
    'retry-after': String(RETRY_AFTER_S),
    connection: 'close',
  });
  answer.end(problemOf(error));
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function requestHeaders(request: FastifyRequest): string[] {
  const { raw, headers } = request;
  const passed = passedOn(raw);
  if (headers['transfer-encoding'] !== undefined) passed.push('transfer-encoding', 'chunked');
  // Only HTTP/1.1 asks for one, and is spoken here.
  if (headers.host === undefined && raw.httpVersion === '1.0') passed.push('host', 'localhost');
  passed.push('x-forwarded-for', request.ip, 'x-forwarded-proto', request.protocol);
  if (request.host !== '') passed.push('x-forwarded-host', request.host);
  return passed;
}

function responseHeaders(response: IncomingMessage): string[] {
  const passed = passedOn(response);
  if (closes(response)) passed.push('connection', 'close');
  return passed;
}

/** Nothing more is taken of a body that is still being sent. */
function closes({ headers }: IncomingMessage): boolean {
  return headers[CLOSE_HEADER] !== undefined;
}

function passedOn({ rawHeaders }: IncomingMessage): string[] {
  const passed: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!NOT_PASSED.has(rawHeaders[i]!.toLowerCase())) passed.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  return passed;
}
