import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/**
 * What a session knows of a TCP socket, without a network. It takes everything at once, until it stalls: then bytes
 * wait, and `drain` is emitted when it flows again.
 */
export class InjectedSocket extends EventEmitter {
  readonly #onWrite: (bytes: Buffer) => void;
  #stalls = false;
  writableLength = 0;
  bytesWritten = 0;

  /** `onWrite` is called as bytes are written, whether or not the peer gets them now. */
  constructor(onWrite: (bytes: Buffer) => void) {
    super();
    this.#onWrite = onWrite;
  }

  /** As a session takes it: it uses nothing of a socket but what stands here. */
  get asSocket(): Socket {
    return this as unknown as Socket;
  }

  get stalls(): boolean {
    return this.#stalls;
  }

  write(bytes: Buffer): void {
    this.bytesWritten += bytes.length;
    if (this.#stalls) this.writableLength += bytes.length;
    this.#onWrite(bytes);
  }

  cork(): void {}
  uncork(): void {}

  stall(): void {
    this.#stalls = true;
  }

  flow(): void {
    this.#stalls = false;
    this.writableLength = 0;
    this.emit('drain');
  }
}
