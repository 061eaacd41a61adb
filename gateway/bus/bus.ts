import { Pull, Subscriber } from 'zeromq';
import { LIVENESS } from '../../protocol/bus-liveness.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { BusMessage } from '../intake.ts';
import { type Curve, type CurveKeys, openCurve } from './curve.ts';
import { SnapshotRequests } from './snapshot-requests.ts';

export interface BusOptions {
  /** Producers that bind, to connect to. */
  readonly connect: readonly string[];
  /** Addresses to bind for producers that connect. */
  readonly bind: readonly string[];
  /** Addresses to bind for PUSH sockets. */
  readonly pull: readonly string[];
  readonly maxMessageBytes: number;
  readonly keys: CurveKeys | null;
  /** Messages that arrived together, oldest first. */
  readonly onMessages: (messages: readonly BusMessage[]) => void;
  /** Where more messages are to wait in the sockets, resolves once they can be taken. */
  readonly room?: () => Promise<void> | null;
  readonly onFault: (error: unknown) => void;
  /** A peer that was turned away for want of a key, for people. */
  readonly onRefused: (who: string) => void;
}

export interface Bus {
  /** Asks producers for the state of these tables, or of all; who can answer does so by publications. */
  ask(tables: readonly string[] | 'all'): void;
  close(): Promise<void>;
}

/** A slice ends after so many messages or bytes, or so long, whichever comes first; then timers and sockets have their turn. */
const SLICE_MESSAGES = 64;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICE_MS = 2;
/** ZeroMQ disconnects a peer whose message is larger than its own limit, without a word; so that limit lies above ours. */
const OVERSIZE_BYTES = 256 * 1024 * 1024;
const HIGH_WATER_MARK_MESSAGES = 10_000;

type Source = { readonly socket: Subscriber | Pull; readonly source: BusMessage['source'] };

/**
 * Where publications come from: a SUB socket that connects, a SUB that binds, a PULL that binds.
 *
 * @throws TablecastError `bad_parameter` where an address cannot be used
 */
export async function openBus(options: BusOptions): Promise<Bus> {
  const sources: Source[] = [];
  const requests = new SnapshotRequests();
  const curve = await openCurve(options);
  const close = () => {
    requests.close();
    for (const { socket } of sources) socket.close();
    return curve.close();
  };
  try {
    if (options.connect.length > 0) {
      const socket = subscriber(options, curve.connecting);
      requests.add(socket);
      sources.push({ socket, source: 'sub' });
      for (const address of options.connect) connectTo(socket, address);
    }
    if (options.bind.length > 0) {
      const socket = subscriber(options, curve.binding);
      requests.add(socket);
      sources.push({ socket, source: 'sub' });
      for (const address of options.bind) await bindTo(socket, address, '--bind');
    }
    if (options.pull.length > 0) {
      const socket = new Pull({ ...common(options), ...curve.binding });
      tellRefused(socket, options);
      sources.push({ socket, source: 'pull' });
      for (const address of options.pull) await bindTo(socket, address, '--pull');
    }
  } catch (error) {
    await close();
    throw error;
  }
  const ending = new AbortController();
  const receiving = sources.map((source) => receive(source, options, ending.signal));
  let closed = false;
  return {
    ask: (tables) => requests.ask(tables),
    async close() {
      const closing = closed ? null : close();
      closed = true;
      ending.abort();
      await closing;
      await Promise.all(receiving);
    },
  };
}

function common(options: BusOptions) {
  return {
    linger: 0,
    receiveHighWaterMark: HIGH_WATER_MARK_MESSAGES,
    maxMessageSize: options.maxMessageBytes + OVERSIZE_BYTES,
    ...LIVENESS,
  };
}

function subscriber(options: BusOptions, security: Curve['binding']): Subscriber {
  const socket = new Subscriber({ ...common(options), ...security });
  tellRefused(socket, options);
  socket.subscribe();
  return socket;
}

/** A peer that speaks no CURVE, or another dialect of it, does not get as far as to show a key. */
function tellRefused(socket: Subscriber | Pull, { keys, onRefused }: BusOptions): void {
  if (keys === null) return;
  socket.events.on('handshake:error:protocol', ({ address, error }) =>
    onRefused(`${address} (${error.code})`),
  );
}

function connectTo(socket: Subscriber, address: string): void {
  try {
    socket.connect(address);
  } catch (cause) {
    throw new TablecastError(
      'bad_parameter',
      `--connect ${address} is no ZeroMQ address; write it like tcp://127.0.0.1:5411.`,
      { cause },
    );
  }
}

async function bindTo(socket: Subscriber | Pull, address: string, flag: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (cause) {
    const inUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const reason = inUse
      ? 'is in use; give another address or "none"'
      : 'cannot be bound; write it like tcp://127.0.0.1:5412';
    throw new TablecastError('bad_parameter', `${flag} ${address} ${reason}.`, { cause });
  }
}

/**
 * Hands on what has arrived in slices, so that neither a burst nor a flood holds the event loop. While a slice is worked
 * on the next receive is already under way.
 */
async function receive({ socket, source }: Source, options: BusOptions, ended: AbortSignal): Promise<void> {
  const slice = new Slice(options);
  while (!socket.closed) {
    try {
      // A receive that finds a message is resolved when it returns, so this goes on until the slice is full or the socket empty.
      slice.add({ frames: await socket.receive(), source });
    } catch (error) {
      // Closing a socket ends its pending receive with EAGAIN.
      if (socket.closed) return;
      options.onFault(error);
      await new Promise(setImmediate);
    }
    if (slice.isFull) {
      slice.handOn();
      await new Promise(setImmediate);
    }
    const room = options.room?.() ?? null;
    if (room !== null) await settledOrEnded(room, ended);
  }
}

/** A log that is away has no room for as long as it is; the bus may be closed before. */
async function settledOrEnded(room: Promise<void>, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      ended.removeEventListener('abort', go);
      resolve();
    };
    ended.addEventListener('abort', go);
    void room.then(go, go);
  });
}

/** Messages that arrived in one turn of the event loop; handed on at its end, or once there are enough of them. */
class Slice {
  readonly #options: Pick<BusOptions, 'onMessages' | 'onFault'>;
  #messages: BusMessage[] = [];
  #bytes = 0;
  #endMs = 0;

  constructor(options: Pick<BusOptions, 'onMessages' | 'onFault'>) {
    this.#options = options;
  }

  get isFull(): boolean {
    return (
      this.#messages.length >= SLICE_MESSAGES ||
      this.#bytes >= SLICE_BYTES ||
      (this.#messages.length > 0 && performance.now() >= this.#endMs)
    );
  }

  add(message: BusMessage): void {
    if (this.#messages.length === 0) {
      this.#endMs = performance.now() + SLICE_MS;
      setImmediate(() => this.handOn());
    }
    this.#messages.push(message);
    for (const frame of message.frames) this.#bytes += frame.length;
  }

  handOn(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    try {
      this.#options.onMessages(messages);
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}
