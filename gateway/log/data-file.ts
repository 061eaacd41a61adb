import { spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TablecastError } from '../../protocol/errors.ts';
import { pageDamage, pageDamageIn } from './page-damage.ts';

/** LMDB's pages begin with this many bytes before what they hold (mdb.c, MDB_page_header). */
const PAGE_HEADER_BYTES = 24;
const LMDB_MAGIC = 0xbeefc0de;
/** Of a meta page after its header (mdb.c, MDB_meta): the magic number, the size of pages, the last page, the transaction. */
const META = { magic: 0, pageBytes: 24, lastPage: 120, transaction: 128 };

/**
 * The directory, made where it is missing, for its owner alone.
 *
 * @throws TablecastError `bad_data_dir`
 */
export function prepareDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) throw new Error('it is a file');
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new TablecastError('bad_data_dir', cannotUse(path, cause), { cause });
  }
}

function cannotUse(path: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  const reasons: Readonly<Record<string, string>> = {
    EEXIST: 'is a file',
    ENOTDIR: 'lies below a file',
    EACCES: 'cannot be written by this user',
    EROFS: 'lies on a disk that is read-only',
    ENOSPC: 'cannot be made, for its disk is full',
  };
  const reason = typeof code === 'string' ? (reasons[code] ?? `cannot be used (${code})`) : 'cannot be used';
  return `The data directory ${path} ${reason}; give --data-dir a directory that this user may write.`;
}

/**
 * Refuses what is no LMDB file, and one whose reading ends the process that does it, as damaged pages and a missing end may:
 * another process reads all of it first. `isTried` leaves that out, for a process whose end is no matter.
 *
 * @throws TablecastError `bad_data_dir`, `data_dir_damaged`
 */
export function checkDataFile(path: string, { isTried = false }: { readonly isTried?: boolean } = {}): void {
  const file = join(path, 'data.mdb');
  const descriptor = openExisting(file);
  if (descriptor === null) return;
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return;
    const first = metaAt(descriptor, 0);
    if (first === null) {
      throw new TablecastError(
        'bad_data_dir',
        `${file} is not a gateway's; give --data-dir another directory.`,
      );
    }
    const second = metaAt(descriptor, first.pageBytes);
    const { pageBytes, lastPage } =
      second !== null && second.transaction > first.transaction ? second : first;
    const { result, damage } = isTried ? { result: 'read', damage: null } : tryReading(path);
    // LMDB may leave free pages at the end unwritten, so only reading all of it tells whether something is missing.
    if (size < (lastPage + 1) * pageBytes && result !== 'read') {
      throw new TablecastError(
        'data_dir_damaged',
        `${file} has ${size} bytes and had ${(lastPage + 1) * pageBytes}: its end is missing; restore it from a copy, or give --data-dir another directory.`,
      );
    }
    if (damage !== null) throw pageDamage(path, damage);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * What comes of it when another process reads all records: whether it has, and what of the pages is damaged; what else it
 * refuses this process will find too, and say why.
 */
function tryReading(path: string): { result: 'read' | 'refused'; damage: string | null } {
  const program = fileURLToPath(new URL('./verify-main.js', import.meta.url));
  // Not there where this is not the built program.
  if (!existsSync(program)) return { result: 'refused', damage: null };
  const { status, signal, stdout } = spawnSync(process.execPath, [program, path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  if (status === 0) return { result: 'read', damage: null };
  const damage = signal === null ? pageDamageIn(stdout) : `reading it ends with ${signal}`;
  return { result: 'refused', damage };
}

function openExisting(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') return null;
    throw new TablecastError('bad_data_dir', `${file} cannot be read (${code}).`, { cause });
  }
}

function metaAt(descriptor: number, position: number) {
  const bytes = Buffer.alloc(PAGE_HEADER_BYTES + META.transaction + 8);
  if (readSync(descriptor, bytes, 0, bytes.length, position) < bytes.length) return null;
  const meta = bytes.subarray(PAGE_HEADER_BYTES);
  if (meta.readUInt32LE(META.magic) !== LMDB_MAGIC) return null;
  return {
    pageBytes: meta.readUInt32LE(META.pageBytes),
    lastPage: Number(meta.readBigUInt64LE(META.lastPage)),
    transaction: Number(meta.readBigUInt64LE(META.transaction)),
  };
}
