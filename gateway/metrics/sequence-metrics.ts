import type { SequenceTracker } from '../sequence/sequence-tracker.ts';
import type { TableStore } from '../tables/table-store.ts';
import type { Definition } from './metric-definition.ts';

/** What numbered publications show of the way that they come. */
export function sequenceMetrics({
  sequence,
  store,
}: {
  readonly sequence: SequenceTracker;
  readonly store: TableStore;
}): Definition[] {
  return [
    {
      kind: 'counter',
      name: 'gaps_total',
      help: 'Times that numbered publications were found missing, by how: start, jump, tail.',
      label: 'kind',
      read: () => Object.entries(sequence.counts.gaps),
    },
    {
      kind: 'gauge',
      name: 'gaps_open',
      help: 'Tables of which publications are missing.',
      read: () => store.sequences.open.size,
    },
    {
      kind: 'counter',
      name: 'resync_requests_total',
      help: 'Times that producers were asked for the state of a table.',
      read: () => sequence.requests,
    },
    {
      kind: 'counter',
      name: 'resyncs_total',
      help: 'Snapshots of producers that made a table whole again.',
      read: () => sequence.counts.resyncs,
    },
    {
      kind: 'counter',
      name: 'duplicates_total',
      help: 'Publications dropped because their number had come before.',
      read: () => sequence.counts.duplicates,
    },
    {
      kind: 'gauge',
      name: 'producers',
      help: 'Producers that send heartbeats, and those that have fallen silent.',
      label: 'state',
      read: () => Object.entries(sequence.producers),
    },
  ];
}
