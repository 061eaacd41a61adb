import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { TablecastError } from '../../../protocol/errors.ts';
import type { StreamMessage } from './log-stream.ts';
import type { NatsLink } from './nats-link.ts';
import type { NatsStream } from './nats-stream.ts';
import type { StreamLog } from './stream-log.ts';

export interface StreamReaderOptions {
  readonly log: StreamLog;
  readonly stream: NatsStream;
  readonly link: NatsLink;
  /** When the stream was made. */
  readonly created: string;
  readonly retryMs: number;
  readonly onFault: (error: unknown) => void;
  /** The stream holds less than was folded here. */
  readonly onCutBack: (lastSequence: number) => Promise<void>;
}

/** So long messages are folded before other work has its turn. */
const TURN_MS = 8;
/** So often a stream that looks shorter than it was is looked at again. */
const MAX_DOUBTS = 6;

/** Gives a log the messages of its stream, in order and for as long as it lives, whatever becomes of the connection. */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #ending = new AbortController();
  readonly #reading: Promise<void>;
  /** One consumer's life. */
  #round = new AbortController();
  /** The message at which this gateway has caught up again; null where it has. */
  #target: number | null = null;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#reading = this.#read();
    options.link.onReturn(() => void this.#returned());
  }

  get notReady(): TablecastError | null {
    const { link, log } = this.#options;
    if (link.away() !== null)
      return new TablecastError('log_unavailable', 'The servers of the log cannot be reached.');
    if (this.#target === null || log.foldedSequence >= this.#target) return null;
    return new TablecastError(
      'log_unavailable',
      `Catching up with the log: message ${log.foldedSequence} of ${this.#target}.`,
    );
  }

  async #read(): Promise<void> {
    const { log, stream, onFault } = this.#options;
    const ending = this.#ending.signal;
    let turnEndMs = performance.now() + TURN_MS;
    const take = (message: StreamMessage) => {
      log.take(message);
      if (performance.now() < turnEndMs) return undefined;
      return nextTurn().then(() => {
        turnEndMs = performance.now() + TURN_MS;
      });
    };
    while (!ending.aborted) {
      this.#round = new AbortController();
      const { signal } = this.#round;
      try {
        await stream.read(log.nextSequence, take, AbortSignal.any([ending, signal]));
      } catch (error) {
        if (!ending.aborted) onFault(error);
      }
      if (!signal.aborted) await delay(this.#options.retryMs, undefined, { signal: ending }).catch(() => {});
    }
  }

  /** What the stream is after a break: it may have been cut back to what its servers had on disk, or made anew. */
  async #returned(): Promise<void> {
    const { log, stream, created, onCutBack, onFault } = this.#options;
    this.#target = Number.POSITIVE_INFINITY;
    for (let doubts = 0; !this.#ending.signal.aborted; ) {
      try {
        const { state, created: createdNow } = await stream.info();
        const isOther = createdNow !== created;
        const isCutBack = state.last_seq < log.foldedSequence;
        // A server that leads the stream only now may not have read its own log yet.
        if (isOther || isCutBack) {
          if (doubts++ < MAX_DOUBTS)
            throw new TablecastError('log_unavailable', 'The stream is shorter than it was.');
          if (!isOther) await onCutBack(state.last_seq);
          log.lose(state.last_seq + 1);
        }
        this.#target = state.last_seq;
        // The consumer may be gone with what kept it, and be missed only after a while.
        this.#round.abort();
        return;
      } catch (error) {
        onFault(error);
        await delay(this.#options.retryMs);
      }
    }
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#reading;
  }
}
