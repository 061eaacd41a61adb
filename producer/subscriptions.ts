import type { XPublisher } from 'zeromq';

import { RESYNC_PREFIX } from '../protocol/control-topics.ts';

export interface SubscriptionsOptions {
  readonly socket: XPublisher;
  /** A viewer of the bus asks for a table's whole state; `null` means every table. */
  readonly onResync: (table: string | null) => void;
}

/** Drains an XPUB socket of the subscriptions that its peers send: `1` or `0`, then the topic's prefix. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #done: Promise<void>;
  readonly #first: Promise<void>;
  #onFirst: () => void = () => {};

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#first = new Promise((resolve) => {
      this.#onFirst = resolve;
    });
    this.#done = this.#drain();
  }

  /** Resolves at the first subscription, or when `timeoutMs` have passed, whichever comes first. */
  async first(timeoutMs: number): Promise<void> {
    if (timeoutMs <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#first, timeout]);
    clearTimeout(timer);
  }

  /** Resolves when the socket is closed and drained; nobody waits for a first subscription after that. */
  async closed(): Promise<void> {
    this.#onFirst();
    await this.#done;
  }

  async #drain(): Promise<void> {
    const { socket, onResync } = this.#options;
    while (!socket.closed) {
      // A pending receive is refused when the socket is closed.
      const [frame] = await socket.receive().catch(() => []);
      if (frame === undefined || frame[0] !== 1) continue;
      this.#onFirst();
      const prefix = frame.toString('utf8', 1);
      if (prefix.startsWith(RESYNC_PREFIX))
        onResync(prefix === RESYNC_PREFIX ? null : prefix.slice(RESYNC_PREFIX.length));
    }
  }
}
