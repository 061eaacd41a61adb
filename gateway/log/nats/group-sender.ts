import { setTimeout as delay } from 'node:timers/promises';
import { TablecastError } from '../../../protocol/errors.ts';
import type { Commit } from '../../tables/commit.ts';
import type { LogEntry, Refused } from '../log.ts';
import type { PreparedRecord } from '../log-record.ts';
import { encodeGroup } from './group-codec.ts';
import type { LogStream } from './log-stream.ts';

/** An entry that this gateway appends, and who waits for it. */
export interface OwnEntry {
  readonly entry: LogEntry;
  readonly record: PreparedRecord;
  readonly folded: ((commit: Commit | null, refused: readonly Refused[]) => void) | undefined;
  readonly failed: ((error: TablecastError) => void) | undefined;
}

export interface GroupSenderOptions {
  readonly sender: string;
  readonly stream: LogStream;
  /** The entries will not be waited for any more; they may be in the log all the same. */
  readonly onFailed: (entries: readonly OwnEntry[], error: TablecastError) => void;
  /** Beyond so many bytes that wait to be stored or folded nothing more is to be appended. */
  readonly maxWaitingBytes?: number;
  /** So long whoever appends is left waiting while the servers are away. */
  readonly giveUpMs?: number;
  readonly retryMs?: number;
}

interface SentGroup {
  readonly group: number;
  readonly entries: readonly OwnEntry[];
  isStored: boolean;
  lastError: unknown;
  readonly givenUp: AbortController;
  timer: NodeJS.Timeout | null;
}

const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** What is sent at once, if there is more than one entry of it. */
const GROUP_BYTES = 8 * 1024 * 1024;
const GIVE_UP_MS = 10_000;
const RETRY_MS = 250;
/** Of {@link GroupSenderOptions.giveUpMs}: what is stored for so long, with servers that are reached, is not folded any more. */
const MAX_ROUNDS = 60;

/**
 * Sends what this gateway appends, one group at a time, so that its entries stand in the stream in the order of appending; what
 * comes meanwhile makes the next group. A group is sent until it is stored, under one name, and so counts once.
 */
export class GroupSender {
  readonly #options: GroupSenderOptions;
  #waiting: OwnEntry[] = [];
  readonly #sent = new Map<number, SentGroup>();
  #lastGroup = 0;
  #bytes = 0;
  #working: Promise<void> | null = null;
  /** Given up while the servers were away: until they are back nothing is tried. */
  #isDown = false;
  #isClosing = false;
  readonly #failed = new WeakSet<OwnEntry>();
  #wanting: (() => void)[] = [];
  #idle: (() => void)[] = [];

