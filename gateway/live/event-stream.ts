import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ImageKind } from './event-stream-images.ts';
import { RETRY_MS, retryMessage } from './event-stream-message.ts';
import { unwrittenBytes } from './session.ts';
import type { SubscriptionGroup } from './subscription-group.ts';

export interface EventStreamOptions {
  readonly group: SubscriptionGroup;
  /** The version that the client was told of, in this epoch; null for one that has to hear of all its tables. */
  readonly since: number | null;
  /** Null where the client wants no pictures. */
  readonly image: ImageKind | null;
  /** The connection's TCP (or TLS) socket: how much of it the client has taken is read here. */
  readonly socket: Socket;
  readonly onReady: (stream: EventStream) => void;
  readonly onClosed: (stream: EventStream) => void;
}

/**
 * One client of `/events`: what it asked for, and how far it was told. At most one message waits for it in memory; what
 * happens meanwhile is known from its version alone, and from the names of the tables whose picture it is to get.
 */
export class EventStream {
  readonly group: SubscriptionGroup;
  readonly image: ImageKind | null;
  /** The body of the answer. */
  readonly body: Readable;
  version: number | null;
  /** Tables whose picture is to follow. */
  readonly picturesDue = new Set<string>();
  /** One picture at a time is asked for. */
  awaitsPicture = false;
  /** The picture that came, until it is written. */
  picture: Buffer | null = null;
  readonly #socket: Socket;
  #ready = false;
  #taken = 0;
  #lastProgressMs: number;

  constructor(options: EventStreamOptions, nowMs: number) {
    this.group = options.group;
    this.image = options.image;
    this.version = options.since;
    this.#socket = options.socket;
    this.#lastProgressMs = nowMs;
    this.body = new Readable({
      // Asked for the next message only while the connection has room.
      highWaterMark: 0,
      read: () => {
        this.#ready = true;
        options.onReady(this);
      },
      destroy: (error, done) => {
        options.onClosed(this);
        done(error);
      },
    });
    this.body.push(retryMessage(RETRY_MS));
  }

  /** Whether a message may be written now. */
  get isReady(): boolean {
    return this.#ready && !this.body.destroyed;
  }

  write(message: Buffer): void {
    this.#ready = false;
    this.body.push(message);
  }

  /** Whether data has waited for `limitMs` without the client taking any. */
  isStuck(nowMs: number, limitMs: number): boolean {
    const waiting = this.#socket.writableLength;
    const taken = this.#socket.bytesWritten - waiting - unwrittenBytes(this.#socket);
    if ((this.#ready && waiting === 0) || taken !== this.#taken) {
      this.#taken = taken;
      this.#lastProgressMs = nowMs;
    }
    return nowMs - this.#lastProgressMs > limitMs;
  }

  /** Ends the answer in good order, and tells the client when to come back. */
  end(retryMs: number): void {
    if (this.body.destroyed || this.body.readableEnded) return;
    this.body.push(retryMessage(retryMs));
    this.body.push(null);
  }

  /** Cuts the connection. */
  cut(): void {
    this.body.destroy();
  }
}
