import { Worker } from 'node:worker_threads';
import { type ErrorCode, TablecastError } from '../../protocol/errors.ts';
import type { LogDirectoryOptions } from './log-directory.ts';
import type { LogStore } from './log-store.ts';

/** A call of a {@link LogStore}'s method, as it goes to the thread. */
export interface LogCall {
  readonly id: number;
  readonly method: keyof LogStore;
  readonly args: readonly unknown[];
}

export type LogAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: { readonly code: ErrorCode; readonly detail: string } };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: TablecastError) => void;
}

/** A log store in a thread of its own, so that neither the disk nor checksums hold the event loop. */
export function createLogThread(
  options: Omit<LogDirectoryOptions, 'isReadOnly'>,
  module: URL = new URL('./log-worker.js', import.meta.url),
): LogStore {
  const worker = new Worker(module, { workerData: options });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let hasEnded = false;
  worker.on('message', (answer: LogAnswer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) call?.reject(new TablecastError(answer.failure.code, answer.failure.detail));
    else call?.resolve(answer.value);
  });
  const end = (cause?: unknown) => {
    hasEnded = true;
    for (const { reject } of waiting.values()) reject(lost(cause));
    waiting.clear();
  };
  worker.on('error', end).once('exit', () => end());

  function call<T>(
    method: keyof LogStore,
    args: readonly unknown[],
    handedOver: ArrayBuffer[] = [],
  ): Promise<T> {
    if (hasEnded) return Promise.reject(lost());
    const id = ++lastId;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, method, args } satisfies LogCall, handedOver);
    });
  }

  return {
    open: () => call('open', []),
    read: (series, from, maxBytes) => call('read', [series, from, maxBytes]),
    write: (job) => call('write', [job], [job.buffer.buffer]),
    clean: () => call('clean', []),
    async close() {
      if (hasEnded) return;
      await call('close', []);
      await worker.terminate();
    },
  };
}

function lost(cause?: unknown): TablecastError {
  return new TablecastError(
    'log_write_failed',
    'The thread that writes the data directory has ended; start the gateway again.',
    { cause },
  );
}
