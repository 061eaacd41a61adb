// What the sender and the receivers agree on.
import { arrowMessages } from './arrow-messages.mjs';

/** The topic of the data. */
export const dataTopic = 'data';
/** Sent until it arrives: the line is up. */
export const readyTopic = 'ready';
/** Sent last: all data before it is there. No other topic has as many letters, so that a bare loop need not compare. */
export const markerTopic = 'the-marker';

/** A small table, for `ready` and the marker. */
export function smallTable() {
  return arrowMessages({ rows: 1, key: 'none', keys: 0, pool: 1 })[0];
}
