import { TablecastError } from '../../protocol/errors.ts';
import type { TextFormat } from '../../protocol/text-rows/text-rows-to-arrow.ts';

export type BodyFormat = 'arrow' | TextFormat;

const FORMATS: ReadonlyMap<string, BodyFormat> = new Map([
  ['application/vnd.apache.arrow.stream', 'arrow'],
  ['application/vnd.apache.arrow.file', 'arrow'],
  ['application/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['text/csv', 'csv'],
]);
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/** What a body of this `Content-Type` is read as. @throws TablecastError `unsupported_media_type` */
export function bodyFormat(contentType: string): BodyFormat {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const format = FORMATS.get(type);
  if (format === undefined) {
    const taken = [...FORMATS.keys()].join(', ');
    throw new TablecastError(
      'unsupported_media_type',
      `A body of type ${JSON.stringify(type)} is not taken; send one of ${taken}.`,
    );
  }
  const charset = CHARSET.exec(contentType)?.[1] ?? 'utf-8';
  if (format !== 'arrow' && !/^utf-?8$/i.test(charset)) {
    throw new TablecastError(
      'unsupported_media_type',
      `A body in the charset ${JSON.stringify(charset)} is not taken; send UTF-8.`,
    );
  }
  return format;
}
