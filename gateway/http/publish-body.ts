import type { FastifyRequest } from 'fastify';
import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import { type Header, parseHeader } from '../../protocol/header.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { Commit } from '../tables/commit.ts';
import type { Publication } from '../tables/publication.ts';
import { type Query, repeated, single } from './query.ts';

const ARROW_TYPES = ['application/vnd.apache.arrow.stream', 'application/vnd.apache.arrow.file'];

export interface Published {
  readonly publication: Publication;
  /** The commit that shows it; null where it is held. */
  readonly commit: Commit | null;
}

/**
 * Publishes a request's body, an Arrow stream or file, to a table; resolves once it is in the log. What cannot be taken
 * is listed among the rejections too.
 *
 * @throws TablecastError `unsupported_media_type`, `bad_header`, and what is wrong with the publication
 */
export async function publishBody(
  parts: GatewayParts,
  table: string,
  request: FastifyRequest<{ Querystring: Query; Body: Buffer | undefined }>,
  commit?: 'auto' | 'hold',
): Promise<Published> {
  try {
    checkType(request.headers['content-type'] ?? '');
    checkEncoding(request.headers['content-encoding'] ?? 'identity');
    const header = headerOf(request.query, commit);
    const body = request.body ?? Buffer.alloc(0);
    return await new Promise((resolve) => {
      parts.intake.publish(table, header, body, (publication, made) =>
        resolve({ publication, commit: made }),
      );
    });
  } catch (thrown) {
    const error = toTablecastError(thrown);
    parts.intake.reject(error, table, 'http');
    throw error;
  }
}

/** @throws TablecastError `unsupported_media_type` */
function checkType(contentType: string): void {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (ARROW_TYPES.includes(type)) return;
  const taken = ARROW_TYPES.join(' or ');
  throw new TablecastError(
    'unsupported_media_type',
    `A body of type ${JSON.stringify(type)} is not taken; send ${taken}.`,
  );
}

/** @throws TablecastError `unsupported_media_type` */
function checkEncoding(encoding: string): void {
  if (encoding === 'identity') return;
  const detail = `A body in the encoding ${JSON.stringify(encoding)} is not taken; send it as it is.`;
  throw new TablecastError('unsupported_media_type', detail);
}

/** `?op=&key=&commit=` as a header; a key of several columns is repeated or separated by commas. */
function headerOf(query: Query, commit: 'auto' | 'hold' | undefined): Header {
  const op = single(query, 'op');
  const key = repeated(query, 'key').flatMap((names) => names.split(','));
  const mode = commit ?? single(query, 'commit');
  if (mode !== undefined && mode !== 'auto' && mode !== 'hold') {
    throw new TablecastError(
      'bad_parameter',
      `The parameter "commit" is "auto" or "hold", not ${JSON.stringify(mode)}.`,
    );
  }
  return parseHeader({
    ...(op === undefined ? {} : { op }),
    ...(key.length === 0 ? {} : { key }),
    ...(mode === undefined ? {} : { commit: mode }),
  });
}
