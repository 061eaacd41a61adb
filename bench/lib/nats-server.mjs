// A NATS server with JetStream on loopback, with a store of its own, and the processor time that it takes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findNatsServer } from '../../scripts/prepare/nats-server.mjs';
import { freePort } from './free-address.mjs';

const startTimeoutMs = 20_000;

/**
 * @typedef {object} NatsServer
 * @property {string} url for --log
 * @property {() => number} cpuMs since it started; NaN where the system has no /proc
 */

/**
 * Runs a server for the time of `work`, which does not happen where there is no nats-server.
 * @template T
 * @param {(line: string) => void} note told where it is left out
 * @param {(server: NatsServer) => Promise<T[]>} work
 * @returns {Promise<T[]>} nothing where it is left out
 */
export async function withNatsServer(note, work) {
  const path = findNatsServer();
  if (path === null) {
    note('LEFT OUT: there is no nats-server here; TABLECAST_NATS_SERVER names one.');
    return [];
  }
  const [port, directory] = [await freePort(), mkdtempSync(join(tmpdir(), 'tablecast-bench-nats-'))];
  const flags = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory];
  const child = spawn(path, flags, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await answering(port);
    return await work({ url: `nats://127.0.0.1:${port}`, cpuMs: () => cpuMsOf(child.pid ?? -1) });
  } finally {
    process.off('exit', kill);
    kill();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A server says INFO to whoever connects. @param {number} port */
async function answering(port) {
  const endMs = performance.now() + startTimeoutMs;
  while (performance.now() < endMs) {
    const isThere = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const finish = (/** @type {boolean} */ found) => {
        socket.destroy();
        resolve(found);
      };
      socket.once('data', () => finish(true)).once('error', () => finish(false));
    });
    if (isThere) return;
    await delay(50);
  }
  throw new Error(`nats-server does not answer on port ${port}`);
}

/** The first figure of schedstat is nanoseconds on a processor (Linux, Documentation/scheduler/sched-stats). @param {number} pid */
function cpuMsOf(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const ns = threads.map((id) =>
      Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'latin1').split(' ')[0]),
    );
    return ns.reduce((sum, each) => sum + each, 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}
