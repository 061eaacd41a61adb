import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runPublish } from '../../../producer/files/run-publish.ts';
import { publishCommand } from '../../../producer/publish-command.ts';
import { type FakeGateway, fakeGateway } from './fake-gateway.ts';

export interface PublishRun {
  readonly printed: string[];
  readonly errors: string[];
  stop(): void;
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** A gateway that is none, a directory, and the command run against them. */
export interface PublishStage {
  readonly gateway: FakeGateway;
  path(name: string): string;
  run(args: readonly string[], stdin?: Readable): PublishRun;
  close(): Promise<void>;
}

export async function publishStage(): Promise<PublishStage> {
  const gateway = await fakeGateway();
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-publish-'));
  const runs: PublishRun[] = [];
  return {
    gateway,
    path: (name) => join(directory, name),
    run: (args, stdin = Readable.from([])) => {
      const run = start([...args, '--url', gateway.url.href], stdin);
      runs.push(run);
      return run;
    },
    close: async () => {
      for (const run of runs) run.stop();
      await Promise.all(runs.map(({ ended }) => ended));
      await gateway.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function start(args: readonly string[], stdin: Readable): PublishRun {
  const stop = new AbortController();
  const printed: string[] = [];
  const errors: string[] = [];
  let code = -1;
  const command = publishCommand({}, async (request) => {
    code = await runPublish(request, {
      stdin,
      print: (line) => printed.push(line),
      printError: (text) => errors.push(text),
      isTerminal: false,
      signal: stop.signal,
    });
  });
  command.exitOverride().configureOutput({ outputError: () => {} });
  const ended = command.parseAsync([...args], { from: 'user' }).then(() => code);
  return { printed, errors, stop: () => stop.abort(), ended };
}
