import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TablecastError } from '../../protocol/errors.ts';

/** Addresses of local sockets that only this user's processes reach. */
export interface PrivatePaths {
  /** `name` has at most {@link MAX_NAME_BYTES} bytes. */
  path(name: string): string;
  remove(): void;
}

const MAX_NAME_BYTES = 24;
/** The system would cut a longer one without a word: 104 bytes with a zero at the end are the least of all (unix(4) of BSD). */
const MAX_PATH_BYTES = 100;
/** What `mkdtemp` puts at the end. */
const RANDOM_BYTES = 6;

/**
 * A directory that nobody else may enter; on Windows, where pipes have no directory, names that nobody else knows. It goes with
 * this process at the latest.
 *
 * @throws TablecastError `bad_parameter` where `within` is too long for the address of a socket
 */
export function createPrivatePaths(within = tmpdir()): PrivatePaths {
  if (process.platform === 'win32') {
    const id = randomUUID();
    return { path: (name) => `\\\\.\\pipe\\tablecast-${id}-${name}`, remove() {} };
  }
  const prefix = join(within, 'tablecast-');
  if (Buffer.byteLength(prefix) + RANDOM_BYTES + 1 + MAX_NAME_BYTES > MAX_PATH_BYTES) {
    const detail = `The directory ${within} is too long for the address of a socket; set TMPDIR to a shorter path.`;
    throw new TablecastError('bad_parameter', detail);
  }
  const directory = mkdtempSync(prefix);
  const rid = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', rid);
  return {
    path: (name) => join(directory, name),
    remove() {
      process.off('exit', rid);
      rid();
    },
  };
}
