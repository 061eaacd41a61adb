import type { Definition } from './metric-definition.ts';

/** A worker as it is seen by the first process. */
export interface WorkerReading {
  /** From 1 on; a worker that follows another one has its number. */
  readonly number: number;
  readonly viewers: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** What it has not taken yet of what was folded. */
  readonly lagBytes: number;
}

export interface WorkerReadings {
  /** Those that serve viewers now. */
  readonly workers: readonly WorkerReading[];
  /** Workers that ended and were started again. */
  readonly restarts: number;
}

/** The processes that serve the viewers, one by one; none of it where there is one process alone. */
export function workerMetrics({
  workers,
}: {
  readonly workers: (() => WorkerReadings) | null;
}): Definition[] {
  if (workers === null) return [];
  const each = (of: (worker: WorkerReading) => number) => () =>
    workers().workers.map((worker) => [String(worker.number), of(worker)] as const);
  return [
    {
      kind: 'gauge',
      name: 'workers',
      help: 'With --workers: processes that serve viewers now.',
      read: () => workers().workers.length,
    },
    {
      kind: 'counter',
      name: 'worker_restarts_total',
      help: 'With --workers: times that one ended and was started again.',
      read: () => workers().restarts,
    },
    {
      kind: 'gauge',
      name: 'worker_viewers',
      help: 'With --workers: connected viewers of each.',
      label: 'worker',
      read: each(({ viewers }) => viewers),
    },
    {
      kind: 'counter',
      name: 'worker_cpu_seconds_total',
      help: 'With --workers: processor time of each, since it was started.',
      label: 'worker',
      read: each(({ cpuSeconds }) => cpuSeconds),
    },
    {
      kind: 'gauge',
      name: 'worker_resident_bytes',
      help: 'With --workers: memory of each.',
      label: 'worker',
      read: each(({ residentBytes }) => residentBytes),
    },
    {
      kind: 'gauge',
      name: 'worker_lag_bytes',
      help: 'With --workers: what each has not taken yet of what was committed.',
      label: 'worker',
      read: each(({ lagBytes }) => lagBytes),
    },
  ];
}
