import { parentPort, workerData } from 'node:worker_threads';
import { toTablecastError } from '../../protocol/errors.ts';
import { createLocalLogStore } from './local-log-store.ts';
import type { LogDirectoryOptions } from './log-directory.ts';
import type { LogStore } from './log-store.ts';
import type { LogAnswer, LogCall } from './log-thread.ts';

// The module that the log's thread runs: one call after the other.
const store = createLocalLogStore(workerData as LogDirectoryOptions);
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (call: LogCall) => {
  last = last.then(() => answer(call));
});

async function answer({ id, method, args }: LogCall): Promise<void> {
  try {
    const value = await (store[method] as (...args: unknown[]) => Promise<unknown>)(...args);
    post({ id, value }, method, value);
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    post({ id, failure: { code, detail: message } }, method, null);
  }
}

function post(message: LogAnswer, method: keyof LogStore, value: unknown): void {
  const page = method === 'read' ? (value as Awaited<ReturnType<LogStore['read']>> | null) : null;
  parentPort?.postMessage(message, page === null ? [] : [page.buffer.buffer]);
}
