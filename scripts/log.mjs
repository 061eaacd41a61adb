// tablecast log verify DIR: reads all of a data directory and says whether it is whole; changes nothing.
// tablecast log copy DIR nats://HOST:PORT: begins a log that several gateways share with what a data directory holds.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { builtProgram } from './prepare/project.mjs';
import { CommandFailed } from './prepare/run-command.mjs';

const usage = `Usage:
  tablecast log verify DIR                  checks every record of a --data-dir, and changes nothing
  tablecast log copy DIR nats://HOST:PORT   begins a shared log with what it holds; --help says more`;

/**
 * @param {readonly string[]} args
 * @returns {number} the exit code: 0 where nothing is wrong, 1 where something is
 */
export function logCommand(args) {
  const [verb, ...more] = args;
  if (verb === 'copy') return run('copy-main', more).status ?? 1;
  const [directory] = more;
  if (verb !== 'verify' || directory === undefined || more.length > 1 || directory.startsWith('-')) {
    console.error(usage);
    return verb === '--help' || verb === '-h' ? 0 : 2;
  }
  const { status, signal } = run('verify-main', [directory]);
  if (signal !== null) console.log(`damaged: reading it ended the process (${signal})`);
  return status ?? 1;
}

/** @param {string} name @param {readonly string[]} args */
function run(name, args) {
  const program = builtProgram(name);
  if (!existsSync(program)) throw new CommandFailed(`${program} is not built: run npm run build.`, 1);
  return spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' });
}
