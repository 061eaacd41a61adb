import { lookup } from 'node:dns/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { WorkerProcess } from './worker-process.ts';

type Taker = Pick<WorkerProcess, 'isReady' | 'answers' | 'isFree' | 'connections' | 'hand'>;

/** Connections that wait while all workers are busy or starting; further ones are closed. */
const MAX_WAITING = 4096;
/** So many more connections a worker may get because it takes them faster. */
const MAX_UNEVEN = 32;

/** Listens where viewers and programs connect, and hands each connection to the worker that has the fewest. */
export class ConnectionDesk {
  readonly #workers: () => Iterable<Taker>;
  readonly #servers: Server[] = [];
  #waiting: Socket[] = [];

  constructor(options: { readonly workers: () => Iterable<Taker> }) {
    this.#workers = options.workers;
  }

  /** The port; rejects with Node's own error where that or the address cannot be used. */
  async listen({ host, port }: { readonly host: string; readonly port: number }): Promise<number> {
    const [first = host, ...more] =
      host === 'localhost' ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
    const opened = await this.#open(first, port);
    // The same name may stand for an address of IPv6, which a machine need not have.
    for (const address of more) await this.#open(address, opened).catch(() => {});
    return opened;
  }

  #open(host: string, port: number): Promise<number> {
    const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => this.#take(socket));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        this.#servers.push(server);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Connections that no worker has yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #take(socket: Socket): void {
    // A connection that breaks while it waits is noticed by whoever it is handed to.
    socket.on('error', () => {});
    if (this.#waiting.length >= MAX_WAITING) return void socket.destroy();
    this.#waiting.push(socket);
    this.handOut();
  }

  /** A worker can take a connection, or one that was waited for cannot. */
  handOut(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#freest();
      if (worker === null) return;
      const socket = this.#waiting.shift()!;
      if (!socket.destroyed) worker.hand(socket);
    }
  }

  /** The free one with the fewest connections; none where that has far more than one that is about to be free. */
  #freest(): Taker | null {
    let found: Taker | null = null;
    let fewest = Number.POSITIVE_INFINITY;
    for (const worker of this.#workers()) {
      if (!worker.isReady || !worker.answers) continue;
      fewest = Math.min(fewest, worker.connections);
      if (worker.isFree && (found === null || worker.connections < found.connections)) found = worker;
    }
    return found === null || found.connections > fewest + MAX_UNEVEN ? null : found;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }
}
