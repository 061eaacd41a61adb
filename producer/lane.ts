import { TablecastError } from '../protocol/errors.ts';

export type Frames = (string | Uint8Array)[];

export interface LaneOptions {
  readonly name: string;
  /** Sends one message; called once at a time, for the library refuses a second send while one waits. */
  readonly send: (frames: Frames) => Promise<void>;
  /** Messages that may wait; one more is refused. */
  readonly maxQueuedMessages: number;
}

/** One socket's way out: messages leave one after the other, in the order in which they were given. */
export class Lane {
  readonly #options: LaneOptions;
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;
  #closed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get idle(): boolean {
    return this.#queued === 0;
  }

  /**
   * Resolves when the message is handed to ZeroMQ.
   *
   * @throws TablecastError `slow_consumer` where too many wait, `shutting_down` after {@link close}
   */
  send(frames: Frames): Promise<void> {
    const { name, maxQueuedMessages } = this.#options;
    if (this.#queued >= maxQueuedMessages) {
      const detail = `${maxQueuedMessages} messages wait at ${name}, where nobody takes them; await publish().`;
      return Promise.reject(new TablecastError('slow_consumer', detail));
    }
    this.#queued++;
    const sent = this.#tail.then(() => this.#sendNow(frames)).finally(() => this.#queued--);
    this.#tail = sent.catch(() => {});
    return sent;
  }

  /** What still waits is refused. */
  close(): void {
    this.#closed = true;
  }

  async #sendNow(frames: Frames): Promise<void> {
    if (this.#closed) throw closedError();
    try {
      await this.#options.send(frames);
    } catch (cause) {
      if (this.#closed) throw closedError(cause);
      throw new TablecastError('internal', `ZeroMQ did not take the message at ${this.#options.name}.`, {
        cause,
      });
    }
  }
}

export function closedError(cause?: unknown): TablecastError {
  return new TablecastError(
    'shutting_down',
    'The producer is closed.',
    cause === undefined ? undefined : { cause },
  );
}
