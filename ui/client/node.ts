import { WebSocket } from 'ws';
import type { SocketClose, SocketLike } from '../connection.ts';
import { Client } from './client.ts';
import { DEFAULT_URL } from './gateway-address.ts';
import { createSystemClock } from './system-clock.ts';

export type { CellValue } from '../../protocol/arrow/cell-value.ts';
export { TablecastError } from '../../protocol/errors.ts';
export { Client, type ClientState } from './client.ts';
export { GatewayUnreachable, type TableInfo, type UpdateAnswer, type UpdateRequest } from './gateway-http.ts';
export { type Row, Rows } from './rows.ts';
export { Subscription, type Update } from './subscription.ts';
export type { TableChange } from './table-cursor.ts';
export { type Column, type Selection, TableView } from './table-view.ts';

/** One message of the gateway; far above what its limits let it send. */
const MAX_MESSAGE_BYTES = 2 ** 31 - 1;
const CLOSE_TIMEOUT_MS = 1000;

export interface ConnectOptions {
  /** The view or the write token, where the gateway wants one. */
  readonly token?: string;
  /** A listener threw, or what came could not be taken; written to standard error where absent. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Connects to a gateway, `http://127.0.0.1:8080/` where no address is given, or to the first of several on one log that answers. It returns at once and goes on trying until there is
 * a gateway; `close()` it, for it keeps the process running.
 *
 * @throws TablecastError `bad_parameter` where the address is none
 */
export function connect(url: string | readonly string[] = DEFAULT_URL, options: ConnectOptions = {}): Client {
  return new Client({
    urls: [url].flat(),
    token: options.token ?? null,
    environment: {
      createSocket,
      fetch: (address, init) => fetch(address, init),
      clock: createSystemClock(),
      random: () => Math.random(),
      nowMs: () => Date.now(),
      onError: options.onError ?? ((error) => console.error(error)),
    },
  });
}

/** Node has a WebSocket of its own from version 22 on; that one cannot show a token. */
function createSocket(url: string, subprotocol: string, token: string | null): SocketLike {
  const socket = new WebSocket(url, subprotocol, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handshakeTimeout: 10_000,
  });
  // What it is about is asked for over HTTP; a close follows.
  socket.on('error', () => {});
  return {
    get binaryType() {
      return socket.binaryType;
    },
    set binaryType(type) {
      socket.binaryType = type;
    },
    addEventListener: (
      type: 'message' | 'close',
      listener: (event: { readonly data: unknown } & SocketClose) => void,
    ) =>
      type === 'message'
        ? socket.addEventListener('message', ({ data }) => listener({ data, code: 0, reason: '' }))
        : socket.addEventListener('close', ({ code, reason }) => listener({ data: null, code, reason })),
    send: (text) => socket.send(text),
    close: () => {
      socket.close();
      // A peer that is gone does not answer the closing handshake.
      setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref();
    },
  };
}
