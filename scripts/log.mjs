// tablecast log verify DIR: reads all of a data directory and says whether it is whole; changes nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './prepare/project.mjs';
import { CommandFailed } from './prepare/run-command.mjs';

/**
 * @param {readonly string[]} args
 * @returns {number} the exit code: 0 where nothing is wrong, 1 where something is
 */
export function logCommand(args) {
  const [verb, directory, ...more] = args;
  if (verb !== 'verify' || directory === undefined || more.length > 0 || directory.startsWith('-')) {
    console.error(
      'Usage: tablecast log verify DIR: checks every record of a --data-dir, and changes nothing',
    );
    return verb === '--help' || verb === '-h' ? 0 : 2;
  }
  const program = join(projectRoot, 'dist', 'gateway', 'log', 'verify-main.js');
  if (!existsSync(program)) throw new CommandFailed(`${program} is not built: run npm run build.`, 1);
  const { status, signal } = spawnSync(process.execPath, [program, directory], { stdio: 'inherit' });
  if (signal !== null) console.log(`damaged: reading it ended the process (${signal})`);
  return status ?? 1;
}
