#!/usr/bin/env node
import { CommanderError } from 'commander';
import { publishCommand } from '../publish-command.ts';
import { runPublish } from './run-publish.ts';

/** As a shell says it: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
/** A second signal, or a gateway that does not answer, does not hold the end up. */
const MAX_CLOSE_MS = 3000;

const stop = new AbortController();
let stopCode: number | null = null;
for (const [signal, code] of Object.entries(SIGNALS)) {
  process.on(signal, () => {
    if (stopCode !== null) process.exit(code);
    stopCode = code;
    stop.abort();
    setTimeout(() => process.exit(code), MAX_CLOSE_MS).unref();
  });
}

try {
  const command = publishCommand(process.env, async (request) => {
    const code = await runPublish(request, {
      stdin: process.stdin,
      print: (line) => process.stdout.write(`${line}\n`),
      printError: (text) => process.stderr.write(text),
      isTerminal: process.stderr.isTTY === true,
      signal: stop.signal,
    });
    process.exitCode = stopCode ?? code;
  });
  command.exitOverride().configureOutput({ outputError: () => {} });
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) {
    const message = error.message.replace(/^error: /, '').replace(/\.$/, '');
    process.stderr.write(`tablecast publish: ${message}; --help lists the flags.\n`);
    process.exitCode = 2;
  }
}
// A standard input that nobody reads any more would keep the process.
process.stdin.destroy();
