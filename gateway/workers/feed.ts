import type { Duplex } from 'node:stream';
import { entryRecord } from '../log/entry-codec.ts';
import type { LogEntry } from '../log/log.ts';
import { type LogRecord, prepareRecord } from '../log/log-record.ts';
import { feedFrame } from './feed-frames.ts';
import { FeedLine } from './feed-line.ts';

/** Of a worker that is still sent the tables so many times more may wait: it takes what came meanwhile after them. */
const BEGINNING_FACTOR = 4;

/**
 * Sends every folded entry to the workers, in one order: encoded once, however many they are. A worker that is behind but
 * goes on holds intake back (`isFull`), so that its queue has a bound; one that has fallen silent holds up nobody.
 */
export class Feed {
  readonly #lines = new Set<FeedLine>();
  readonly #maxLagBytes: number;
  #wanting: (() => void)[] = [];

  constructor(options: { readonly maxLagBytes: number }) {
    this.#maxLagBytes = options.maxLagBytes;
  }

  /** An entry has just been folded. */
  folded(entry: LogEntry): void {
    if (this.#lines.size === 0) return;
    const frame = feedFrame('entry', prepareRecord(entryRecord(entry)));
    for (const line of this.#lines) line.push(frame);
  }

  /** Begins to feed a worker: `state` is that of the tables now, and is read while there is room. */
  begin(stream: Duplex, state: Iterator<LogRecord, void>): FeedLine {
    const line = new FeedLine({ stream, state, onMoved: () => this.#look() });
    this.#lines.add(line);
    return line;
  }

  end(line: FeedLine): void {
    this.#lines.delete(line);
    this.#look();
  }

  /** A worker answers again, or no longer. */
  setAnswers(line: FeedLine, answers: boolean): void {
    line.answers = answers;
    this.#look();
  }

  get isFull(): boolean {
    for (const { answers, lagBytes, isBeginning } of this.#lines)
      if (answers && lagBytes >= this.#maxLagBytes * (isBeginning ? BEGINNING_FACTOR : 1)) return true;
    return false;
  }

  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#wanting.push(resolve));
  }

  #look(): void {
    if (this.#wanting.length === 0 || this.isFull) return;
    for (const resume of this.#wanting.splice(0)) resume();
  }
}
