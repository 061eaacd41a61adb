import { type Addresses, list, openPush, openXPub } from './bus-socket.ts';
import type { ProducerKeys } from './curve-socket.ts';
import { type Frames, Lane } from './lane.ts';
import { Subscriptions } from './subscriptions.ts';

/** One socket of a producer, and what waits to be sent on it. */
export interface Outlet {
  readonly lane: Lane;
  /** What is bound, with the port that was chosen where `*` was asked for. */
  readonly endpoints: readonly string[];
  /** Whether a message that may as well be left out would go at once. */
  readonly isReady: () => boolean;
  readonly close: () => Promise<void>;
}

interface OutletOptions {
  readonly lingerMs: number;
  readonly maxQueuedMessages: number;
  readonly keys?: ProducerKeys;
}

export interface XPubOptions extends OutletOptions {
  readonly bind: Addresses;
  readonly connect: Addresses;
  /** How long the very first message waits for a first subscription. */
  readonly waitForSubscriberMs: number;
  /** A gateway asks for a table's whole state; `null` means every table. */
  readonly onResync: (table: string | null) => void;
}

/** @throws TablecastError `bad_parameter` */
export function openXPubOutlet(options: XPubOptions): Outlet {
  const { bind, connect, maxQueuedMessages } = options;
  const bus = openXPub(bind, connect, options.lingerMs, options.keys);
  const { socket, endpoints } = bus;
  const subscriptions = new Subscriptions({ socket, onResync: options.onResync });
  let joined: Promise<void> | undefined;
  const send = async (frames: Frames) => {
    joined ??= subscriptions.first(options.waitForSubscriberMs);
    await joined;
    await socket.send(frames);
  };
  const lane = new Lane({ name: [...list(bind), ...list(connect)].join(', '), send, maxQueuedMessages });
  const close = async () => {
    lane.close();
    bus.close();
    await subscriptions.closed();
  };
  // XPUB drops where it cannot send, so nothing piles up.
  return { lane, endpoints, isReady: () => true, close };
}

export interface PushOptions extends OutletOptions {
  readonly push: Addresses;
}

/** @throws TablecastError `bad_parameter` */
export function openPushOutlet(options: PushOptions): Outlet {
  const { push, maxQueuedMessages } = options;
  const { socket, peers } = openPush(push, options.lingerMs, options.keys);
  const send = (frames: Frames) => socket.send(frames);
  const lane = new Lane({ name: list(push).join(', '), send, maxQueuedMessages });
  const close = async () => {
    lane.close();
    socket.close();
  };
  // Heartbeats do not pile up while nobody takes them.
  return { lane, endpoints: [], isReady: () => lane.idle && peers.size > 0, close };
}
