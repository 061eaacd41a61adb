// Installs what is missing and builds what is out of date. Quiet, and loads no tool, where there is nothing to do.
import { join } from 'node:path';
import { buildTargets, hasOutputs, isUpToDate, markBuilt, markOutOfDate } from './build-targets.mjs';
import { fingerprint } from './fingerprint.mjs';
import { install, isInstalled, seconds } from './install.mjs';
import { withLock } from './lock.mjs';
import { projectRoot } from './project.mjs';
import { CommandFailed, runNodeScript } from './run-command.mjs';

/**
 * @typedef {object} PrepareOptions
 * @property {string} [root]
 * @property {(line: string) => void} [log]
 * @property {readonly import('./build-targets.mjs').BuildTarget[]} [targets]
 */

/** @param {PrepareOptions} [options] @returns {Promise<void>} rejects with CommandFailed */
export async function ensureInstalled({ root = projectRoot, log = console.error } = {}) {
  if (isInstalled(root)) return;
  await locked({ root, log }, async () => {
    if (!isInstalled(root)) await install({ root, log });
  });
}

/** @param {PrepareOptions} [options] @returns {Promise<void>} rejects with CommandFailed */
export async function ensureBuilt({ root = projectRoot, log = console.error, targets = buildTargets } = {}) {
  await ensureInstalled({ root, log });
  if (targets.every((target) => isUpToDate(root, target))) return;
  await locked({ root, log }, async () => {
    const outOfDate = targets.filter((target) => !isUpToDate(root, target));
    if (outOfDate.length === 0) return;
    log(`Building the ${outOfDate.map((target) => target.name).join(' and the ')} …`);
    const startedAt = performance.now();
    const results = await Promise.allSettled(outOfDate.map((target) => build(root, target)));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    log(`Built in ${seconds(performance.now() - startedAt)}.`);
  });
}

/** @param {string} root @param {import('./build-targets.mjs').BuildTarget} target */
async function build(root, target) {
  const inputs = fingerprint(root, target.inputs);
  const args = hasOutputs(root, target) ? target.args : target.argsWhenOutputsAreMissing;
  markOutOfDate(root, target);
  // Vite builds something else where a test runner has set another one.
  const env = { ...process.env, NODE_ENV: 'production' };
  const exitCode = await runNodeScript({ script: join(root, target.tool), args, cwd: root, env });
  if (exitCode !== 0) throw new CommandFailed(`The ${target.name} could not be built.`, exitCode);
  markBuilt(root, target, inputs);
}

/** @param {{ root: string, log: (line: string) => void }} options @param {() => Promise<void>} work */
function locked({ root, log }, work) {
  const whenWaiting = () => log('Waiting for another process that installs or builds …');
  return withLock({ path: join(root, '.cache', 'prepare.lock'), whenWaiting }, work);
}

/**
 * Runs a command's main function; a tool's failure becomes one line and the tool's exit code.
 * @param {() => Promise<number | void>} main resolves with the exit code
 */
export async function runMain(main) {
  try {
    // A program that runs in this process may have set its own code.
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
