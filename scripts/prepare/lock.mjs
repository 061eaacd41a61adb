// One process at a time: a second terminal waits while the first installs or builds. The lock is a file that holds
// its owner's process id; a lock whose owner is gone is taken over.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const retryDelayMs = 100;
/** A lock file without an id was left by a crash between its creation and its writing, or is being written now. */
const emptyLockAgeMs = 2000;

/**
 * @template T
 * @param {{ path: string, whenWaiting?: () => void, timeoutMs?: number }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock({ path, whenWaiting = () => {}, timeoutMs = 600_000 }, work) {
  mkdirSync(dirname(path), { recursive: true });
  const startedAt = Date.now();
  let hasWaited = false;
  let emptySince = 0;
  while (!tryLock(path)) {
    const owner = lockOwner(path);
    if (owner === null) emptySince ||= Date.now();
    const isLeftOver = owner === null ? Date.now() - emptySince > emptyLockAgeMs : !isAlive(owner);
    if (isLeftOver) {
      rmSync(path, { force: true });
      continue;
    }
    if (Date.now() - startedAt > timeoutMs) throw new Error(`Still locked by process ${owner}: ${path}`);
    if (!hasWaited) whenWaiting();
    hasWaited = true;
    await delay(retryDelayMs);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @param {string} path @returns {number | null} */
function lockOwner(path) {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
