// npm start: installs and builds what is missing, then runs the gateway and the built-in producer.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { ensureBuilt, runMain } = await import('./prepare/prepare.mjs');
const { startBoth } = await import('./supervisor/start-both.mjs');

await runMain(async () => {
  await ensureBuilt();
  return startBoth(process.argv.slice(2));
});
