// npm run bench: runs the benchmarks one after the other. Figures for people go to stdout as they come, or with --json
// one line per result; what happens meanwhile to stderr.
import { cases } from './lib/cases.mjs';
import { parseOptions, UsageError } from './lib/options.mjs';
import { isPeerInstalled } from './lib/packages.mjs';
import { describe } from './lib/result.mjs';

/** @param {import('./lib/options.mjs').BenchOptions} options */
function chosenCases({ only }) {
  if (only === null) return cases.filter((one) => one.isLong !== true);
  for (const name of only) {
    if (!cases.some((one) => one.name === name))
      throw new UsageError(`There is no benchmark "${name}"; --list names them`);
  }
  return cases.filter((one) => only.includes(one.name));
}

/** @param {import('./lib/options.mjs').BenchOptions} options */
async function run(options) {
  if (options.list) {
    for (const { name, about, isLong } of cases)
      console.log(`${name}: ${about}${isLong ? ' (only by name)' : ''}`);
    return;
  }
  const chosen = chosenCases(options);
  for (const peer of /** @type {const} */ (['perspective', 'socket.io'])) {
    if (!isPeerInstalled(peer)) console.error(`${peer} is not installed in bench/: it does not race.`);
  }
  for (const one of chosen) {
    console.error(`── ${one.name}: ${one.about}`);
    const { rounds, smoke, profile } = options;
    const note = (/** @type {string} */ line) => console.error(`   ${line}`);
    const startedAt = performance.now();
    for (const figures of await one.run({ rounds, smoke, profile, note }))
      console.log(options.json ? JSON.stringify(figures) : describe(figures));
    console.error(`── ${one.name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

try {
  await run(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
}
