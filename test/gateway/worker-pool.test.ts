import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../gateway/config.ts';
import { WorkerPool } from '../../gateway/workers/worker-pool.ts';
import { forkWorker } from '../../gateway/workers/worker-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { LoggedTables } from './log-behaviour.ts';

const FAKE = new URL('../support/fake-worker.mjs', import.meta.url);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A pool of one worker that only says that it serves; `forks` start those that follow the first, and then the fake again. */
async function openPool(forks: readonly (() => ChildProcess)[] = []) {
  const children: ChildProcess[] = [];
  let forked = 0;
  const logged: string[] = [];
  const pool = new WorkerPool({
    config: { ...DEFAULT_CONFIG, workers: 1, port: 0 },
    pageDirectory: '/there/is/no/page',
    logger: pino({ level: 'info' }, { write: (line) => logged.push(line) }),
    fork: () => {
      const start = forks[forked++ - 1];
      if (start !== undefined) return start();
      const child = forkWorker(FAKE);
      children.push(child);
      return child;
    },
  });
  closing.push(() => pool.close());
  await pool.start({ store: new LoggedTables().store, epoch: 'epoch' });
  return { pool, children, logged };
}

/** As Node leaves a process for which there was no file: without pipes, and the error follows. */
function withoutFiles(): ChildProcess {
  const child = Object.assign(new EventEmitter(), { connected: false, kill: () => false });
  process.nextTick(() => child.emit('error', new Error('spawn EMFILE')));
  return child as unknown as ChildProcess;
}

function withoutProgram(): ChildProcess {
  return fork(FAKE, [], {
    execPath: '/there/is/no/program',
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'],
  });
}

/** One that never comes to serve. */
function loading(): ChildProcess {
  return fork(FAKE, ['loading'], { stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'] });
}

function refused(): never {
  throw new Error('spawn EPERM');
}

test('a worker that could not be started is started again, however that failed', async () => {
  const { pool, children, logged } = await openPool([withoutFiles, withoutProgram, refused]);
  children[0]!.kill('SIGKILL');
  await waitFor(() => pool.workerReadings().workers.length === 1 && children.length === 2, {
    what: 'a worker that serves',
  });
  expect(pool.workerReadings().restarts).toBe(4);
  for (const why of ['SIGKILL', 'EMFILE', 'ENOENT', 'EPERM'])
    expect(logged.filter((line) => line.includes(why))).toHaveLength(1);
});

test('a pool closes where its worker could not be started again', async () => {
  const { pool, children, logged } = await openPool([withoutProgram, withoutProgram, withoutProgram]);
  children[0]!.kill('SIGKILL');
  await waitFor(() => logged.some((line) => line.includes('ENOENT')), { what: 'the refusal' });
  await pool.close();
});

test('a version is not waited for at a worker that does not serve yet', async () => {
  const { pool, children } = await openPool([loading]);
  children[0]!.kill('SIGKILL');
  await waitFor(() => pool.workerReadings().restarts === 1, { what: 'a worker that loads' });
  const drawn = await pool.viewers.drawn({ version: 1, committedAtMs: 0, timeoutMs: 600_000 });
  expect(drawn).toEqual({ tookMs: [], pending: 0, hidden: 0 });
});
