import type { Subscriber } from 'zeromq';
import { RESYNC_PREFIX } from '../../protocol/control-topics.ts';

/** So long a request stands; a producer that connects meanwhile sees it too. */
const REQUEST_MS = 500;

/**
 * Requests for the state of tables, by subscriptions that a producer's XPUB socket sees; a plain PUB does not notice. A
 * gateway that has just started asks the first producer it meets for all tables.
 */
export class SnapshotRequests {
  readonly #sockets: Subscriber[] = [];
  readonly #standing = new Map<string, NodeJS.Timeout>();

  /** Before it connects or binds. */
  add(socket: Subscriber): void {
    this.#sockets.push(socket);
    askFirst(socket);
  }

  ask(tables: readonly string[] | 'all'): void {
    const topics = tables === 'all' ? [RESYNC_PREFIX] : tables.map((table) => RESYNC_PREFIX + table);
    for (const topic of topics) {
      // A subscription that is there already is not told again.
      if (this.#standing.has(topic)) continue;
      for (const socket of this.#sockets) if (!socket.closed) socket.subscribe(topic);
      this.#standing.set(topic, setTimeout(() => this.#end(topic), REQUEST_MS).unref());
    }
  }

  close(): void {
    for (const timer of this.#standing.values()) clearTimeout(timer);
    this.#standing.clear();
  }

  #end(topic: string): void {
    this.#standing.delete(topic);
    for (const socket of this.#sockets) if (!socket.closed) socket.unsubscribe(topic);
  }
}

function askFirst(socket: Subscriber): void {
  socket.subscribe(RESYNC_PREFIX);
  let met = false;
  socket.events.on('handshake', () => {
    if (met) return;
    met = true;
    const timer = setTimeout(() => !socket.closed && socket.unsubscribe(RESYNC_PREFIX), REQUEST_MS);
    timer.unref();
  });
}
