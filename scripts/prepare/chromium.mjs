// Finds the Chromium that the browser tests use; installs one where the system's own package manager may be asked.
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { aptInstall, runs } from './apt.mjs';
import { CommandFailed } from './run-command.mjs';

const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const aptPackages = ['chromium', 'fonts-dejavu-core'];

/**
 * @param {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, works?: (path: string) => boolean }} [options]
 * @returns {string | null} the executable's path
 */
export function findChromium({ env = process.env, platform = process.platform, works = isChromium } = {}) {
  const named = env.TABLECAST_CHROMIUM;
  if (named) return works(named) ? named : null;
  return chromiumCandidates(env, platform).find(works) ?? null;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {readonly string[]} in order of preference
 */
export function chromiumCandidates(env, platform) {
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter((folder) => folder);
    const programs = [
      'Chromium/Application/chrome.exe',
      'Google/Chrome/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
    ];
    return programs.flatMap((program) => folders.map((folder) => join(String(folder), program)));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name)));
  if (platform === 'darwin') {
    const programs = [
      'Chromium.app/Contents/MacOS/Chromium',
      'Google Chrome.app/Contents/MacOS/Google Chrome',
    ];
    const usual = ['/Applications', join(homedir(), 'Applications')];
    return [...onPath, ...programs.flatMap((program) => usual.map((folder) => join(folder, program)))];
  }
  return [
    ...onPath,
    '/usr/bin/chromium',
    '/usr/lib/chromium/chromium',
    '/snap/bin/chromium',
    '/opt/google/chrome/chrome',
  ];
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} the executable's path; rejects with CommandFailed that says how to get one
 */
export async function ensureChromium({ log = console.error } = {}) {
  const found = findChromium();
  if (found !== null) return found;
  const named = process.env.TABLECAST_CHROMIUM;
  if (named) throw new CommandFailed(`TABLECAST_CHROMIUM is no Chromium that runs: ${named}`, 1);
  await aptInstall(aptPackages, () => log('Installing Chromium for the browser tests (this is done once) …'));
  const installed = findChromium();
  if (installed !== null) return installed;
  throw new CommandFailed(
    'The browser tests need Chromium or Chrome: install one, or name it in TABLECAST_CHROMIUM.',
    1,
  );
}

/** @param {string} path */
function isChromium(path) {
  try {
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) return false;
  } catch {
    return false;
  }
  // Some systems have a stand-in script of that name that only tells what to install. On Windows asking for the
  // version would open a window.
  return process.platform === 'win32' || runs(path, ['--version']);
}
