// Finds the nats-server that the tests of the shared log use; installs one where the system's own package manager may be asked.
import { delimiter, join } from 'node:path';
import { aptInstall, runs } from './apt.mjs';

/** @returns {string | null} the executable's path; TABLECAST_NATS_SERVER names another */
export function findNatsServer(env = process.env) {
  const named = env.TABLECAST_NATS_SERVER;
  if (named) return runs(named, ['--version']) ? named : null;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  const candidates = [...folders, '/usr/sbin', '/usr/local/bin'].map((folder) => join(folder, name));
  return candidates.find((path) => runs(path, ['--version'])) ?? null;
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string | null>} the executable's path; null where there is none to be had
 */
export async function ensureNatsServer({ log = console.error } = {}) {
  const found = findNatsServer();
  if (found !== null) return found;
  await aptInstall(['nats-server'], () =>
    log('Installing nats-server for the tests of the shared log (this is done once) …'),
  );
  const installed = findNatsServer();
  if (installed === null)
    log(
      'There is no nats-server, so the tests of the shared log are left out; TABLECAST_NATS_SERVER names one.',
    );
  return installed;
}
