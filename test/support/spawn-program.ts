import { type ChildProgram, type ProgramEnd, startProgram } from '../../scripts/supervisor/child-program.mjs';

export interface SpawnProgramOptions {
  module: string;
  args: readonly string[];
  /** Added to this process's environment, without its TABLECAST_ settings. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

export interface SpawnedProgram {
  readonly pid: number;
  /** Everything written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in stdout; rejects where the program ends before, or takes too long. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Resolves once it has ended and all of its output is here. */
  readonly ended: Promise<ProgramEnd>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL; idempotent. */
  close(): Promise<ProgramEnd>;
}

/** Far more than any program takes on a machine that has other things to do. */
const END_TIMEOUT_MS = 20_000;

// Whatever a test leaves behind ends with the test's process: by this, and by the channel of startProgram.
const running = new Set<ChildProgram>();

function killRunning(): void {
  for (const program of running) program.process.kill('SIGKILL');
}

export function spawnProgram({ module, args, env = {}, cwd }: SpawnProgramOptions): SpawnedProgram {
  const program = startProgram({
    module,
    args,
    env: { ...environmentWithoutSettings(), ...env },
    stdout: 'pipe',
    stderr: 'pipe',
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (running.size === 0) process.once('exit', killRunning);
  running.add(program);
  void program.ended.then(() => {
    running.delete(program);
    if (running.size === 0) process.off('exit', killRunning);
  });
  let stdout = '';
  let stderr = '';
  program.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  program.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    pid: program.process.pid ?? -1,
    stdout: () => stdout,
    stderr: () => stderr,
    ended: program.ended,
    printed: (pattern, timeoutMs = 45_000) =>
      untilPrinted(program, pattern, timeoutMs, () => ({ stdout, stderr })),
    kill: (signal) => void program.process.kill(signal),
    close: () => program.close(END_TIMEOUT_MS),
  };
}

function untilPrinted(
  program: ChildProgram,
  pattern: RegExp,
  timeoutMs: number,
  output: () => { stdout: string; stderr: string },
): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      const { stdout, stderr } = output();
      finish(() => reject(new Error(`${why} ${pattern}\nstdout: ${stdout}\nstderr: ${stderr}`)));
    };
    const timer = setTimeout(() => fail(`Not printed in ${timeoutMs} ms:`), timeoutMs);
    const look = (): void => {
      const match = output().stdout.match(pattern);
      if (match !== null) finish(() => resolve(match));
    };
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      program.process.stdout?.off('data', look);
      settle();
    };
    // Registered after the listener that collects, hence called after it.
    program.process.stdout?.on('data', look);
    void program.ended.then(({ code, signal }) => fail(`Ended (${signal ?? code}) without printing`));
    look();
  });
}

function environmentWithoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TABLECAST_')));
}
