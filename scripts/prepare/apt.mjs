// Packages of the system's own package manager, where this user may install them.
import { spawnSync } from 'node:child_process';
import { runCommand } from './run-command.mjs';

const lockTimeout = ['-o', 'DPkg::Lock::Timeout=300'];
const versionTimeoutMs = 20_000;

/**
 * Installs packages, as far as it can; whoever asks looks for what it needs afterwards.
 * @param {readonly string[]} packages
 * @param {() => void} onBegin called where there is a way to install them
 */
export async function aptInstall(packages, onBegin) {
  const apt = aptGet();
  if (apt === null) return;
  onBegin();
  // An update that fails in part (one source out of reach) is no reason not to try.
  await runCommand({ ...apt, args: [...apt.args, ...lockTimeout, '-q', 'update'], cwd: '/' });
  const install = ['-q', 'install', '-y', '--no-install-recommends', ...packages];
  await runCommand({ ...apt, args: [...apt.args, ...lockTimeout, ...install], cwd: '/' });
}

/** @returns {{ command: string, args: string[] } | null} apt-get as root, where this user may */
function aptGet() {
  if (process.platform !== 'linux' || !runs('apt-get', ['--version'])) return null;
  const aptAsRoot = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  if (process.getuid?.() === 0) return { command: 'env', args: aptAsRoot.slice(1) };
  return runs('sudo', ['-n', 'true']) ? { command: 'sudo', args: ['-n', ...aptAsRoot] } : null;
}

/** Whether the program runs and ends well. @param {string} command @param {readonly string[]} args */
export function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: versionTimeoutMs }).status === 0;
}
