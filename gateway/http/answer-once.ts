import { webcrypto } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toTablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';

type PublishingRequest = Pick<FastifyRequest, 'method' | 'url' | 'headers'> & {
  readonly query: object;
  readonly body: Buffer | undefined;
};

/**
 * Answers a request that publishes a body to a table. With an `Idempotency-Key` it does so once: the same request again gets
 * the same answer, with `Idempotency-Replayed: true`.
 *
 * @throws TablecastError `idempotency_conflict`, and what the work throws
 */
export async function answerOnce<T>(
  parts: GatewayParts,
  table: string,
  { request, reply }: { readonly request: PublishingRequest; readonly reply: FastifyReply },
  work: () => Promise<T>,
): Promise<T> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return work();
  let hasBegun = false;
  try {
    const fingerprint = await fingerprintOf(request);
    const { answer, isReplayed } = await parts.idempotency.once([key].flat().join(','), fingerprint, () => {
      hasBegun = true;
      return work();
    });
    if (isReplayed) void reply.header('idempotency-replayed', 'true');
    return answer;
  } catch (thrown) {
    // What the work refused it has listed itself.
    if (!hasBegun) parts.intake.reject(toTablecastError(thrown), table, 'http');
    throw thrown;
  }
}

/** Method, path, parameters in any order, content type and encoding, and the body's SHA-256, which is made off this thread. */
async function fingerprintOf(request: PublishingRequest): Promise<string> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  const body = (request.body ?? Buffer.alloc(0)) as Buffer<ArrayBuffer>;
  const digest = await webcrypto.subtle.digest('SHA-256', body);
  const path = request.url.split('?')[0]!;
  const parameters = Object.entries(request.query).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    request.method,
    path,
    parameters,
    type,
    encoding,
    Buffer.from(digest).toString('base64'),
  ]);
}
