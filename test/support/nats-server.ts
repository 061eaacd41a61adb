import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from '../../scripts/prepare/nats-server.mjs';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

/** The nats-server that tests run; null where there is none, so that what needs it is left out, aloud. */
export const natsServerPath = findNatsServer();

/** Why tests are left out, as a part of their title. */
export const natsTitle = natsServerPath === null ? ' (left out: no nats-server here)' : '';

export interface NatsServer {
  readonly port: number;
  /** For `--log`. */
  readonly url: string;
  /** Of its store. */
  readonly directory: string;
  start(): Promise<void>;
  /** Ends it; what it stored stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and removes what it stored. */
  close(): Promise<void>;
}

/** A NATS server with JetStream on loopback, with a store of its own, started. */
export async function startNatsServer(args: readonly string[] = []): Promise<NatsServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-nats-'));
  let running: ChildProcess | null = null;
  const kill = () => void running?.kill('SIGKILL');
  const start = async () => {
    const flags = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory, ...args];
    const child = spawn(natsServerPath!, flags, { stdio: 'ignore' });
    running = child;
    process.once('exit', kill);
    await waitFor(() => child.exitCode === null && answers(port), {
      what: `nats-server on port ${port}`,
      timeoutMs: 60_000,
    });
  };
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const child = running;
    running = null;
    process.off('exit', kill);
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    port,
    directory,
    url: `nats://127.0.0.1:${port}`,
    start,
    stop,
    pause: () => void running?.kill('SIGSTOP'),
    resume: () => void running?.kill('SIGCONT'),
    async close() {
      await stop('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A server says INFO to whoever connects. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    const finish = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('data', () => finish(true)).once('error', () => finish(false));
    // One that begins or ends may take the connection, and end it without a word.
    socket.once('close', () => finish(false));
  });
}
