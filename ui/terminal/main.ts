#!/usr/bin/env node
import { CommanderError } from 'commander';
import { TablecastError } from '../../protocol/errors.ts';
import { GatewayUnreachable } from '../client/node.ts';
import { terminalProgram } from './program.ts';
import { safeText } from './safe-text.ts';

/** Commands have so long to end by themselves once a signal came. */
const MAX_END_MS = 500;
const USAGE = 2;

function hintFor(error: unknown): string {
  if (error instanceof GatewayUnreachable) {
    return /SELF_SIGNED|UNABLE_TO_VERIFY|CERT/.test(error.message)
      ? ' Name its certificate in NODE_EXTRA_CA_CERTS.'
      : ' Start one with tablecast, or name another with --url or TABLECAST_URL.';
  }
  const wantsToken = error instanceof TablecastError && error.code === 'unauthorized';
  return wantsToken ? ' Give the token with --token or TABLECAST_TOKEN.' : '';
}

function complain(error: unknown): void {
  const [, word = ''] = /^([a-z]+)$/.exec(process.argv[2] ?? '') ?? [];
  const name = word === '' ? 'tablecast' : `tablecast ${word}`;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return;
    process.stderr.write(`${name}: ${error.message.replace(/^error: /, '')}; --help lists the flags.\n`);
    process.exitCode = USAGE;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${name}: ${safeText(message)}${hintFor(error)}\n`);
  process.exitCode = error instanceof TablecastError && error.code === 'bad_parameter' ? USAGE : 1;
}

const ended = new AbortController();
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => {
    process.exitCode = 128 + number;
    ended.abort();
    setTimeout(() => process.exit(), MAX_END_MS).unref();
  });
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads has had enough, as `head` has, or the terminal is gone.
  if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(0);
  complain(error);
  process.exit();
});

const { env, stdin, stdout, stderr } = process;
try {
  await terminalProgram({ env, stdin, stdout, stderr, ended: ended.signal }).parseAsync();
} catch (error) {
  if (!ended.signal.aborted) complain(error);
}
// The line's closing handshake is not waited for.
stdout.write('', () => process.exit());
