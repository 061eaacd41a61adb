import { tableFromIPC } from 'apache-arrow';
import { Pull, Subscriber } from 'zeromq';
import type { Header } from '../../protocol/header.ts';

export interface BusMessage {
  readonly topic: string;
  readonly header: Header & { readonly tables?: Record<string, number> };
  readonly rows: readonly Record<string, unknown>[];
  /** The third frame as it came. */
  readonly arrow: Uint8Array;
}

/** The gateway's side of the bus, with nothing of ours in it but the frames' meaning. */
export interface BusPeer {
  readonly socket: Pull | Subscriber;
  readonly endpoint: string;
  /** The next message that fits, waited for; others are passed over. */
  next(fits?: (message: BusMessage) => boolean): Promise<BusMessage>;
  close(): void;
}

export function subscriber(address: string, mode: 'bind' | 'connect' = 'connect', prefixes = ['']): BusPeer {
  const socket = new Subscriber({ linger: 0 });
  socket.subscribe(...prefixes);
  return peerOf(socket, address, mode);
}

export function puller(address = 'tcp://127.0.0.1:*'): BusPeer {
  return peerOf(new Pull({ linger: 0 }), address, 'bind');
}

function peerOf(socket: Pull | Subscriber, address: string, mode: 'bind' | 'connect'): BusPeer {
  if (mode === 'bind') socket.bindSync(address);
  else socket.connect(address);
  const arrived: BusMessage[] = [];
  let wake = () => {};
  // Always receiving, as a gateway is: a bound socket takes a new peer in only while it is used.
  const drain = async () => {
    for await (const frames of socket) {
      arrived.push(decode(frames));
      wake();
    }
  };
  void drain();
  return {
    socket,
    endpoint: mode === 'bind' ? (socket.lastEndpoint ?? address) : address,
    async next(fits = isPublication) {
      for (;;) {
        const message = arrived.shift();
        if (message === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if (fits(message)) return message;
      }
    },
    close: () => socket.close(),
  };
}

export function isPublication(message: BusMessage): boolean {
  return !message.topic.startsWith('$');
}

export function isHeartbeat(message: BusMessage): boolean {
  return message.topic === '$heartbeat';
}

function decode(frames: Buffer[]): BusMessage {
  const [topic, header, arrow] = frames;
  const rows = arrow === undefined ? [] : tableFromIPC(arrow).toArray();
  return {
    topic: String(topic),
    header: JSON.parse(String(header)),
    rows: rows.map((row) => ({ ...row?.toJSON() })),
    arrow: arrow ?? new Uint8Array(0),
  };
}
