#!/usr/bin/env node
// tablecast: the installed package's one command. Without a word it starts gateway and producer, as npm start does.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { existsSync } = await import('node:fs');
const { runMain } = await import('./prepare/prepare.mjs');
const { builtProgram } = await import('./prepare/project.mjs');
const { CommandFailed } = await import('./prepare/run-command.mjs');
const { runProgram } = await import('./supervisor/run-program.mjs');
const { startBoth } = await import('./supervisor/start-both.mjs');

/** Command → the program that carries it out. */
const commands = new Map([
  ['gateway', 'gateway'],
  ['producer', 'producer'],
  ['publish', 'publish'],
]);

/** Those of the terminal's program, which is told which one. */
const terminalCommands = ['tail', 'update', 'tables', 'top', 'completion'];
for (const command of terminalCommands) commands.set(command, 'terminal');

await runMain(async () => {
  const [word, ...args] = process.argv.slice(2);
  if (word === undefined || word.startsWith('-')) {
    if (word === '--help' || word === '-h') {
      console.log(`tablecast [gateway flags]  starts the gateway and this machine's producer`);
      console.log(`tablecast COMMAND [flags]  runs one of: ${[...commands.keys()].join(', ')}`);
      console.log(`tablecast keys NAME        makes a key pair for the bus: NAME.key and NAME.pub`);
      console.log(`tablecast log verify DIR   checks what a gateway keeps in its --data-dir`);
      console.log(`tablecast log copy DIR nats://HOST:PORT   begins a shared log with it\n`);
    }
    if (!existsSync(builtProgram('gateway'))) throw new CommandFailed('Not built: run npm run build.', 1);
    return startBoth(process.argv.slice(2));
  }
  if (word === 'keys') {
    const { makeKeys } = await import('./keys.mjs');
    return makeKeys(args);
  }
  if (word === 'log') {
    const { logCommand } = await import('./log.mjs');
    return logCommand(args);
  }
  const program = commands.get(word);
  if (program === undefined) {
    console.error(
      `tablecast has no command "${word}"; it has: ${[...commands.keys(), 'keys', 'log'].join(', ')}`,
    );
    return 2;
  }
  const own = terminalCommands.includes(word) ? [word, ...args] : args;
  await runProgram(builtProgram(program), own);
});
