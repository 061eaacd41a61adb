import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.ts';

/** What the program writes at the end of all that it draws at a time (synchronized output). */
const END_FRAME = '\x1b[?2026l';
const IN_TERMINAL = fileURLToPath(new URL('in-terminal.py', import.meta.url));

export interface TerminalWindow {
  /** What is on the screen, row by row, without colours, as it was last drawn to its end. */
  rows(): readonly string[];
  /** Everything written, escape sequences included. */
  raw(): string;
  /** Resolves with the screen once a row of it matches. */
  shows(pattern: RegExp): Promise<readonly string[]>;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  close(): void;
}

/** Whether there is a Python that can make terminals. */
export function hasTerminals(): boolean {
  return spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
}

export function openTerminal(
  args: readonly string[],
  {
    columns = 60,
    rows = 10,
    env = {},
  }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): TerminalWindow {
  const command = [IN_TERMINAL, String(columns), String(rows), process.execPath, ...args];
  const child = spawn('python3', command, {
    env: { ...process.env, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  }).finally(() => process.off('exit', kill));
  const order = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    rows: () => screenOf(drawnWhole(raw)),
    raw: () => raw,
    shows: (pattern) =>
      waitFor(
        () => {
          const rows = screenOf(drawnWhole(raw));
          if (rows.some((row) => pattern.test(row))) return rows;
          throw new Error(rows.join('\n'));
        },
        { what: `${pattern} on the screen`, timeoutMs: 60_000 },
      ),
    type: (keys) => order(`type ${Buffer.from(keys).toString('hex')}`),
    resize: (toColumns, toRows) => order(`size ${toColumns} ${toRows}`),
    ended,
    close: kill,
  };
}

/** A terminal passes on what is written in pieces. */
function drawnWhole(raw: string): string {
  return raw.slice(0, Math.max(0, raw.lastIndexOf(END_FRAME)));
}

/** What the escape sequences that the program uses make of an empty screen: moves, erasures and text. */
function screenOf(raw: string): string[] {
  const rows: string[] = [];
  let row = 0;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  for (const [part, parameters, final] of raw.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|[^\x1b]+/g)) {
    const before = (rows[row] ?? '').slice(0, column).padEnd(column);
    if (final === 'H') {
      row = Number(parameters!.split(';')[0]) - 1;
      column = 0;
    } else if (final === 'J') rows.length = 0;
    else if (final === 'K') rows[row] = before;
    else if (final === undefined) {
      rows[row] = before + part + (rows[row] ?? '').slice(column + part.length);
      column += part.length;
    }
  }
  return Array.from(rows, (text) => (text ?? '').trimEnd());
}
