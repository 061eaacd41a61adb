import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../scripts/prepare/lock.mjs';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const packages = ['pyarrow', 'pyzmq', 'pandas', 'polars', 'duckdb'];
const venvPath = join(projectRoot, '.cache', 'venv');
const markerPath = join(venvPath, 'tablecast-packages.txt');
const interpreter =
  process.platform === 'win32' ? join(venvPath, 'Scripts', 'python.exe') : join(venvPath, 'bin', 'python');
const pythonCommands: readonly (readonly [string, ...string[]])[] = [
  ['python3'],
  ['python'],
  ...(process.platform === 'win32' ? ([['py', '-3']] as const) : []),
];

/** How long making it may take: give the hook that calls `pythonVenv()` this much. */
export const pythonVenvTimeoutMs = 240_000;

/**
 * A virtual environment with pyarrow, pyzmq, pandas, polars and DuckDB, made on first use and kept in .cache.
 * Resolves with its interpreter's path; with null, after one line that says why, where there can be none here.
 */
export async function pythonVenv(): Promise<string | null> {
  if (isReady()) return interpreter;
  return withLock(
    { path: join(projectRoot, '.cache', 'venv.lock'), timeoutMs: pythonVenvTimeoutMs },
    async () => {
      if (isReady()) return interpreter;
      const problem = await makeVenv();
      if (problem === null) return interpreter;
      console.warn(`Python tests are skipped: ${problem}`);
      return null;
    },
  );
}

function isReady(): boolean {
  return (
    existsSync(interpreter) &&
    existsSync(markerPath) &&
    readFileSync(markerPath, 'utf8') === packages.join(' ')
  );
}

/** @returns what is missing, or null once the environment is there */
async function makeVenv(): Promise<string | null> {
  const python = await findPython();
  if (python === null) return 'no Python 3.9 or newer was found.';
  rmSync(venvPath, { recursive: true, force: true });
  const [command, ...args] = python;
  if (!(await succeeds(command, [...args, '-m', 'venv', venvPath]))) {
    return 'Python cannot make a virtual environment (on Debian and Ubuntu: apt-get install python3-venv).';
  }
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--only-binary',
    ':all:',
  ];
  if (!(await succeeds(interpreter, [...install, ...packages]))) {
    return `pip could not install ${packages.join(' and ')}.`;
  }
  writeFileSync(markerPath, packages.join(' '));
  return null;
}

async function findPython(): Promise<readonly [string, ...string[]] | null> {
  const check = 'import sys; sys.exit(sys.version_info < (3, 9))';
  for (const python of pythonCommands) {
    const [command, ...args] = python;
    if (await succeeds(command, [...args, '-c', check])) return python;
  }
  return null;
}

function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
