// npm test: installs what is missing and runs every check; the first one that fails ends it with its exit code.
// What follows `npm test --` goes to Vitest (npm test -- test/e2e). The last line counts the tests.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { readFileSync, rmSync } = await import('node:fs');
const { join } = await import('node:path');
const { ensureChromium } = await import('./prepare/chromium.mjs');
const { ensureNatsServer } = await import('./prepare/nats-server.mjs');
const { seconds } = await import('./prepare/install.mjs');
const { ensureBuilt, ensureInstalled, runMain } = await import('./prepare/prepare.mjs');
const { projectRoot } = await import('./prepare/project.mjs');
const { CommandFailed, runNodeScript } = await import('./prepare/run-command.mjs');
const { countTests, summaryLine } = await import('./test-summary.mjs');

const reportPath = join(projectRoot, '.cache', 'test-report.json');

/** @param {string} name @param {() => Promise<void>} work */
async function step(name, work) {
  console.log(`── ${name}`);
  const startedAt = performance.now();
  await work();
  console.log(`── ${name}: ${seconds(performance.now() - startedAt)}\n`);
}

/** @param {string} what @param {string} script @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
async function tool(what, script, args, env = process.env) {
  const exitCode = await runNodeScript({ script, args, cwd: projectRoot, env, toStdout: true });
  if (exitCode !== 0) throw new CommandFailed(`${what} failed.`, exitCode);
}

/** @returns {import('./test-summary.mjs').TestReport | null} */
function readReport() {
  try {
    return JSON.parse(readFileSync(reportPath, 'utf8'));
  } catch {
    return null;
  }
}

async function checkEverything() {
  await ensureInstalled();
  const chromium = await ensureChromium();
  const natsServer = await ensureNatsServer();
  await step('format and lint', () =>
    tool('Format and lint', 'node_modules/@biomejs/biome/bin/biome', [
      'ci',
      ...(process.stdout.isTTY ? [] : ['--colors=off']),
      '.',
    ]),
  );
  await step('types', () => tool('The type check', 'node_modules/typescript/bin/tsc', ['--build']));
  await step('build', () => ensureBuilt());
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const env = {
    ...process.env,
    TABLECAST_CHROMIUM: chromium,
    ...(natsServer === null ? {} : { TABLECAST_NATS_SERVER: natsServer }),
  };
  const args = ['run', ...reporters, ...process.argv.slice(2)];
  await step('tests', () => tool('Tests', 'node_modules/vitest/vitest.mjs', args, env));
}

rmSync(reportPath, { force: true });
await runMain(checkEverything);
console.log(summaryLine(countTests(readReport(), Number(process.exitCode ?? 0))));
