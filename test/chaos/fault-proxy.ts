import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a line may suffer for a while. */
export interface LineState {
  /** Nothing passes, and neither side hears of the other's end: a line that is half open. */
  readonly isFrozen: boolean;
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  /** New connections wait, and get through in another order once that ends. */
  readonly holdsConnects: boolean;
}

export interface FaultProxy {
  readonly port: number;
  /** Stays until {@link heal}. */
  set(state: Partial<LineState>): void;
  heal(): void;
  /** All connections end: in good order, or by a reset. New ones are taken. */
  cut(how: 'end' | 'reset'): void;
  close(): Promise<void>;
}

const WHOLE: LineState = {
  isFrozen: false,
  delayMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  holdsConnects: false,
};
const SLICE_MS = 50;

/** Passes bytes on to a port of this machine, both ways, with the faults of a bad network. */
export async function openFaultProxy(port: number, random: () => number): Promise<FaultProxy> {
  const line = new Line();
  let waiting: Socket[] = [];
  const join = (near: Socket): void => {
    if (near.destroyed) return;
    const far = connect(port, '127.0.0.1');
    line.add(near, far);
  };
  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (line.state.holdsConnects) waiting.push(near);
    else join(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const heal = (): void => {
    line.change(WHOLE);
    const held = waiting;
    waiting = [];
    while (held.length > 0) join(held.splice(Math.floor(random() * held.length), 1)[0]!);
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    set: (state) => line.change({ ...line.state, ...state }),
    heal,
    cut: (how) => line.cut(how),
    close: async () => {
      heal();
      line.cut('reset');
      server.close();
      await once(server, 'close');
    },
  };
}

class Line {
  state = WHOLE;
  readonly #sockets = new Set<Socket>();
  #changed: (() => void)[] = [];

  change(state: LineState): void {
    this.state = state;
    for (const resume of this.#changed.splice(0)) resume();
  }

  add(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.once('close', () => this.#sockets.delete(from));
      void this.#pump(from, to);
    }
  }

  cut(how: 'end' | 'reset'): void {
    for (const socket of this.#sockets) how === 'reset' ? socket.resetAndDestroy() : socket.destroy();
  }

  async #pump(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from) await this.#pass(chunk as Buffer, from, to);
      await this.#thawed();
      to.end();
    } catch {
      await this.#thawed();
      to.resetAndDestroy();
    }
  }

  async #pass(chunk: Buffer, from: Socket, to: Socket): Promise<void> {
    await this.#thawed();
    if (this.state.delayMs > 0) await delay(this.state.delayMs);
    for (let at = 0; at < chunk.length; ) {
      const { bytesPerSecond } = this.state;
      const isSlow = Number.isFinite(bytesPerSecond);
      const count = isSlow ? Math.ceil((bytesPerSecond * SLICE_MS) / 1000) : chunk.length;
      // What its sender has given up does not come through later.
      if (from.destroyed && !from.readableEnded) return;
      if (!to.write(chunk.subarray(at, at + count)))
        await Promise.race([once(to, 'drain'), once(to, 'close')]);
      at += count;
      if (isSlow) await delay(SLICE_MS);
    }
  }

  async #thawed(): Promise<void> {
    while (this.state.isFrozen) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }
}
