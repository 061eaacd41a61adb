import { Pull, Subscriber } from 'zeromq';
import { LIVENESS } from '../../protocol/bus-liveness.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { BusMessage } from '../intake.ts';
import { type Curve, type CurveKeys, openCurve } from './curve.ts';
import { drainSockets } from './drain-sockets.ts';
import { Slice } from './slice.ts';
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
  /** Lets nobody connect any more, hands on what the sockets have received for as long as there is time, and closes them. */
  close(): Promise<void>;
}

/** ZeroMQ disconnects a peer whose message is larger than its own limit, without a word; so that limit lies above ours. */
const OVERSIZE_BYTES = 256 * 1024 * 1024;
const HIGH_WATER_MARK_MESSAGES = 10_000;

interface Source {
  readonly socket: Subscriber | Pull;
  readonly source: BusMessage['source'];
  /** Addresses as they are bound. */
  readonly bound: string[];
  /** Messages so far. */
  received: number;
  /** A receive is under way. */
  isReceiving: boolean;
}

function sourceOf(socket: Subscriber | Pull, source: BusMessage['source']): Source {
  return { socket, source, bound: [], received: 0, isReceiving: false };
}

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
      sources.push(sourceOf(socket, 'sub'));
      for (const address of options.connect) connectTo(socket, address);
    }
    if (options.bind.length > 0) {
      const socket = subscriber(options, curve.binding);
      requests.add(socket);
      const source = sourceOf(socket, 'sub');
      sources.push(source);
      for (const address of options.bind) await bindTo(source, address, '--bind');
    }
    if (options.pull.length > 0) {
      const socket = new Pull({ ...common(options), ...curve.binding });
      tellRefused(socket, options);
      const source = sourceOf(socket, 'pull');
      sources.push(source);
      for (const address of options.pull) await bindTo(source, address, '--pull');
    }
  } catch (error) {
    await close();
    throw error;
  }
  const ending = new AbortController();
  const receiving = sources.map((source) => receive(source, options, ending.signal));
  const end = async () => {
    try {
      await drainSockets(sources);
    } finally {
      ending.abort();
      await close();
      await Promise.all(receiving);
    }
  };
  let closing: Promise<void> | null = null;
  return {
    ask: (tables) => requests.ask(tables),
    close() {
      closing ??= end();
      return closing;
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

async function bindTo({ socket, bound }: Source, address: string, flag: string): Promise<void> {
  try {
    await socket.bind(address);
    bound.push(socket.lastEndpoint ?? address);
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
async function receive(from: Source, options: BusOptions, ended: AbortSignal): Promise<void> {
  const { socket, source } = from;
  const slice = new Slice({ ...options, nowMs: () => performance.now() });
  while (!socket.closed) {
    try {
      // A receive that finds a message is resolved when it returns, so this goes on until the slice is full or the socket empty.
      const receiving = socket.receive();
      from.isReceiving = true;
      slice.add({ frames: await receiving, source });
      from.received++;
    } catch (error) {
      // Closing a socket ends its pending receive with EAGAIN.
      if (socket.closed) return;
      options.onFault(error);
      await new Promise(setImmediate);
    } finally {
      from.isReceiving = false;
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
