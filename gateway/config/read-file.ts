import { readFileSync } from 'node:fs';
import { TablecastError } from '../../protocol/errors.ts';

/** The content of a file that a flag names. @throws TablecastError `bad_parameter` naming flag and file */
export function readFile(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new TablecastError('bad_parameter', `${flag} ${file} cannot be read${code}.`, { cause });
  }
}
