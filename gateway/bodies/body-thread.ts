import { Worker } from 'node:worker_threads';
import { TablecastError } from '../../protocol/errors.ts';
import type { BodyAnswer, BodyJob } from './body-job.ts';

/** Converts one body at a time. */
export interface BodyThread {
  /** @throws TablecastError `internal`, `too_large` where the thread ended or had too little memory for it */
  answer(job: BodyJob): Promise<BodyAnswer>;
  close(): Promise<void>;
}

export interface BodyThreadOptions {
  /** The module that the thread runs. */
  readonly module: URL;
  /** Bytes lie outside of the heap; names and types are about all that it holds. */
  readonly maxHeapMib: number;
}

/** A thread that the first job starts. Where it ends it fails that job alone; the next job starts another one. */
export function createBodyThread({ module, maxHeapMib }: BodyThreadOptions): BodyThread {
  let worker: Worker | null = null;

  function start(): Worker {
    const started = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMib } });
    const forget = () => {
      if (worker === started) worker = null;
    };
    started.unref();
    started.on('error', forget).once('exit', forget);
    return started;
  }

  return {
    answer(job) {
      worker ??= start();
      return ask(worker, job);
    },
    async close() {
      const ending = worker?.terminate();
      worker = null;
      await ending;
    },
  };
}

function ask(worker: Worker, job: BodyJob): Promise<BodyAnswer> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    const onMessage = (answer: BodyAnswer) => finish(() => resolve(answer));
    const onError = (error: Error) => finish(() => reject(lost(error)));
    const onExit = () => finish(() => reject(lost()));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job, [job.body.buffer]);
  });
}

function lost(cause?: Error & { readonly code?: string }): TablecastError {
  if (cause?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const detail =
      'The body takes more memory to convert than there is for it; send it in parts, or as Arrow.';
    return new TablecastError('too_large', detail, { cause });
  }
  return new TablecastError('internal', 'The body could not be converted: the thread that did it ended.', {
    cause,
  });
}
