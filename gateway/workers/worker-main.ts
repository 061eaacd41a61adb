import { Socket } from 'node:net';
import { pino } from 'pino';
import { startWorker, type Worker } from './worker.ts';
import { FEED_FD, type FromWorker, type ToWorker, type WorkerStart } from './worker-message.ts';

const MAX_ALONE_MS = 500;

// What each worker runs. It lives and ends with the first process, which alone heeds signals.
process.title = 'tablecast worker';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
let worker: Promise<Worker> | null = null;
let isStopping = false;

process.on('message', (message: ToWorker, socket: Socket | undefined) => {
  if (message.type === 'start') worker = start(message);
  else if (message.type === 'stop') void stop();
  else void worker?.then((started) => started.take(message, socket));
});
// Nothing that was passed on is answered any more: viewers are told, and that is all.
process.on('disconnect', () => {
  setTimeout(() => process.exit(0), MAX_ALONE_MS);
  void stop();
});

async function start(options: WorkerStart): Promise<Worker> {
  const logger = pino(
    { level: options.config.logLevel, base: { pid: process.pid, worker: options.number } },
    pino.destination(2),
  );
  try {
    const feed = new Socket({ fd: FEED_FD });
    const started = await startWorker({ start: options, feed, logger, tell });
    void started.lost.then((error) => {
      if (!isStopping) end(error);
    });
    tell({ type: 'ready' });
    return started;
  } catch (error) {
    return end(error);
  }
}

function tell(message: FromWorker): void {
  // Where the first process has ended, `disconnect` says so.
  if (process.connected) process.send!(message, undefined, {}, () => {});
}

async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await (await worker)?.close();
  process.exit(0);
}

function end(error: unknown): never {
  if (process.connected) console.error(error);
  process.exit(1);
}
