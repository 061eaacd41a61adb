// npm run gateway, npm run producer: installs and builds what is missing, then runs that one program.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { buildTargets } = await import('./prepare/build-targets.mjs');
const { ensureBuilt, runMain } = await import('./prepare/prepare.mjs');
const { builtProgram } = await import('./prepare/project.mjs');
const { runProgram } = await import('./supervisor/run-program.mjs');

/** What only the gateway serves. */
const pageTargets = ['page', 'client script', 'elements script', 'Python module'];

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name !== 'gateway' && name !== 'producer') {
    console.error('Usage: node scripts/run.mjs gateway|producer [flags]');
    return 2;
  }
  // The producer needs no page, and none of its scripts.
  await ensureBuilt({
    targets: buildTargets.filter((target) => name === 'gateway' || !pageTargets.includes(target.name)),
  });
  await runProgram(builtProgram(name), args);
});
