import type { Definition } from './metric-definition.ts';
import type { ViewerReadings } from './viewer-readings.ts';

/** The viewers of all processes of this gateway. */
export function viewerMetrics({ viewers }: { readonly viewers: () => ViewerReadings }): Definition[] {
  return [
    {
      kind: 'gauge',
      name: 'viewers',
      help: 'Connected viewers, by their route.',
      label: 'kind',
      read: () => {
        const { live, events } = viewers();
        return Object.entries({ live, events });
      },
    },
    {
      kind: 'counter',
      name: 'viewer_bytes_total',
      help: 'Bytes of commits, and of events, handed to the connections of viewers.',
      label: 'kind',
      read: () => {
        const { liveBytes, eventsBytes } = viewers();
        return Object.entries({ live: liveBytes, events: eventsBytes });
      },
    },
    {
      kind: 'gauge',
      name: 'viewer_queue_bytes',
      help: 'Bytes that wait for all viewers on /live together.',
      read: () => viewers().queuedBytes,
    },
    {
      kind: 'gauge',
      name: 'viewer_queue_max_bytes',
      help: 'Bytes that wait for the viewer on /live for which most waits.',
      read: () => viewers().maxQueuedBytes,
    },
    {
      kind: 'counter',
      name: 'conflated_commits_total',
      help: 'Commits that a viewer on /live got merged into a later one, because it or the gateway was busy.',
      read: () => viewers().conflatedCommits,
    },
    {
      kind: 'counter',
      name: 'framings_total',
      help: 'Commits framed for viewers on /live; viewers that want the same share one.',
      read: () => viewers().framings,
    },
  ];
}
