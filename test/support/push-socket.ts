import { Push } from 'zeromq';
import { busMessage, type PlainRow } from './arrow-messages.ts';

export interface PushSocket {
  /** One message as it is. */
  send(...frames: (string | Uint8Array)[]): Promise<void>;
  publish(
    table: string | Uint8Array,
    arrow: Uint8Array | readonly PlainRow[],
    header?: object | string,
  ): Promise<void>;
  close(): void;
}

/** A PUSH socket connected to a gateway: what it sends arrives, in order. */
export function openPush(address: string): PushSocket {
  const socket = new Push({ linger: 1000 });
  socket.connect(address);
  const send = (...frames: (string | Uint8Array)[]) => socket.send(frames as (string | Buffer)[]);
  return {
    send,
    publish: (table, arrow, header) => send(...busMessage(table, arrow, header)),
    close: () => socket.close(),
  };
}
