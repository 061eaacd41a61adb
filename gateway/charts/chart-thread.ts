import { Worker } from 'node:worker_threads';
import { TablecastError } from '../../protocol/errors.ts';
import type { ChartDrawer, DrawnPicture } from './chart-drawer.ts';
import type { ChartJob } from './chart-job.ts';

export interface ChartThreadOptions {
  /** A chart that takes longer is given up, and the thread with it. */
  readonly maxDrawMs?: number;
  /** The module that the thread runs. */
  readonly module?: URL;
}

/** What the thread answers to a job. */
export type ChartAnswer =
  | { readonly type: 'drawn'; readonly picture: DrawnPicture }
  | { readonly type: 'failed'; readonly detail: string };

const MAX_DRAW_MS = 10_000;
const MAX_HEAP_MIB = 1024;
/** What a chart leaves behind is large and short-lived: a thread that may keep less of it is resident with nearly 30 MB less. */
const MAX_YOUNG_MIB = 12;

/**
 * Draws in a thread of its own, one job at a time, which is started by the first job. A thread that ends, runs out of
 * memory or takes too long fails its job alone; the next job starts another one.
 */
export function createChartThread(options: ChartThreadOptions = {}): ChartDrawer {
  const { maxDrawMs = MAX_DRAW_MS, module = new URL('./chart-worker.js', import.meta.url) } = options;
  let worker: Worker | null = null;
  let isClosed = false;

  function start(): Worker {
    const started = new Worker(module, {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB, maxYoungGenerationSizeMb: MAX_YOUNG_MIB },
      stdout: true,
      stderr: true,
    });
    // What ECharts remarks about somebody's option is no matter of the gateway's log.
    started.stdout.resume();
    started.stderr.resume();
    started.unref();
    started.on('error', () => {});
    started.once('exit', () => {
      if (worker === started) worker = null;
    });
    return started;
  }

  function end(): Promise<unknown> {
    const ending = worker?.terminate() ?? Promise.resolve();
    worker = null;
    return ending;
  }

  return {
    draw(job) {
      if (isClosed) return Promise.reject(stopping());
      worker ??= start();
      const { promise, isLost } = ask(worker, job, maxDrawMs);
      const asked = worker;
      void isLost.then(() => {
        if (worker === asked) void end();
      });
      return promise.catch((error: unknown) => {
        throw isClosed ? stopping() : error;
      });
    },
    async close() {
      isClosed = true;
      await end();
    },
  };
}

/** `isLost` settles where the thread cannot be used any more. */
function ask(
  worker: Worker,
  job: ChartJob,
  maxDrawMs: number,
): { readonly promise: Promise<DrawnPicture>; readonly isLost: Promise<void> } {
  let lost: () => void = () => {};
  const isLost = new Promise<void>((resolve) => {
    lost = resolve;
  });
  const promise = new Promise<DrawnPicture>((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    const fail = (detail: string, cause?: unknown) => {
      finish(() => reject(new TablecastError('chart_failed', detail, { cause })));
      lost();
    };
    const onMessage = (answer: ChartAnswer) => {
      if (answer.type === 'drawn') finish(() => resolve(answer.picture));
      else finish(() => reject(new TablecastError('chart_failed', answer.detail)));
    };
    const onError = (error: Error) => fail(`The chart of "${job.table}" could not be drawn.`, error);
    const onExit = () => fail(`The chart of "${job.table}" could not be drawn.`);
    const timer = setTimeout(
      () => fail(`The chart of "${job.table}" took more than ${maxDrawMs} ms to draw; show less of it.`),
      maxDrawMs,
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job, [job.ipc.buffer]);
  });
  return { promise, isLost };
}

function stopping(): TablecastError {
  return new TablecastError('shutting_down', 'The gateway is stopping and draws no more charts.');
}
