// Brings node_modules to what package-lock.json says, where it is not there yet.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CommandFailed, runCommand } from './run-command.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} LockFile
 */

/**
 * Whether all that the lock file names is installed. npm writes the hidden lock file last, so an interrupted install
 * has none. A lock file that is newer by date alone (a checkout, npm's own order of writing) is compared by content.
 * @param {string} root
 */
export function isInstalled(root) {
  const lockPath = join(root, 'package-lock.json');
  const installedPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  if (!existsSync(lockPath) || statSync(installedPath).mtimeMs >= statSync(lockPath).mtimeMs) return true;
  return holdsAll(readLock(lockPath), readLock(installedPath));
}

/**
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json
 */
export function holdsAll(wanted, installed) {
  const found = installed.packages ?? {};
  return Object.entries(wanted.packages ?? {}).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const there = found[path];
    // Binaries for other platforms are optional and absent.
    if (there === undefined) return optional === true || devOptional === true;
    return there.version === version;
  });
}

/**
 * @param {{ root: string, log: (line: string) => void }} options
 * @returns {Promise<void>} rejects with CommandFailed
 */
export async function install({ root, log }) {
  log('Installing packages (this is done once) …');
  const startedAt = performance.now();
  const { command, args, shell } = npmCommand(process.env.npm_execpath, process.platform);
  const flags = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const exitCode = await runCommand({ command, args: [...args, ...flags], cwd: root, shell });
  if (exitCode !== 0)
    throw new CommandFailed('The packages could not be installed (npm ci failed).', exitCode);
  log(`Installed in ${seconds(performance.now() - startedAt)}.`);
}

/**
 * @param {string | undefined} npmExecPath as npm sets it for the scripts that it runs
 * @param {string} platform
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand(npmExecPath, platform) {
  // Other package managers set the same variable.
  if (npmExecPath && /^npm(-cli)?\.[cm]?js$/.test(basename(npmExecPath.replaceAll('\\', '/')))) {
    return { command: process.execPath, args: [npmExecPath], shell: false };
  }
  return platform === 'win32'
    ? { command: 'npm.cmd', args: [], shell: true }
    : { command: 'npm', args: [], shell: false };
}

/** @param {number} durationMs */
export function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** @param {string} path @returns {LockFile} */
function readLock(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
