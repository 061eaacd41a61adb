import { parentPort } from 'node:worker_threads';
import { hardenObjects } from '../../protocol/chart/harden-objects.ts';
import type { ChartJob } from './chart-job.ts';
import type { ChartAnswer } from './chart-thread.ts';
import { createChartDrawing } from './draw-chart.ts';

hardenObjects();
const draw = createChartDrawing();

// The module that the charts' thread runs: a job comes, its picture goes.
parentPort?.on('message', (job: ChartJob) => {
  let answer: ChartAnswer;
  try {
    answer = { type: 'drawn', picture: draw(job) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    answer = { type: 'failed', detail: `The chart of "${job.table}" could not be drawn: ${reason}` };
  }
  parentPort?.postMessage(answer);
});
