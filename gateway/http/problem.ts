import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, TablecastError } from '../../protocol/errors.ts';

/** What Fastify itself refuses, by its code. */
const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_body',
  FST_ERR_VALIDATION: 'bad_parameter',
  FST_ERR_BAD_URL: 'bad_parameter',
};

/** Every failure leaves as `application/problem+json` (RFC 9457) with a code of the registry. */
export function registerProblems(app: FastifyInstance): void {
  const routes: { readonly method: string; readonly path: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    // Preflights are taken for every path, whether there is a route or not.
    if (url === '*') return;
    const path = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
    for (const one of [method].flat()) routes.push({ method: one, path });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const allowed = [
      ...new Set(routes.filter((route) => route.path.test(path)).map((route) => route.method)),
    ];
    if (allowed.length === 0)
      return sendProblem(reply, new TablecastError('no_such_route', `There is no route ${path}.`));
    void reply.header('allow', allowed.join(', '));
    const detail = `${path} takes ${allowed.join(', ')}, not ${request.method}.`;
    return sendProblem(reply, new TablecastError('method_not_allowed', detail));
  });
  app.setErrorHandler((error: FastifyError | TablecastError, request, reply) =>
    sendProblem(reply, coded(error, request)),
  );
}

/** Any error as one of the registry; what is not the client's doing is logged. */
export function coded(error: FastifyError | TablecastError, request: FastifyRequest): TablecastError {
  if (error instanceof TablecastError) return error;
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return new TablecastError(code, detailOf(error, request), { cause: error });
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new TablecastError('bad_parameter', error.message, { cause: error });
  request.log.error(error);
  return new TablecastError('internal', 'The gateway failed to answer; its log has the details.', {
    cause: error,
  });
}

function detailOf(error: FastifyError, request: FastifyRequest): string {
  const { method, url, headers, routeOptions } = request;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return `The body is larger than the ${routeOptions.bodyLimit} bytes that ${method} ${url.split('?')[0]} takes.`;
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return `The content type ${JSON.stringify(headers['content-type'] ?? '')} is none; say one such as text/csv.`;
    default:
      return error.message;
  }
}

/**
 * What Node's own HTTP parser refuses never becomes a request; the answer is written by hand, and the connection ends. One that
 * was opened ahead and asked nothing in its time ends without: the answer would be taken for that to the next request.
 */
export function refuseMalformed(
  error: Error & { readonly code?: string },
  socket: Duplex & { readonly bytesRead?: number },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  const problem = problemOf(
    new TablecastError('bad_parameter', `The request is not HTTP as it should be (${error.message}).`),
  );
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(problem)}`,
  ];
  socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${problem}`);
}

export function sendProblem(reply: FastifyReply, error: TablecastError): FastifyReply {
  return reply
    .code(ERRORS[error.code].status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(problemOf(error));
}

export function problemOf(error: TablecastError): string {
  const { status, meaning } = ERRORS[error.code];
  return JSON.stringify({
    type: 'about:blank',
    title: meaning,
    status,
    code: error.code,
    detail: error.message,
  });
}
