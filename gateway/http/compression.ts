import { pipeline, type Readable, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import fastifyCompress from '@fastify/compress';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Preferred first where a client likes several as much. */
const ENCODINGS = ['br', 'gzip', 'deflate'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Smaller bodies are sent as they are. */
export const MIN_ENCODED_BYTES = 1024;

/** The page's files are encoded for each visitor once: they have names that caches keep. */
const FILE_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** Levels that keep up with what rows are written at. */
const ROW_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };
const ZLIB = { level: 4 };

/**
 * Encodes JSON answers and the page's files. Rows take {@link encode} instead, and their route says `compress: false`: the
 * plugin holds a body for encoded already that merely begins like zlib's header, as CSV whose first column is `H` does.
 */
export async function registerCompression(app: FastifyInstance): Promise<void> {
  await app.register(fastifyCompress, {
    encodings: [...ENCODINGS],
    threshold: MIN_ENCODED_BYTES,
    globalDecompression: false,
    brotliOptions: FILE_BROTLI,
    zlibOptions: ZLIB,
  });
}

/** What an `Accept-Encoding` likes best of what there is (RFC 9110, 12.5.3); null for the body as it is. */
export function acceptedEncoding(header: string | undefined): Encoding | null {
  const weights = new Map<string, number>();
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  let best: Encoding | null = null;
  for (const name of ENCODINGS) {
    if (weightOf(name) > (best === null ? 0 : weightOf(best))) best = name;
  }
  const asItIs = weights.get('identity') ?? 0;
  return best !== null && weightOf(best) >= asItIs ? best : null;
}

/** Says that the answer depends on `Accept-Encoding`, beside what it depends on already, such as the Origin. */
export function varyByEncoding(reply: FastifyReply): void {
  const named = String(reply.getHeader('vary') ?? '');
  if (!/\baccept-encoding\b/i.test(named))
    void reply.header('vary', named === '' ? 'accept-encoding' : `${named}, accept-encoding`);
}

/** The body encoded; whoever ends reading early ends the body too. A failed body fails the encoded one. */
export function encode(body: Readable, encoding: Encoding): Readable {
  return pipeline(body, encoder(encoding), () => {});
}

function encoder(encoding: Encoding): Transform {
  switch (encoding) {
    case 'br':
      return createBrotliCompress(ROW_BROTLI);
    case 'gzip':
      return createGzip(ZLIB);
    case 'deflate':
      return createDeflate(ZLIB);
  }
}
