import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TablecastError } from '../../protocol/errors.ts';

const inflate = promisify(gunzip);

/**
 * A request's body without its `Content-Encoding`, of which `gzip` is taken.
 *
 * @throws TablecastError `unsupported_media_type`, `bad_body`, `too_large` where more than `maxBytes` come out of it
 */
export async function inflateBody(
  body: Uint8Array<ArrayBuffer>,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity') return body;
  if (name !== 'gzip' && name !== 'x-gzip') {
    throw new TablecastError(
      'unsupported_media_type',
      `A body in the encoding ${JSON.stringify(name)} is not taken; send it as it is, or in "gzip".`,
    );
  }
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      const detail = `The body has more than ${maxBytes} bytes, the limit (--max-message-bytes), once it is inflated.`;
      throw new TablecastError('too_large', detail, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TablecastError('bad_body', `The body is not gzip, as its encoding says (${reason}).`, {
      cause,
    });
  }
}
