// npm run fuzz, chaos, kills, soak: builds what is out of date and runs one of the long tests, whose flags become settings of
// its environment. A test that fails prints the command that runs it again.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { parseArgs } = await import('node:util');
const { ensureBuilt, runMain } = await import('./prepare/prepare.mjs');
const { projectRoot } = await import('./prepare/project.mjs');
const { CommandFailed, runNodeScript } = await import('./prepare/run-command.mjs');

/** The test of each run, and what it may be told: its flags and what they mean, all with a value. */
const runs = {
  fuzz: {
    test: ['--project', 'unit', 'test/fuzz/fuzz.test.ts'],
    flags: {
      count: 'inputs of each target (1000000)',
      seed: 'another one makes other inputs (1)',
      target:
        'one of arrow, compressed, publication, header, client-message, table-name, json, ndjson, csv (all)',
      first: 'the number of the first input (0)',
    },
    defaults: { count: '1000000' },
  },
  chaos: {
    test: ['--project', 'e2e', 'test/chaos/chaos.test.ts'],
    flags: {
      minutes: 'how long, one seed after the other (10)',
      seed: 'the first one; even ones have a data directory, odd ones have none (1)',
      rounds: 'of that seed alone: so often faults, then rest and comparison',
      'strike-ms': 'how long faults go on in a round (10000)',
    },
    defaults: { minutes: '10' },
  },
  kills: {
    test: ['--project', 'e2e', 'test/e2e/durable-kill.test.ts'],
    flags: { count: 'how often a gateway is killed, half of them with each --sync (200)' },
    defaults: { count: '200' },
  },
  soak: {
    test: ['--project', 'e2e', 'test/chaos/soak.test.ts'],
    flags: { minutes: 'how long (60)' },
    defaults: { minutes: '60' },
  },
  'chaos:nats': {
    test: ['--project', 'e2e', 'test/chaos/shared-log.test.ts'],
    flags: {
      minutes: 'how long (10)',
      seed: 'another one makes other faults (1)',
      viewers: 'how many (200)',
    },
    defaults: { minutes: '10' },
  },
};

/** @param {string} name @param {Readonly<Record<string, string>>} flags */
function usage(name, flags) {
  const lines = Object.entries(flags).map(([flag, meaning]) => `  --${flag} <value>  ${meaning}`);
  return [`Usage: npm run ${name} -- [flags]`, ...lines].join('\n');
}

/**
 * @param {string} name
 * @param {{ test: readonly string[], flags: Readonly<Record<string, string>>, defaults: Readonly<Record<string, string>> }} run
 * @param {readonly string[]} args
 */
async function start(name, { test, flags, defaults }, args) {
  const options = Object.fromEntries(
    Object.keys(flags).map((flag) => [flag, { type: /** @type {const} */ ('string') }]),
  );
  /** @type {Record<string, string | undefined>} */
  let given;
  try {
    given = /** @type {Record<string, string | undefined>} */ (
      parseArgs({ args: [...args], options }).values
    );
  } catch (error) {
    throw new CommandFailed(`${error instanceof Error ? error.message : error}\n${usage(name, flags)}`, 2);
  }
  const settings = Object.entries({ ...defaults, ...given }).map(([flag, value]) => [
    `TABLECAST_${name}_${flag}`.replaceAll(/[:-]/g, '_').toUpperCase(),
    value,
  ]);
  await ensureBuilt();
  return runNodeScript({
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run', ...test],
    cwd: projectRoot,
    env: { ...process.env, ...Object.fromEntries(settings) },
    toStdout: true,
  });
}

await runMain(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const run = Object.entries(runs).find(([known]) => known === name)?.[1];
  if (run === undefined)
    throw new CommandFailed(`There are the long runs ${Object.keys(runs).join(', ')}.`, 2);
  if (args.includes('--help')) return void console.log(usage(name, run.flags));
  return start(name, run, args);
});
