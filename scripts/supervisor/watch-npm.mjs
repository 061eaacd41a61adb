// npm runs a script below a shell, and neither ends its child when it is ended itself. So a script of npm's looks now
// and then whether those two are still there.
import { readFileSync } from 'node:fs';

const intervalMs = 250;

/**
 * @param {() => void} whenGone called once
 * @param {{ env?: NodeJS.ProcessEnv, ancestors?: () => string }} [options]
 * @returns {{ close: () => void }}
 */
export function watchNpm(whenGone, { env = process.env, ancestors = parentAndGrandparent } = {}) {
  // Started by anything else, a program may well outlive the one that started it.
  if (env.npm_lifecycle_event === undefined) return { close() {} };
  const atStart = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === atStart) return;
    clearInterval(timer);
    whenGone();
  }, intervalMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** The grandparent only where the system tells it by a file: some shells on Linux stay between npm and its script. */
function parentAndGrandparent() {
  return `${process.ppid} ${process.platform === 'linux' ? parentOf(process.ppid) : ''}`;
}

/** @param {number} pid @returns {string} */
function parentOf(pid) {
  try {
    return /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
