// npm run bench: installs what is missing, the peers too, builds what is out of date, and runs the benchmarks. What
// follows `npm run bench --` goes to them: --list, --only NAME[,NAME], --json, --rounds N, --profile.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { join } = await import('node:path');
const { ensureBuilt, ensureInstalled, runMain } = await import('./prepare/prepare.mjs');
const { projectRoot } = await import('./prepare/project.mjs');
const { runNodeScript } = await import('./prepare/run-command.mjs');

const benchRoot = join(projectRoot, 'bench');

await runMain(async () => {
  await ensureBuilt();
  await ensureInstalled({ root: benchRoot });
  return runNodeScript({
    script: join(benchRoot, 'main.mjs'),
    args: process.argv.slice(2),
    cwd: projectRoot,
    toStdout: true,
  });
});
