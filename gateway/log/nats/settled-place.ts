import { setTimeout as delay } from 'node:timers/promises';
import type { StreamState } from '@nats-io/jetstream';
import { TablecastError } from '../../../protocol/errors.ts';
import type { NatsStream } from './nats-stream.ts';
import { isCutBackTo, type SharedSnapshot, type SnapshotStore } from './snapshot-store.ts';

interface OpenedPlace {
  readonly state: StreamState;
  readonly stream: Pick<NatsStream, 'certainLast'>;
  readonly snapshots: Pick<SnapshotStore, 'list' | 'find'>;
}

export interface SettledPlaceOptions<Opened extends OpenedPlace> {
  readonly open: () => Promise<Opened>;
  /** Between attempts. */
  readonly retryMs: number;
}

export interface SettledPlace<Opened extends OpenedPlace> {
  /** Its state names the last message that the snapshots were judged by. */
  readonly place: Opened;
  /** To begin with; null where the stream has everything. */
  readonly snapshot: SharedSnapshot | null;
  /** There is a later snapshot, of messages that the stream has lost. */
  readonly isCutBack: boolean;
}

const MAX_ATTEMPTS = 30;

/**
 * Servers that have just begun do not answer for a while, and one that leads only now may not have read its own log yet. A snapshot
 * may have been saved since the stream told its last message, too: where one lies beyond that, the stream is asked for certain, after
 * the snapshots were listed, so that what has been listed is judged by a later sight of the stream.
 *
 * @throws TablecastError `log_unavailable`, `log_damaged`, `bad_parameter`
 */
export async function settledPlace<Opened extends OpenedPlace>({
  open,
  retryMs,
}: SettledPlaceOptions<Opened>): Promise<SettledPlace<Opened>> {
  for (let attempt = 1; ; attempt++) {
    // What was appended to ask would look like a message that had been lost.
    let isCertain = false;
    try {
      const place = await open();
      const { state, stream, snapshots } = place;
      const all = await snapshots.list();
      isCertain = isCutBackTo(state.last_seq, all);
      const last_seq = isCertain ? await stream.certainLast() : state.last_seq;
      const judged = { ...state, last_seq };
      return {
        place: { ...place, state: judged },
        snapshot: snapshots.find(judged, all),
        isCutBack: isCutBackTo(last_seq, all),
      };
    } catch (error) {
      const isDamage = error instanceof TablecastError && error.code === 'log_damaged';
      const isLasting = isDamage ? isCertain : error instanceof TablecastError;
      if (isLasting || attempt === MAX_ATTEMPTS) throw error;
    }
    await delay(retryMs);
  }
}
