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
  /** What the gateways of the stream have agreed on since. */
  readonly epochNow: () => Promise<string | null>;
  /** When the stream was made. */
  readonly created: string;
  readonly retryMs: number;
  readonly onFault: (error: unknown) => void;
  /** The stream holds less than was folded here. */
  readonly onCutBack: (lastSequence: number) => Promise<void>;
}

/** So long messages are folded before other work has its turn. */
const TURN_MS = 8;
/** So often a stream that looks like another one is looked at again. */
const MAX_DOUBTS = 20;
const LOOK_MS = 5000;

/** Gives a log the messages of its stream, in order and for as long as it lives, whatever becomes of the connection. */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #ending = new AbortController();
  readonly #reading: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  /** One consumer's life. */
  #round = new AbortController();
  /** The message at which this gateway has caught up again; null where it has. */
  #target: number | null = null;
  #looking: Promise<number> | null = null;
  /** Where the stream was seen to end before what was folded. What was appended to see it would hide that from the next look. */
  #cutAt: number | null = null;
  /** When another message was first told instead of the next one; null where none was since that one before it. */
  #leftOutMs: number | null = null;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#reading = this.#read();
    options.link.onReturn(() => void this.#returned());
    this.#timer = setInterval(() => {
      if (options.link.away() === null) void this.#look();
    }, LOOK_MS);
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
      if (this.#round.signal.aborted) return undefined;
      if (message.sequence > log.nextSequence) return this.#skip(message);
      this.#leftOutMs = null;
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
        if (!signal.aborted)
          await delay(this.#options.retryMs, undefined, { signal: ending }).catch(() => {});
      }
    }
  }

  /**
   * The next message was left out. Where the stream was trimmed it is gone; but a server that was killed may tell of its stream before it
   * has everything again, and another one has it.
   */
  async #skip(message: StreamMessage): Promise<void> {
    const { log, stream, retryMs } = this.#options;
    this.#leftOutMs ??= performance.now();
    const { state } = await stream.info();
    const isOver = performance.now() - this.#leftOutMs > MAX_DOUBTS * retryMs;
    if (state.first_seq > log.nextSequence || isOver) return log.take(message);
    await delay(retryMs, undefined, { signal: this.#ending.signal }).catch(() => {});
    this.#round.abort();
  }

  /** After a break the consumer may be gone with what kept it, and be missed only after a while. */
  async #returned(): Promise<void> {
    this.#target = Number.POSITIVE_INFINITY;
    this.#round.abort();
    // One that is under way may have seen the stream before the break.
    await this.#looking;
    this.#target = await this.#look();
  }

  /**
   * Looks whether the stream still goes on from where this gateway stands: it may have been made anew, or cut back to what its
   * servers had on disk. Its last message.
   */
  #look(): Promise<number> {
    this.#looking ??= this.#lookUntilCertain().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookUntilCertain(): Promise<number> {
    const { log, onCutBack, onFault, retryMs } = this.#options;
    for (let doubts = 0; !this.#ending.signal.aborted; ) {
      try {
        const { lastSequence, isOther, isCutBack } = await this.#standing();
        if (!isOther && !isCutBack) return lastSequence;
        // A server that leads the stream only now may not have read its own log yet.
        if (isCutBack || doubts++ >= MAX_DOUBTS) {
          if (isCutBack) await onCutBack(lastSequence);
          log.lose(lastSequence + 1);
          return lastSequence;
        }
      } catch (error) {
        if (!this.#ending.signal.aborted) onFault(error);
      }
      await delay(retryMs, undefined, { signal: this.#ending.signal }).catch(() => {});
    }
    return 0;
  }

  async #standing() {
    const { log, stream, created, epochNow } = this.#options;
    const { foldedSequence } = log;
    const info = await stream.find();
    const isOther = info?.created !== created || (await epochNow()) !== log.epoch;
    const told = info?.state.last_seq ?? 0;
    if (isOther) return { lastSequence: told, isOther, isCutBack: false };
    if (this.#cutAt === null) {
      const lastSequence = told >= foldedSequence ? told : await stream.certainLast();
      if (lastSequence >= foldedSequence) return { lastSequence, isOther, isCutBack: false };
      this.#cutAt = lastSequence;
    }
    return { lastSequence: this.#cutAt, isOther, isCutBack: true };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort();
    await this.#reading;
  }
}
