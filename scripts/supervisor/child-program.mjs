// One Node program as a child process that never outlives this one.
import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withMemorySettings } from './memory-settings.mjs';

const endWithParent = pathToFileURL(fileURLToPath(new URL('./end-with-parent.mjs', import.meta.url))).href;

/** How long a program may take to end by itself before it is killed. */
const endTimeoutMs = 1500;
/** A gateway answers what it has taken, and stores it, for up to this long. */
export const gatewayEndTimeoutMs = 4700;

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} ProgramEnd
 * @typedef {object} ChildProgram
 * @property {import('node:child_process').ChildProcess} process
 * @property {Promise<ProgramEnd>} ended after its output was read to the end; never rejects
 * @property {(timeoutMs?: number) => Promise<ProgramEnd>} close asks it to end, kills it where it does not in time; idempotent
 */

/**
 * @param {{ module: string, args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string, stdout?: 'pipe' | 'inherit', stderr?: 'pipe' | 'inherit' }} options
 * @returns {ChildProgram}
 */
export function startProgram({ module, args, env, cwd, stdout = 'inherit', stderr = 'inherit' }) {
  const child = spawn(process.execPath, ['--import', endWithParent, module, ...args], {
    env: withMemorySettings(env ?? process.env),
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', stdout, stderr, 'ipc'],
    windowsHide: true,
  });
  /** @type {Promise<ProgramEnd>} */
  const ended = new Promise((resolve) => {
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: 1, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  /** @type {Promise<ProgramEnd> | undefined} */
  let closing;
  return {
    process: child,
    ended,
    close: (timeoutMs = endTimeoutMs) => {
      // A second signal would be a wish of its own: to end at once.
      closing ??= closeProgram(child, ended, timeoutMs);
      return closing;
    },
  };
}

/** @param {ProgramEnd} end @returns {number} as a shell would say it */
export function exitCodeOf({ code, signal }) {
  if (code !== null) return code;
  return signal === 'SIGINT' ? 130 : signal === 'SIGKILL' ? 137 : 143;
}

/** @param {ProgramEnd} end @returns {string} for people */
export function describeEnd({ code, signal }) {
  return signal === null ? `exit code ${code}` : signal;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<ProgramEnd>} ended
 * @param {number} timeoutMs
 */
async function closeProgram(child, ended, timeoutMs) {
  if (child.exitCode === null && child.signalCode === null) {
    // On Windows a signal would end it without a chance to clean up; its channel closing does not.
    if (process.platform === 'win32') child.connected && child.disconnect();
    else child.kill('SIGTERM');
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const end = await ended;
  clearTimeout(timer);
  return end;
}
