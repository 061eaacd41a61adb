#!/usr/bin/env node
import { CommanderError } from 'commander';
import { toTablecastError } from '../protocol/errors.ts';
import { producerCommand } from './command.ts';
import type { SystemSource } from './system-source.ts';

/** Until the sources' own helper processes, or a peer that takes nothing, would hold the end up. */
const MAX_CLOSE_MS = 400;

async function close(source: SystemSource): Promise<void> {
  setTimeout(() => process.exit(0), MAX_CLOSE_MS).unref();
  await source.close();
}

try {
  const command = producerCommand({
    env: process.env,
    print: (line) => process.stdout.write(`${line}\n`),
    printError: (line) => process.stderr.write(`${line}\n`),
    onStarted: (source) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(source));
    },
  });
  command.exitOverride().configureOutput({ outputError: () => {} });
  command.parse();
} catch (error) {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (!isHelp) {
    const hint = error instanceof CommanderError ? '; --help lists the flags' : '';
    const message = toTablecastError(error)
      .message.replace(/^error: /, '')
      .replace(/\.$/, '');
    process.stderr.write(`tablecast producer: ${message}${hint}.\n`);
    process.exitCode = 1;
  }
}
