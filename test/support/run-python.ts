import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/prepare/project.mjs';

export interface PythonRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunPythonOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs lines of Python with `tablecast.py` beside them, to their end; -1 where they take too long. */
export function runPython(
  python: string,
  lines: string,
  args: readonly string[],
  { env = {}, timeoutMs = 120_000 }: RunPythonOptions = {},
): Promise<PythonRun> {
  const module = join(projectRoot, 'producer', 'python');
  const own = { PYTHONPATH: module, PYTHONDONTWRITEBYTECODE: '1', TABLECAST_URL: '', TABLECAST_TOKEN: '' };
  const options = { env: { ...process.env, ...own, ...env }, timeout: timeoutMs };
  return new Promise((resolve) => {
    execFile(python, ['-c', lines, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
