// Runs a built program inside this process, so that signals, output and the exit code are its own.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { CommandFailed } from '../prepare/run-command.mjs';

/**
 * @param {string} module
 * @param {readonly string[]} args
 * @returns {Promise<void>} resolved when the module has loaded; the program may go on
 */
export async function runProgram(module, args) {
  if (!existsSync(module)) throw new CommandFailed(`${module} is not built: run npm run build.`, 1);
  process.argv.splice(1, process.argv.length - 1, module, ...args);
  await import(pathToFileURL(module).href);
}
