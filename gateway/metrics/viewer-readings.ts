import type { Broadcaster } from '../live/broadcaster.ts';
import type { EventStreams } from '../live/event-streams.ts';
import { longestQueueBytes, queuedBytes } from './gateway-readings.ts';
import { addHistograms, EMPTY_HISTOGRAM, type HistogramReading } from './latency-histogram.ts';
import type { SentTimes } from './sent-times.ts';

/** What is counted of viewers, by one process or several. */
export interface ViewerReadings {
  readonly live: number;
  readonly events: number;
  readonly liveBytes: number;
  readonly eventsBytes: number;
  readonly queuedBytes: number;
  /** Of the viewer for which most waits. */
  readonly maxQueuedBytes: number;
  readonly conflatedCommits: number;
  readonly framings: number;
  readonly toRendered: HistogramReading;
}

export const NO_VIEWERS: ViewerReadings = {
  live: 0,
  events: 0,
  liveBytes: 0,
  eventsBytes: 0,
  queuedBytes: 0,
  maxQueuedBytes: 0,
  conflatedCommits: 0,
  framings: 0,
  toRendered: EMPTY_HISTOGRAM,
};

export function readViewers({
  broadcaster,
  events,
  sentTimes,
}: {
  readonly broadcaster: Broadcaster;
  readonly events: EventStreams;
  readonly sentTimes: SentTimes;
}): ViewerReadings {
  return {
    live: broadcaster.sessions.size,
    events: events.size,
    liveBytes: broadcaster.sentBytes,
    eventsBytes: events.sentBytes,
    queuedBytes: queuedBytes(broadcaster.sessions),
    maxQueuedBytes: longestQueueBytes(broadcaster.sessions),
    conflatedCommits: broadcaster.conflatedCommits,
    framings: broadcaster.framings,
    toRendered: sentTimes.toRendered.reading(),
  };
}

/** Of the viewers of both. */
export function addReadings(a: ViewerReadings, b: ViewerReadings): ViewerReadings {
  return {
    live: a.live + b.live,
    events: a.events + b.events,
    liveBytes: a.liveBytes + b.liveBytes,
    eventsBytes: a.eventsBytes + b.eventsBytes,
    queuedBytes: a.queuedBytes + b.queuedBytes,
    maxQueuedBytes: Math.max(a.maxQueuedBytes, b.maxQueuedBytes),
    conflatedCommits: a.conflatedCommits + b.conflatedCommits,
    framings: a.framings + b.framings,
    toRendered: addHistograms(a.toRendered, b.toRendered),
  };
}

/** What is left of a process that has ended: its viewers are gone, and what it has counted stays counted. */
export function countedAlone(readings: ViewerReadings): ViewerReadings {
  return { ...readings, live: 0, events: 0, queuedBytes: 0, maxQueuedBytes: 0 };
}
