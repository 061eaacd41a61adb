import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withLock } from '../../scripts/prepare/lock.mjs';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { pythonVenv, pythonVenvTimeoutMs } from './python-venv.ts';

/**
 * The tests' Python environment with these packages too, as `pip install` gets them.
 * Resolves with its interpreter's path; with null, after one line that says why, where there can be none here.
 */
export async function pythonPackages(names: readonly string[]): Promise<string | null> {
  const python = await pythonVenv();
  if (python === null) return null;
  const areThere = () =>
    runs(python, ['-c', 'import importlib.metadata as m, sys; [m.version(n) for n in sys.argv[1:]]']);
  const runs = (program: string, args: readonly string[]) =>
    spawnSync(program, [...args, ...names], { stdio: 'ignore' }).status === 0;
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  return withLock(
    { path: join(projectRoot, '.cache', 'venv.lock'), timeoutMs: pythonVenvTimeoutMs },
    async () => {
      if (areThere() || runs(python, install)) return python;
      console.warn(`Python tests are skipped: pip could not install ${names.join(' and ')}.`);
      return null;
    },
  );
}
