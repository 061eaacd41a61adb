// Runs one tool to its end. Its output goes to stderr: stdout belongs to the programs that are started afterwards.
import { spawn } from 'node:child_process';

/** A tool that ended with another code than 0. The tool has said why; `exitCode` is what to end with. */
export class CommandFailed extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode) {
    super(message);
    this.name = 'CommandFailed';
    this.exitCode = exitCode;
  }
}

/**
 * @param {{ command: string, args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv, shell?: boolean, toStdout?: boolean }} options
 * @returns {Promise<number>} the exit code; 1 where a signal ended it
 */
export function runCommand({ command, args, cwd, env = process.env, shell = false, toStdout = false }) {
  return new Promise((resolve, reject) => {
    // With a shell, Node deprecates separate arguments; ours are constants without spaces.
    const child = shell
      ? spawn([command, ...args].join(' '), { cwd, env, shell: true, stdio: ['ignore', 2, 2] })
      : spawn(command, args, { cwd, env, stdio: ['ignore', toStdout ? 1 : 2, 2] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a JavaScript tool with this Node.
 * @param {{ script: string, args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv, toStdout?: boolean }} options
 */
export function runNodeScript({ script, args, ...rest }) {
  return runCommand({ command: process.execPath, args: [script, ...args], ...rest });
}
