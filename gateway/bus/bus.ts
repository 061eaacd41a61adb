import { Pull, Subscriber } from 'zeromq';
import { RESYNC_PREFIX } from '../../protocol/control-topics.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { BusMessage } from '../intake.ts';

export interface BusOptions {
  /** Producers that bind, to connect to. */
  readonly connect: readonly string[];
  /** Addresses to bind for producers that connect. */
  readonly bind: readonly string[];
  /** Addresses to bind for PUSH sockets. */
  readonly pull: readonly string[];
  readonly maxMessageBytes: number;
  /** Messages that arrived together, oldest first. */
  readonly onMessages: (messages: readonly BusMessage[]) => void;
  readonly onFault: (error: unknown) => void;
}

export interface Bus {
  close(): Promise<void>;
}

/** A slice ends after so many messages or bytes, or so long, whichever comes first; then timers and sockets have their turn. */
const SLICE_MESSAGES = 256;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICE_MS = 2;
/** ZeroMQ disconnects a peer whose message is larger than its own limit, without a word; so that limit lies above ours. */
const OVERSIZE_BYTES = 256 * 1024 * 1024;
const HIGH_WATER_MARK_MESSAGES = 10_000;

const RESYNC_MS = 500;

const RECONNECT = { reconnectInterval: 100, reconnectMaxInterval: 2000 };
const HEARTBEAT = { heartbeatInterval: 1000, heartbeatTimeout: 3000, heartbeatTimeToLive: 3000 };

type Source = { readonly socket: Subscriber | Pull; readonly source: BusMessage['source'] };

/**
 * Where publications come from: a SUB socket that connects, a SUB that binds, a PULL that binds.
 *
 * @throws TablecastError `bad_parameter` where an address cannot be used
 */
export async function openBus(options: BusOptions): Promise<Bus> {
  const sources: Source[] = [];
  const close = () => {
    for (const { socket } of sources) socket.close();
  };
  try {
    if (options.connect.length > 0) {
      const socket = subscriber(options);
      sources.push({ socket, source: 'sub' });
      for (const address of options.connect) connectTo(socket, address);
    }
    if (options.bind.length > 0) {
      const socket = subscriber(options);
      sources.push({ socket, source: 'sub' });
      for (const address of options.bind) await bindTo(socket, address, '--bind');
    }
    if (options.pull.length > 0) {
      const socket = new Pull(common(options));
      sources.push({ socket, source: 'pull' });
      for (const address of options.pull) await bindTo(socket, address, '--pull');
    }
  } catch (error) {
    close();
    throw error;
  }
  const receiving = sources.map((source) => receive(source, options));
  let closed = false;
  return {
    async close() {
      if (!closed) close();
      closed = true;
      await Promise.all(receiving);
    },
  };
}

function common(options: BusOptions) {
  return {
    linger: 0,
    receiveHighWaterMark: HIGH_WATER_MARK_MESSAGES,
    maxMessageSize: options.maxMessageBytes + OVERSIZE_BYTES,
    ...RECONNECT,
    ...HEARTBEAT,
  };
}

function subscriber(options: BusOptions): Subscriber {
  const socket = new Subscriber(common(options));
  socket.subscribe();
  askForSnapshots(socket);
  return socket;
}

/**
 * A gateway that has just started asks the first producer it meets for the state of its tables, by a subscription that
 * the producer's XPUB socket sees; a plain PUB does not notice.
 */
function askForSnapshots(socket: Subscriber): void {
  socket.subscribe(RESYNC_PREFIX);
  let met = false;
  socket.events.on('handshake', () => {
    if (met) return;
    met = true;
    const timer = setTimeout(() => !socket.closed && socket.unsubscribe(RESYNC_PREFIX), RESYNC_MS);
    timer.unref();
  });
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
async function receive(source: Source, options: BusOptions): Promise<void> {
  const { socket } = source;
  let next = nextMessage(source);
  while (!socket.closed) {
    let slice: BusMessage[];
    try {
      slice = [await next.message];
      next = await gather(source, slice);
    } catch (error) {
      // Closing a socket ends its pending receive with EAGAIN.
      if (socket.closed) return;
      options.onFault(error);
      await new Promise(setImmediate);
      next = nextMessage(source);
      continue;
    }
    try {
      options.onMessages(slice);
    } catch (error) {
      options.onFault(error);
    }
    if (slice.length >= SLICE_MESSAGES || next.arrived !== null) await new Promise(setImmediate);
  }
}

interface Incoming {
  readonly message: Promise<BusMessage>;
  /** Set as soon as the message is there. */
  readonly arrived: BusMessage | null;
}

function nextMessage({ socket, source }: Source): Incoming {
  let arrived: BusMessage | null = null;
  const receiving = async () => {
    arrived = { frames: await socket.receive(), source };
    return arrived;
  };
  const message = receiving();
  // It is awaited later; until then a failure must not count as unhandled.
  message.catch(() => {});
  return {
    message,
    get arrived() {
      return arrived;
    },
  };
}

/** Adds what is there already to the slice; the receive that comes after it. */
async function gather(source: Source, slice: BusMessage[]): Promise<Incoming> {
  const end = performance.now() + SLICE_MS;
  let bytes = bytesOf(slice[0]!);
  while (true) {
    const next = nextMessage(source);
    // A receive that finds a message is resolved when it returns: its callback comes before this one goes on.
    await null;
    const full = slice.length >= SLICE_MESSAGES || bytes >= SLICE_BYTES || performance.now() >= end;
    if (next.arrived === null || full) return next;
    bytes += bytesOf(next.arrived);
    slice.push(next.arrived);
  }
}

function bytesOf(message: BusMessage): number {
  return message.frames.reduce((sum, frame) => sum + frame.length, 0);
}
