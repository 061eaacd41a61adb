import type { DrawnTimes, OwnViewers, RenderAsk } from '../log/log.ts';
import type { Broadcaster } from './broadcaster.ts';
import type { EventStreams } from './event-streams.ts';
import type { Receipts } from './receipts.ts';
import type { VersionWaits } from './version-waits.ts';

export interface GatewayViewersOptions {
  readonly broadcaster: Broadcaster;
  readonly events: EventStreams;
  readonly receipts: Receipts;
  readonly versions: VersionWaits;
}

/** The viewers of this gateway, as it and others ask for them. */
export function gatewayViewers({
  broadcaster,
  events,
  receipts,
  versions,
}: GatewayViewersOptions): OwnViewers {
  return {
    count: () => broadcaster.sessions.size + events.size,
    async drawn(ask: RenderAsk): Promise<DrawnTimes> {
      // Another gateway may have been faster.
      await versions.reached(ask.version);
      broadcaster.rouse();
      return receipts.drawn(broadcaster.sessions, ask);
    },
  };
}
