import { spawn } from 'node:child_process';

export interface RunningCommand {
  /** Everything written so far, errors included. */
  output(): string;
  /** Resolves with its exit code once all of its output is here; null where a signal ended it or it is not there. */
  readonly ended: Promise<number | null>;
  /** Ends it and waits; idempotent. */
  close(): Promise<void>;
}

/** Any program as another process, which ends with this one. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd }: { readonly cwd: string },
): RunningCommand {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  }).finally(() => process.off('exit', kill));
  return {
    output: () => output,
    ended,
    close: async () => {
      kill();
      await ended;
    },
  };
}
