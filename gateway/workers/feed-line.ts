import type { Duplex } from 'node:stream';
import { type LogRecord, prepareRecord } from '../log/log-record.ts';
import { feedFrame } from './feed-frames.ts';

export interface FeedLineOptions {
  readonly stream: Duplex;
  /** All tables as they are now, as records that are made one by one. */
  readonly state: Iterator<LogRecord, void>;
  /** Something that waited is gone. */
  readonly onMoved: () => void;
}

const MARK = feedFrame('mark');

/** What one worker is sent: first the state of all tables, a record at a time as there is room, then what came meanwhile. */
export class FeedLine {
  readonly #options: FeedLineOptions;
  /** What follows the state; null once that is sent. */
  #later: Uint8Array[] | null = [];
  #laterBytes = 0;
  #isCorked = false;
  /** Whether it is heard of at present: what waits for one that is not counts for nobody else. */
  answers = true;

  constructor(options: FeedLineOptions) {
    this.#options = options;
    const { stream } = options;
    stream.on('data', (asks: Uint8Array) => {
      for (let i = 0; i < asks.length; i++) this.push(MARK);
    });
    stream.on('drain', () => {
      if (this.#later !== null) this.#sendState();
      this.#options.onMoved();
    });
    this.#sendState();
  }

  /** Whether the state is not wholly sent yet. */
  get isBeginning(): boolean {
    return this.#later !== null;
  }

  /** What waits to be taken by the worker. */
  get lagBytes(): number {
    return this.#options.stream.writableLength + this.#laterBytes;
  }

  push(frame: Uint8Array): void {
    if (this.#later === null) return this.#write(frame);
    this.#later.push(frame);
    this.#laterBytes += frame.length;
  }

  #sendState(): void {
    const { stream, state } = this.#options;
    for (;;) {
      const { value, done } = state.next();
      if (done === true) break;
      if (!stream.write(feedFrame('state', prepareRecord(value)))) return;
    }
    const later = this.#later ?? [];
    this.#later = null;
    this.#laterBytes = 0;
    for (const frame of [feedFrame('begun'), ...later]) this.#write(frame);
  }

  /** What is pushed in one turn of the event loop goes out together. */
  #write(frame: Uint8Array): void {
    const { stream } = this.#options;
    if (!this.#isCorked) {
      this.#isCorked = true;
      stream.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        stream.uncork();
      });
    }
    stream.write(frame);
  }
}
