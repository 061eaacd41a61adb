import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/** A socket from which somebody receives, one message after the other. */
export interface DrainedSocket {
  readonly socket: { disconnect(address: string): void };
  readonly bound: readonly string[];
  /** Messages so far. */
  readonly received: number;
  /** Whether the next one would be received: not where there is no room for it. */
  readonly isReceiving: boolean;
}

/** What peers sent just before may still be on its way through the system: after this long without any it was all. */
const QUIET_MS = 10;
/** Looks without any, too: where the event loop is held, time passes and nothing is received. */
const QUIET_LOOKS = 5;
/** Peers that never cease to send are left after this long; of those that were connected to, what waits then is lost. */
const MAX_QUIET_WAIT_MS = 200;
/** What has been received and is more than can be handed on in this time is lost. */
const MAX_DRAIN_MS = 800;

/**
 * Waits until all that has come was handed on, then unbinds, which ends the connections of peers that had connected, and
 * waits for what they sent meanwhile. libzmq keeps what a connection has delivered when its endpoint goes
 * (`pipe_t`, waiting for the delimiter), where a socket that is closed throws it away.
 */
export async function drainSockets(sources: readonly DrainedSocket[]): Promise<void> {
  await untilQuiet(sources, MAX_QUIET_WAIT_MS);
  // To libzmq it is the same as to unbind (`socket_base_t::term_endpoint`). In zeromq 6.8 `unbindSync` binds, and `unbind` works
  // in another thread beside the receive that is under way.
  for (const { socket, bound } of sources) for (const address of bound) socket.disconnect(address);
  // Producers that were connected to are still there, and may send all the time.
  await untilQuiet(
    sources.filter(({ bound }) => bound.length > 0),
    MAX_DRAIN_MS,
  );
}

async function untilQuiet(sources: readonly DrainedSocket[], maxMs: number): Promise<void> {
  const endMs = performance.now() + maxMs;
  let received = -1;
  let quietSinceMs = 0;
  let quietLooks = 0;
  for (let nowMs = performance.now(); nowMs < endMs; nowMs = performance.now()) {
    const now = sources.reduce((sum, source) => sum + source.received, 0);
    quietLooks++;
    if (now !== received || !sources.every(({ isReceiving }) => isReceiving)) {
      quietSinceMs = nowMs;
      quietLooks = 0;
    }
    received = now;
    if (quietLooks >= QUIET_LOOKS && nowMs - quietSinceMs >= QUIET_MS) return;
    await delay(1);
    // What has come meanwhile is received between the timers and here (event loop of libuv: timers, poll, check).
    await nextTurn();
  }
}
