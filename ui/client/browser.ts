import type { SocketLike } from '../connection.ts';
import { createBrowserFetch } from './browser-fetch.ts';
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

/** The browser's own. */
declare const WebSocket: new (url: string, subprotocol: string) => SocketLike;
declare const location: { readonly origin: string };

export interface ConnectOptions {
  /** A listener threw, or what came could not be taken; written to the console where absent. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Connects to a gateway, `http://127.0.0.1:8080/` where no address is given, or to the first of several on one log that answers. It returns at once and goes on trying until there is
 * a gateway. Where that wants a token, the browser is logged in there already: a page cannot show one itself.
 *
 * @throws TablecastError `bad_parameter` where the address is none
 */
export function connect(url: string | readonly string[] = DEFAULT_URL, options: ConnectOptions = {}): Client {
  return new Client({
    urls: [url].flat(),
    token: null,
    environment: {
      createSocket: (address, subprotocol) => new WebSocket(address, subprotocol),
      fetch: createBrowserFetch((address, init) => fetch(address, init), location.origin),
      clock: createSystemClock(),
      random: () => Math.random(),
      nowMs: () => Date.now(),
      onError: options.onError ?? ((error) => console.error(error)),
    },
  });
}
