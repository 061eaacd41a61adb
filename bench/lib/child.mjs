// Processes of a benchmark, and calls to them. Each process serves named methods (serve-parent.mjs).
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const processesFolder = fileURLToPath(new URL('../processes/', import.meta.url));
const profilesFolder = fileURLToPath(new URL('../../.cache/profiles/', import.meta.url));
const endTimeoutMs = 3000;

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {(method: string, ...args: unknown[]) => Promise<any>} call rejects where the method fails or the process ends
 * @property {() => Promise<void>} close idempotent
 */

/**
 * Starts processes for the time of `work` and ends them after it, however it went.
 * @template T
 * @param {{ profile: boolean }} options
 * @param {(start: (name: string) => Child) => Promise<T>} work `start` takes a file of processes/, without .mjs
 */
export async function withChildren({ profile }, work) {
  /** @type {Child[]} */
  const children = [];
  try {
    return await work((name) => {
      const child = startChild({ name, profile: profile && name === 'gateway' });
      children.push(child);
      return child;
    });
  } finally {
    await Promise.all(children.map((child) => child.close()));
  }
}

/** @param {{ name: string, profile: boolean }} options @returns {Child} */
function startChild({ name, profile }) {
  const execArgv = ['--expose-gc'];
  if (profile) {
    mkdirSync(profilesFolder, { recursive: true });
    execArgv.push('--cpu-prof', `--cpu-prof-dir=${profilesFolder}`);
  }
  // Results alone go to stdout.
  const stdio = /** @type {const} */ (['ignore', 2, 2, 'ipc']);
  const child = fork(join(processesFolder, `${name}.mjs`), {
    execArgv,
    stdio: [...stdio],
    serialization: 'advanced',
  });
  const calls = createCalls(child, name);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
    await ended;
    clearTimeout(timer);
  };
  return { pid: child.pid ?? -1, call: calls, close };
}

/** @param {import('node:child_process').ChildProcess} child @param {string} name */
function createCalls(child, name) {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let lastId = 0;
  let hasEnded = false;
  child.on('message', ({ id, value, error }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(`${name}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    hasEnded = true;
    for (const call of waiting.values()) call.reject(new Error(`${name} ended (${signal ?? code})`));
  });
  /** @param {string} method @param {...unknown} args */
  return (method, ...args) =>
    new Promise((resolve, reject) => {
      if (hasEnded) return reject(new Error(`${name} has ended`));
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, method, args });
    });
}
