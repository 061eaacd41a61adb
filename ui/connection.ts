import type { ClientMessage, Since } from '../protocol/client-message.ts';
import { parseServerMessage, type ServerMessage } from '../protocol/server-message.ts';
import { SUBPROTOCOL } from '../protocol/version.ts';
import { type BackOff, createBackOff } from './back-off.ts';

/** The gateway sends a heartbeat each second; a line that says nothing for this long is dead. */
const SILENCE_LIMIT_MS = 3500;
/** A program that stood still itself has yet to read what came meanwhile: before it takes a line for dead it runs so long. */
const READ_MS = 100;
/** RFC 6455's registry: the service restarts. */
const CLOSE_SERVICE_RESTART = 1012;
const LONGEST_WAIT_MS = 30_000;

export type ConnectionState = 'connecting' | 'live' | 'reconnecting';

/** The part of a browser's CloseEvent that a connection uses. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

/** The part of a browser's WebSocket that a connection uses. */
export interface SocketLike {
  binaryType: string;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: SocketClose) => void): void;
  send(text: string): void;
  close(): void;
}

export interface Clock {
  nowMs(): number;
  /** Calls back once after the delay; returns a function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly createSocket: (url: string, subprotocol: string) => SocketLike;
  readonly clock: Clock;
  /** 0 up to 1, for the back-off's jitter. */
  readonly random: () => number;
  /** Asked on each line, after {@link resumeAt}. */
  readonly tables: readonly string[] | '*';
  /** Whether this viewer draws, and will say when; it does unless told otherwise. */
  readonly renders?: boolean;
  /** Whether commits are to say when a table last came or went. */
  readonly lists?: boolean;
  /** Whether commits that change none of the tables may come merged, with the next heartbeat. */
  readonly rests?: boolean;
  /** How many commits may be sent beyond the last one that was said to be taken; as many as come unless told. */
  readonly ahead?: number;
  readonly isVisible: () => boolean;
  /** Where to resume in the log of this epoch; null to start from snapshots. Asked once per line. */
  readonly resumeAt: (epoch: string) => Since | null;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onBinary: (bytes: Uint8Array) => void;
  readonly onState: (state: ConnectionState) => void;
}

/**
 * One line to `/live` that mends itself: jittered back-off from 100 ms to 5 s, and before it what a gateway asks for that
 * stops, resuming where the viewer stands.
 * It is `live` from the gateway's hello on. What it is told to send while there is no line is not kept:
 * subscriptions and visibility are said anew on each line.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #backOff: BackOff;
  #socket: SocketLike | null = null;
  #state: ConnectionState = 'connecting';
  #lastMessageAtMs = 0;
  #cancelSilence: () => void = () => {};
  #cancelRetry: (() => void) | null = null;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#backOff = createBackOff({ random: options.random, nowMs: () => options.clock.nowMs() });
    this.#open();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Sends where the line is live; drops the message where it is not. */
  send(message: ClientMessage): void {
    if (this.#state === 'live') this.#socket?.send(JSON.stringify(message));
  }

  /** Ends the line and takes up another after the back-off, asking `resumeAt` anew. */
  restart(): void {
    if (!this.#isClosed && this.#socket !== null) this.#lost(this.#socket);
  }

  /** Tries at once where it was waiting to: the network is back, or the viewer looks again. */
  retryNow(): void {
    if (this.#cancelRetry === null || this.#isClosed) return;
    this.#cancelRetry();
    this.#open();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#drop();
  }

  #open(): void {
    this.#cancelRetry = null;
    const socket = this.#options.createSocket(this.#options.url, SUBPROTOCOL);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', (event) => this.#receive(socket, event.data));
    socket.addEventListener('close', (event) => this.#lost(socket, retryAfterMs(event)));
    this.#lastMessageAtMs = this.#options.clock.nowMs();
    this.#watchSilence(socket);
  }

  #receive(socket: SocketLike, data: unknown): void {
    if (socket !== this.#socket) return;
    this.#lastMessageAtMs = this.#options.clock.nowMs();
    if (data instanceof ArrayBuffer) {
      this.#options.onBinary(new Uint8Array(data));
      return;
    }
    let message: ServerMessage;
    try {
      message = parseServerMessage(String(data));
    } catch {
      this.#lost(socket);
      return;
    }
    this.#options.onMessage(message);
    if (message.type === 'hello') this.#greet(socket, message.epoch);
  }

  #greet(socket: SocketLike, epoch: string): void {
    const since = this.#options.resumeAt(epoch);
    const subscribe: ClientMessage = {
      type: 'subscribe',
      tables: this.#options.tables === '*' ? '*' : [...this.#options.tables],
      renders: this.#options.renders ?? true,
      ...(this.#options.lists === true ? { lists: true } : {}),
      ...(this.#options.rests === true ? { rests: true } : {}),
      ...(this.#options.ahead === undefined ? {} : { ahead: this.#options.ahead }),
      ...(since === null ? {} : { since }),
    };
    // Said before the subscription, so that no commit counts a hidden viewer as one that draws.
    if (!this.#options.isVisible()) socket.send(JSON.stringify({ type: 'visibility', visible: false }));
    socket.send(JSON.stringify(subscribe));
    this.#backOff.connected();
    this.#enter('live');
  }

  #watchSilence(socket: SocketLike): void {
    const { clock } = this.#options;
    const leftMs = () => SILENCE_LIMIT_MS - (clock.nowMs() - this.#lastMessageAtMs);
    this.#cancelSilence = clock.after(leftMs() - READ_MS, () => {
      if (leftMs() > READ_MS) return this.#watchSilence(socket);
      this.#cancelSilence = clock.after(READ_MS, () => {
        if (leftMs() > 0) this.#watchSilence(socket);
        else this.#lost(socket);
      });
    });
  }

  #lost(socket: SocketLike, waitMs = 0): void {
    if (socket !== this.#socket || this.#isClosed) return;
    this.#drop();
    this.#cancelRetry = this.#options.clock.after(waitMs + this.#backOff.nextDelayMs(), () => this.#open());
    this.#enter('reconnecting');
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#cancelSilence();
    socket?.close();
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** What a gateway that stops asks its viewers to wait, so that they do not all come back at once; 0 else. */
function retryAfterMs({ code, reason }: SocketClose): number {
  const [, ms] = /^retry_after_ms=(\d{1,5})$/.exec(reason) ?? [];
  return code === CLOSE_SERVICE_RESTART && ms !== undefined ? Math.min(Number(ms), LONGEST_WAIT_MS) : 0;
}
