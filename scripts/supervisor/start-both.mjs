// What `npm start` and `tablecast` share: gateway and producer, from built programs, until a signal or the gateway's end.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtProgram, projectRoot } from '../prepare/project.mjs';
import { supervise } from './supervisor.mjs';
import { watchNpm } from './watch-npm.mjs';

/** The last two: the terminal was closed; Ctrl-Break on Windows. @type {readonly NodeJS.Signals[]} */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/**
 * @param {readonly string[]} args the gateway's flags
 * @returns {Promise<number>} the exit code
 */
export async function startBoth(args) {
  const { parseTcpAddress } = await import(
    pathToFileURL(join(projectRoot, 'dist', 'protocol', 'bus-address.js')).href
  );
  // Tokens among the arguments are not for everybody's eyes (ps).
  if (args.some((arg) => /^--(write|view)-token\b/.test(arg))) process.title = 'tablecast';
  const both = supervise({
    gatewayModule: builtProgram('gateway'),
    producerModule: builtProgram('producer'),
    args,
    parseTcpAddress,
  });
  // npm sends on what the terminal has sent already, so a signal may come twice; it asks for the same thing.
  for (const signal of endSignals) process.on(signal, () => void both.close());
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      // A reader that went away is its own affair; EIO says that the terminal is gone.
      if (error.code === 'EIO') void both.close();
    });
  }
  const watch = watchNpm(() => void both.close());
  return both.exitCode.finally(watch.close);
}
