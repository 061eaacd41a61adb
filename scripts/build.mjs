// npm run build: brings everything that is built up to date; with --clean, from nothing.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { rmSync } = await import('node:fs');
const { join } = await import('node:path');
const { ensureBuilt, runMain } = await import('./prepare/prepare.mjs');
const { projectRoot } = await import('./prepare/project.mjs');

await runMain(async () => {
  if (process.argv.includes('--clean')) rmSync(join(projectRoot, 'dist'), { recursive: true, force: true });
  await ensureBuilt();
});
