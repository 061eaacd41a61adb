import { join } from 'node:path';
import { TablecastError } from '../../protocol/errors.ts';

/** LMDB's words for a file whose pages contradict each other (lmdb.h, "Return Codes"). */
const DAMAGE = /MDB_(CORRUPTED|PAGE_NOTFOUND|BAD_TXN|PANIC)/;

/** What LMDB says of damaged pages, in a text or an error's message; null where it says nothing of that. */
export function pageDamageIn(said: unknown): string | null {
  const text = said instanceof Error ? said.message : String(said);
  return DAMAGE.exec(text)?.[0] ?? null;
}

export function pageDamage(directory: string, reason: string, cause?: unknown): TablecastError {
  return new TablecastError(
    'data_dir_damaged',
    `${join(directory, 'data.mdb')} has damaged pages (${reason}); restore it from a copy, or give --data-dir another directory.`,
    { cause },
  );
}
