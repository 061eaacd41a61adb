import type { Fetch } from '../client/gateway-http.ts';
import type { Clock, SocketLike } from '../connection.ts';
import { ElementGateway } from './element-gateway.ts';

export interface ElementWorldOptions {
  readonly window: Window;
  /** Where elements find their gateway that name none; ends with a slash. */
  readonly defaultUrl: string;
  readonly createSocket: (url: string, subprotocol: string) => SocketLike;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

/** A use of a gateway, until it is released. */
export interface GatewayUse {
  readonly gateway: ElementGateway;
  release(): void;
}

/** What the elements of one page share: a line for each gateway, as long as one of them uses it, and style sheets. */
export class ElementWorld {
  readonly window: Window;
  readonly #options: ElementWorldOptions;
  readonly #gateways = new Map<string, { readonly gateway: ElementGateway; users: number }>();
  readonly #sheets = new Map<string, CSSStyleSheet>();

  constructor(options: ElementWorldOptions) {
    this.#options = options;
    this.window = options.window;
  }

  /** Null is the gateway that the script came from. @throws TablecastError `bad_parameter` where the address is none */
  use(address: string | null): GatewayUse {
    const { window, defaultUrl, createSocket, fetch, clock, random, onError } = this.#options;
    const url = address === null ? defaultUrl : withSlash(address, window.document.baseURI);
    let shared = this.#gateways.get(url);
    if (shared === undefined) {
      const environment = { createSocket, fetch, clock, random, nowMs: () => Date.now(), onError };
      shared = { gateway: new ElementGateway({ url, window, environment }), users: 0 };
      this.#gateways.set(url, shared);
    }
    shared.users++;
    let isReleased = false;
    return {
      gateway: shared.gateway,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        shared.users--;
        // An element that only moves in its page is taken out and put in at once: the line stays for it.
        clock.after(0, () => this.#closeUnused(url));
      },
    };
  }

  /** The same sheet for the same text. */
  sheet(text: string): CSSStyleSheet {
    let sheet = this.#sheets.get(text);
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      this.#sheets.set(text, sheet);
    }
    return sheet;
  }

  #closeUnused(url: string): void {
    const shared = this.#gateways.get(url);
    if (shared === undefined || shared.users > 0) return;
    this.#gateways.delete(url);
    shared.gateway.close();
  }
}

/** As one address, however it was written. */
function withSlash(address: string, base: string): string {
  if (!URL.canParse(address, base)) return address;
  const url = new URL(address, base);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}
