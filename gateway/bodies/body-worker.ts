import { parentPort } from 'node:worker_threads';
import { answerJob, type BodyJob } from './body-job.ts';

// What a body thread runs: one job after the other.
parentPort?.on('message', (job: BodyJob) => {
  const answer = answerJob(job);
  parentPort?.postMessage(
    answer,
    answer.type === 'converted' ? [answer.arrow.buffer, answer.body.buffer] : [],
  );
});
