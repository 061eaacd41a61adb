import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { type Encoding, encode, MIN_ENCODED_BYTES } from './compression.ts';

/** A body up to this size is made at once and says its length. */
const WHOLE_BYTES = 64 * 1024;

/**
 * Answers with a body made of chunks: made one by one as the client takes them, with a turn for other work after each.
 * To HEAD it answers the headers alone, and makes no more than the first chunks.
 */
export function sendChunks(
  reply: FastifyReply,
  chunks: Iterator<string | Uint8Array>,
  encoding: Encoding | null,
): FastifyReply {
  const { begun, isWhole } = begin(chunks);
  const encodes = encoding !== null && !(isWhole && begun.length < MIN_ENCODED_BYTES);
  if (encodes) void reply.header('content-encoding', encoding);
  if (isWhole && !encodes) return reply.send(begun);
  // An empty stream, for Fastify would say a length of 0 without a body.
  if (reply.request.method === 'HEAD') return reply.send(Readable.from([]));
  const body = Readable.from(unhurried(begun, isWhole ? null : chunks), { objectMode: false });
  return reply.send(encodes ? encode(body, encoding) : body);
}

/** The first chunks, until they are enough to answer with a stream or the body ends. */
function begin(chunks: Iterator<string | Uint8Array>): { begun: Buffer; isWhole: boolean } {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  while (bytes <= WHOLE_BYTES) {
    const { done, value } = chunks.next();
    if (done) return { begun: Buffer.concat(parts), isWhole: true };
    const part = typeof value === 'string' ? Buffer.from(value) : value;
    parts.push(part);
    bytes += part.length;
  }
  return { begun: Buffer.concat(parts), isWhole: false };
}

async function* unhurried(
  begun: Buffer,
  rest: Iterator<string | Uint8Array> | null,
): AsyncGenerator<string | Uint8Array> {
  yield begun;
  while (rest !== null) {
    await nextTurn();
    const { done, value } = rest.next();
    if (done) return;
    yield value;
  }
}
