import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { PROGRAM_VERSION } from '../../protocol/version.ts';
import type { SharedLog } from '../log/log.ts';
import type { SequenceTracker } from '../sequence/sequence-tracker.ts';
import type { TableStore } from '../tables/table-store.ts';
import type { Alerts } from '../thresholds/alerts.ts';
import type { GatewayCounts } from './gateway-counts.ts';
import { largestTables, stagedPublications, storedRows } from './gateway-readings.ts';
import type { Definition } from './metric-definition.ts';
import type { SentTimes } from './sent-times.ts';
import { sequenceMetrics } from './sequence-metrics.ts';
import { viewerMetrics } from './viewer-metrics.ts';
import type { ViewerReadings } from './viewer-readings.ts';
import { type WorkerReadings, workerMetrics } from './worker-metrics.ts';

export interface MetricsOptions {
  readonly counts: GatewayCounts;
  readonly sentTimes: SentTimes;
  readonly store: TableStore;
  readonly sequence: SequenceTracker;
  /** Of all processes. */
  readonly viewers: () => ViewerReadings;
  /** null where there is one process alone. */
  readonly workers: (() => WorkerReadings) | null;
  /** null where the log is this gateway's alone. */
  readonly shared: SharedLog | null;
  readonly alerts: Alerts | null;
}

export interface Metrics {
  readonly contentType: string;
  /** Everything as it is now, in the Prometheus text format (version 0.0.4). */
  exposition(): Promise<string>;
}

const PREFIX = 'tablecast_';

/** Metrics are read from the parts when somebody asks; between that nothing is done for them but counting. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  for (const definition of definitions(options)) register(registry, definition);
  const { toCommit, toRendered } = options.sentTimes;
  let ofProcess = false;
  return {
    contentType: registry.contentType,
    async exposition() {
      // These watch the event loop and the garbage collector, which a gateway that nobody asks need not.
      if (!ofProcess) collectDefaultMetrics({ register: registry, prefix: PREFIX });
      ofProcess = true;
      const text = await registry.metrics();
      return [text, toCommit.exposition(), toRendered.exposition(options.viewers().toRendered)].join('\n');
    },
  };
}

function register(registry: Registry, { kind, name, help, label, read }: Definition): void {
  const set = (metric: Counter | Gauge) => {
    metric.reset();
    const reading = read();
    if (typeof reading === 'number') return metric.inc(reading);
    for (const [value, number] of reading) metric.inc({ [label!]: value }, number);
  };
  const labelNames = label === undefined ? [] : [label];
  const configuration = { name: PREFIX + name, help, labelNames, registers: [registry] };
  if (kind === 'counter')
    new Counter({
      ...configuration,
      collect() {
        set(this);
      },
    });
  else
    new Gauge({
      ...configuration,
      collect() {
        set(this);
      },
    });
}

function definitions(options: MetricsOptions): Definition[] {
  return [
    ...flowMetrics(options),
    ...sequenceMetrics(options),
    ...viewerMetrics(options),
    ...workerMetrics(options),
    ...tableMetrics(options),
    ...logMetrics(options),
    ...alertMetrics(options),
  ];
}

function flowMetrics({ counts, store }: MetricsOptions): Definition[] {
  return [
    {
      kind: 'gauge',
      name: 'info',
      help: 'The program that runs, by its version.',
      label: 'version',
      read: () => [[PROGRAM_VERSION, 1]],
    },
    {
      kind: 'gauge',
      name: 'version',
      help: 'The present version: commits in this epoch.',
      read: () => store.version,
    },
    {
      kind: 'counter',
      name: 'publications_total',
      help: 'Publications taken, by the kind of socket.',
      label: 'source',
      read: () => Object.entries(counts.publications),
    },
    {
      kind: 'counter',
      name: 'publication_bytes_total',
      help: 'Bytes of the publications taken, all frames together.',
      read: () => counts.publicationBytes,
    },
    {
      kind: 'counter',
      name: 'rejections_total',
      help: 'Publications refused, by the code of the reason.',
      label: 'code',
      read: () => counts.rejections,
    },
    {
      kind: 'counter',
      name: 'commits_total',
      help: 'Commits made since the start.',
      read: () => counts.commits,
    },
    {
      kind: 'counter',
      name: 'rows_total',
      help: 'Rows of publications that commits made visible.',
      read: () => counts.rows,
    },
  ];
}

function logMetrics({ shared }: MetricsOptions): Definition[] {
  if (shared === null) return [];
  return [
    {
      kind: 'gauge',
      name: 'log_lag_messages',
      help: 'With --log: messages of the stream that this gateway has not folded yet.',
      read: () => shared.lagMessages,
    },
    {
      kind: 'gauge',
      name: 'log_connected',
      help: "With --log: 1 while the log's servers are reached, else 0.",
      read: () => (shared.away() === null ? 1 : 0),
    },
    {
      kind: 'gauge',
      name: 'log_leader',
      help: 'With --log: 1 for the gateway that commits by itself and writes snapshots, else 0.',
      read: () => (shared.leads ? 1 : 0),
    },
  ];
}

function tableMetrics({ store }: MetricsOptions): Definition[] {
  return [
    { kind: 'gauge', name: 'tables', help: 'Tables there are.', read: () => store.tables.size },
    { kind: 'gauge', name: 'stored_rows', help: 'Rows of all tables.', read: () => storedRows(store) },
    {
      kind: 'gauge',
      name: 'stored_bytes',
      help: 'Memory of all tables and stages.',
      read: () => store.measureMemory(),
    },
    {
      kind: 'gauge',
      name: 'staged_publications',
      help: 'Publications that wait for a commit.',
      read: () => stagedPublications(store),
    },
    {
      kind: 'gauge',
      name: 'staged_bytes',
      help: 'Bytes of the publications that wait for a commit.',
      read: () => store.stagedBytes,
    },
    {
      kind: 'gauge',
      name: 'table_rows',
      help: 'Rows of the tables that take most memory, at most 50.',
      label: 'table',
      read: () => largestTables(store).map(({ name, live }) => [name, live.rowCount] as const),
    },
    {
      kind: 'gauge',
      name: 'table_bytes',
      help: 'Memory of the tables that take most of it, at most 50.',
      label: 'table',
      read: () => largestTables(store).map(({ name, live }) => [name, live.bytes] as const),
    },
  ];
}

function alertMetrics({ alerts }: MetricsOptions): Definition[] {
  return [
    {
      kind: 'counter',
      name: 'webhook_calls_total',
      help: 'Calls of the webhook, by what came of them.',
      label: 'outcome',
      read: () => Object.entries(alerts?.webhook.counts ?? {}),
    },
    {
      kind: 'gauge',
      name: 'webhook_waiting_calls',
      help: 'Calls of the webhook that wait.',
      read: () => alerts?.webhook.waiting ?? 0,
    },
  ];
}
