import type { BusMessage } from '../intake.ts';

/** A slice ends after so many messages or bytes, or so long, whichever comes first; then timers and sockets have their turn. */
const SLICE_MESSAGES = 64;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICE_MS = 2;
/** It ends sooner where working on it is likely to take longer: what is shown together holds up what comes between. */
const WORK_MS = 8;
/** How much the last slice counts in what a byte is likely to take. */
const NEWEST_SHARE = 0.2;

export interface SliceOptions {
  readonly onMessages: (messages: readonly BusMessage[]) => void;
  readonly onFault: (error: unknown) => void;
  readonly nowMs: () => number;
}

/** Messages that arrived in one turn of the event loop; handed on at its end, or once there are enough of them. */
export class Slice {
  readonly #options: SliceOptions;
  #messages: BusMessage[] = [];
  #bytes = 0;
  #endMs = 0;
  #msPerByte = 0;

  constructor(options: SliceOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return (
      this.#messages.length >= SLICE_MESSAGES ||
      this.#bytes >= SLICE_BYTES ||
      this.#bytes * this.#msPerByte >= WORK_MS ||
      (this.#messages.length > 0 && this.#options.nowMs() >= this.#endMs)
    );
  }

  add(message: BusMessage): void {
    if (this.#messages.length === 0) {
      this.#endMs = this.#options.nowMs() + SLICE_MS;
      setImmediate(() => this.handOn());
    }
    this.#messages.push(message);
    for (const frame of message.frames) this.#bytes += frame.length;
  }

  handOn(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const bytes = this.#bytes;
    this.#messages = [];
    this.#bytes = 0;
    const startedAtMs = this.#options.nowMs();
    try {
      this.#options.onMessages(messages);
    } catch (error) {
      this.#options.onFault(error);
    }
    const newest = (this.#options.nowMs() - startedAtMs) / Math.max(1, bytes);
    this.#msPerByte += NEWEST_SHARE * (newest - this.#msPerByte);
  }
}
