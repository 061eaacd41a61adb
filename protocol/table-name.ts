import { TablecastError } from './errors.ts';
import { LIMITS } from './limits.ts';

/** Topics of control messages begin with it; no table's name does. */
export const CONTROL_PREFIX = '$';

const NAME = /^[\p{L}\p{N}\p{M}_.-]+$/u;
const DATA_SUFFIX = /\.(arrow|json|csv)$/;
const encoder = new TextEncoder();
// A byte order mark is kept, so that no two topics are one name.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A table's name: 1 to 128 bytes of UTF-8, letters (with their combining marks) and digits of any script, `_`, `-`, `.`;
 * it ends in none of `.arrow`, `.json`, `.csv`. `.` and `..` are no names, for URLs resolve them away.
 *
 * @throws TablecastError `bad_name`
 */
export function parseTableName(text: string): string {
  const shown = JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
  if (text === '') throw new TablecastError('bad_name', 'The table name is empty.');
  if (encoder.encode(text).length > LIMITS.maxNameBytes) {
    throw new TablecastError(
      'bad_name',
      `The table name ${shown} is longer than ${LIMITS.maxNameBytes} bytes.`,
    );
  }
  if (text.startsWith(CONTROL_PREFIX)) {
    throw new TablecastError(
      'bad_name',
      `The table name ${shown} begins with $, which is kept for control messages.`,
    );
  }
  if (!NAME.test(text) || text === '.' || text === '..') {
    throw new TablecastError(
      'bad_name',
      `The table name ${shown} has characters other than letters, digits, "_", "-", ".".`,
    );
  }
  if (DATA_SUFFIX.test(text)) {
    throw new TablecastError(
      'bad_name',
      `The table name ${shown} ends in .arrow, .json or .csv, which name a table's data.`,
    );
  }
  return text;
}

/**
 * The topic frame of a bus message as text.
 *
 * @throws TablecastError `bad_name` where it is not UTF-8
 */
export function decodeTopic(frame: Uint8Array): string {
  try {
    return decoder.decode(frame);
  } catch (cause) {
    throw new TablecastError('bad_name', 'The topic is not UTF-8.', { cause });
  }
}