  constructor(options: GroupSenderOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#bytes >= (this.#options.maxWaitingBytes ?? MAX_WAITING_BYTES);
  }

  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#wanting.push(resolve));
  }

  append(entry: OwnEntry): void {
    this.#isDown &&= this.#options.stream.away() !== null;
    if (this.#isDown && !this.#isPatient(entry)) return this.#options.onFailed([entry], unavailable());
    this.#bytes += entry.record.byteLength;
    this.#waiting.push(entry);
    this.#start();
  }

  /** The entries of a group that stands in the stream now; null where nobody waits for any of them. */
  take(group: number): readonly OwnEntry[] | null {
    const sent = this.#sent.get(group);
    if (sent === undefined) return null;
    this.#forget(sent);
    return sent.entries;
  }

  /** Whether whoever appended it was told that it failed. */
  hasFailed(entry: OwnEntry): boolean {
    return this.#failed.has(entry);
  }

  /** Resolves once nothing is waited for; what is patient is so no longer. */
  async drained(): Promise<void> {
    this.#isClosing = true;
    while (this.#waiting.length > 0 || this.#sent.size > 0)
      await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #work(): Promise<void> {
    // What comes in the same turn of the event loop is sent together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#send(this.#nextGroup());
  }

  #nextGroup(): SentGroup {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length; count++) {
      bytes += this.#waiting[count]!.record.byteLength;
      if (count > 0 && bytes > GROUP_BYTES) break;
    }
    const sent: SentGroup = {
      group: ++this.#lastGroup,
      entries: this.#waiting.splice(0, count),
      isStored: false,
      lastError: null,
      givenUp: new AbortController(),
      timer: null,
    };
    this.#sent.set(sent.group, sent);
    this.#watch(sent);
    return sent;
  }

  /** What is stored and not folded yet is waited for while the servers are reached, but not without end. */
  #watch(sent: SentGroup, rounds = 1): void {
    sent.timer = setTimeout(() => {
      if (!sent.isStored || this.#options.stream.away() !== null)
        this.#giveUp(sent, unavailable(sent.lastError));
      else if (rounds < MAX_ROUNDS) this.#watch(sent, rounds + 1);
      else this.#abandon(sent);
    }, this.#options.giveUpMs ?? GIVE_UP_MS);
  }

  async #send(sent: SentGroup): Promise<void> {
    const { stream, sender } = this.#options;
    const { signal } = sent.givenUp;
    const bytes = encodeGroup(sent.entries.map(({ record }) => record));
    const givenUp = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      try {
        const stored = stream.append({ sender, group: sent.group }, bytes).then(() => {
          sent.isStored = true;
        });
        return await Promise.race([stored, givenUp]);
      } catch (thrown) {
        if (thrown instanceof TablecastError && thrown.code === 'log_write_failed')
          return this.#giveUp(sent, thrown);
        sent.lastError = thrown;
        await Promise.race([delay(this.#options.retryMs ?? RETRY_MS), givenUp]);
      }
    }
  }

  /** What waits comes after it, so it fails with it; but what is patient is sent on. */
  #giveUp(sent: SentGroup, error: TablecastError): void {
    this.#isDown = this.#options.stream.away() !== null;
    const isFinal = error.code === 'log_write_failed';
    const stays = (entry: OwnEntry) => !isFinal && this.#isPatient(entry);
    if (sent.entries.some(stays)) this.#watch(sent);
    else this.#forget(sent);
    const failing = [...sent.entries, ...this.#waiting].filter((entry) => !stays(entry));
    for (const entry of this.#waiting) if (!stays(entry)) this.#bytes -= entry.record.byteLength;
    this.#waiting = this.#waiting.filter(stays);
    this.#tell(failing, error);
    this.#release();
  }

  #abandon(sent: SentGroup): void {
    this.#forget(sent);
    const detail = 'What was sent to the log did not come back from it, and may be lost; send it again.';
    this.#tell(sent.entries, new TablecastError('log_unavailable', detail));
  }

  #tell(failing: readonly OwnEntry[], error: TablecastError): void {
    const untold = failing.filter((entry) => !this.#failed.has(entry));
    for (const entry of untold) this.#failed.add(entry);
    this.#options.onFailed(untold, error);
  }

  #isPatient({ entry }: OwnEntry): boolean {
    return entry.isPatient === true && !this.#isClosing;
  }

  #forget(sent: SentGroup): void {
    if (sent.timer !== null) clearTimeout(sent.timer);
    sent.givenUp.abort();
    this.#sent.delete(sent.group);
    for (const { record } of sent.entries) this.#bytes -= record.byteLength;
    this.#release();
  }

  #release(): void {
    if (!this.isFull) for (const resume of this.#wanting.splice(0)) resume();
    if (this.#sent.size === 0 && this.#waiting.length === 0)
      for (const resume of this.#idle.splice(0)) resume();
  }
}

function unavailable(cause?: unknown): TablecastError {
  return new TablecastError(
    'log_unavailable',
    'The servers of the log cannot be reached, so nothing is taken now. What was sent may still be taken; try again later.',
    { cause },
  );
}
