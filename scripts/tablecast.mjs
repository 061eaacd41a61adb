#!/usr/bin/env node
// tablecast: the installed package's one command. Without a word it starts gateway and producer, as npm start does.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { existsSync } = await import('node:fs');
const { join } = await import('node:path');
const { runMain } = await import('./prepare/prepare.mjs');
const { builtProgram, projectRoot } = await import('./prepare/project.mjs');
const { CommandFailed } = await import('./prepare/run-command.mjs');
const { runProgram } = await import('./supervisor/run-program.mjs');
const { startBoth } = await import('./supervisor/start-both.mjs');

/** Command → the built module that carries it out. */
const commands = new Map([
  ['gateway', 'gateway/main.js'],
  ['producer', 'producer/main.js'],
]);

await runMain(async () => {
  const [word, ...args] = process.argv.slice(2);
  if (word === undefined || word.startsWith('-')) {
    if (word === '--help' || word === '-h') {
      console.log(`tablecast [gateway flags]  starts the gateway and this machine's producer`);
      console.log(`tablecast COMMAND [flags]  runs one of: ${[...commands.keys()].join(', ')}\n`);
    }
    if (!existsSync(builtProgram('gateway'))) throw new CommandFailed('Not built: run npm run build.', 1);
    return startBoth(process.argv.slice(2));
  }
  const module = commands.get(word);
  if (module === undefined) {
    console.error(`tablecast has no command "${word}"; it has: ${[...commands.keys()].join(', ')}`);
    return 2;
  }
  await runProgram(join(projectRoot, 'dist', module), args);
});
