import { TablecastError } from '../../../protocol/errors.ts';
import { GroupLine, type SentGroup } from './group-line.ts';
import type { LogStream } from './log-stream.ts';
import type { OwnEntry } from './own-entry.ts';

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

const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** What is sent together, if there is more than one entry of it. */
const GROUP_BYTES = 240 * 1024;
const GIVE_UP_MS = 10_000;
const RETRY_MS = 250;
/** Of {@link GroupSenderOptions.giveUpMs}: what is stored for so long, with servers that are reached, is not folded any more. */
const MAX_ROUNDS = 60;

/**
 * Sends what this gateway appends, in groups that are folded in the order of appending; what comes while enough of them are under way
 * makes the next one. A group is sent until it is stored, under one name, and so counts once.
 */
export class GroupSender {
  readonly #options: GroupSenderOptions;
  #waiting: OwnEntry[] = [];
  readonly #line: GroupLine;
  readonly #timers = new Map<SentGroup, NodeJS.Timeout>();
  #bytes = 0;
  #isStarting = false;
  /** Given up while the servers were away: until they are back nothing is tried. */
  #isDown = false;
  #isClosing = false;
  readonly #failed = new WeakSet<OwnEntry>();
  #wanting: (() => void)[] = [];
  #idle: (() => void)[] = [];

  constructor(options: GroupSenderOptions) {
    const { sender, stream, retryMs = RETRY_MS } = options;
    this.#options = options;
    this.#line = new GroupLine({
      ...{ sender, stream, retryMs },
      onStored: () => this.#send(),
      onRefused: (sent, error) => this.#giveUp(sent, error),
    });
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
    const sent = this.#line.find(group);
    if (sent === undefined) return null;
    this.#forget([sent]);
    return sent.entries;
  }

  /** Whether whoever appended it was told that it failed. */
  hasFailed(entry: OwnEntry): boolean {
    return this.#failed.has(entry);
  }

  /** Resolves once nothing is waited for; what is patient is so no longer. */
  async drained(): Promise<void> {
    this.#isClosing = true;
    while (!this.#isIdle) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  get #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#line.isEmpty;
  }

  /** What comes in the same turn of the event loop is sent together. */
  #start(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      this.#send();
    });
  }

  #send(): void {
    while (this.#waiting.length > 0 && !this.#isStarting) {
      const { count, byteLength } = this.#nextGroup();
      if (!this.#line.hasRoom(byteLength, count < this.#waiting.length)) return;
      this.#watch(this.#line.add(this.#waiting.splice(0, count), byteLength));
    }
  }

  #nextGroup(): { readonly count: number; readonly byteLength: number } {
    let byteLength = 0;
    for (const [count, { record }] of this.#waiting.entries()) {
      if (count > 0 && byteLength + record.byteLength > GROUP_BYTES) return { count, byteLength };
      byteLength += record.byteLength;
    }
    return { count: this.#waiting.length, byteLength };
  }

  /** What is stored and not folded yet is waited for while the servers are reached, but not without end. */
  #watch(sent: SentGroup, rounds = 1): void {
    const timer = setTimeout(() => {
      if (!sent.isStored || this.#options.stream.away() !== null)
        this.#giveUp(sent, unavailable(sent.lastError));
      else if (rounds < MAX_ROUNDS) this.#watch(sent, rounds + 1);
      else this.#abandon(sent);
    }, this.#options.giveUpMs ?? GIVE_UP_MS);
    this.#timers.set(sent, timer);
  }

  /** What comes after it fails with it; but what is patient is sent on, and all that it comes after with it. */
  #giveUp(sent: SentGroup, error: TablecastError): void {
    this.#isDown = this.#options.stream.away() !== null;
    const isFinal = error.code === 'log_write_failed';
    const stays = (entry: OwnEntry) => !isFinal && this.#isPatient(entry);
    const groups = this.#line.from(sent);
    const entries = groups.flatMap((group) => group.entries);
    const failing = [...entries, ...this.#waiting].filter((entry) => !stays(entry));
    for (const { record } of this.#waiting.filter((entry) => !stays(entry))) this.#bytes -= record.byteLength;
    this.#waiting = this.#waiting.filter(stays);
    if (entries.some(stays)) this.#watch(sent);
    else this.#forget(groups);
    this.#tell(failing, error);
    this.#release();
  }

  /** What comes after it in the line waits for it everywhere. */
  #abandon(sent: SentGroup): void {
    const groups = this.#line.from(sent);
    this.#forget(groups);
    const detail = 'What was sent to the log did not come back from it, and may be lost; send it again.';
    const entries = groups.flatMap((group) => group.entries);
    this.#tell(entries, new TablecastError('log_unavailable', detail));
  }

  #tell(failing: readonly OwnEntry[], error: TablecastError): void {
    const untold = failing.filter((entry) => !this.#failed.has(entry));
    for (const entry of untold) this.#failed.add(entry);
    this.#options.onFailed(untold, error);
  }

  #isPatient({ entry }: OwnEntry): boolean {
    return entry.isPatient === true && !this.#isClosing;
  }

  #forget(groups: readonly SentGroup[]): void {
    for (const sent of groups) {
      clearTimeout(this.#timers.get(sent));
      this.#timers.delete(sent);
      for (const { record } of sent.entries) this.#bytes -= record.byteLength;
    }
    this.#line.remove(groups);
    this.#release();
    if (this.#waiting.length > 0) this.#start();
  }

  #release(): void {
    if (!this.isFull) for (const resume of this.#wanting.splice(0)) resume();
    if (this.#isIdle) for (const resume of this.#idle.splice(0)) resume();
  }
}

function unavailable(cause?: unknown): TablecastError {
  return new TablecastError(
    'log_unavailable',
    'The servers of the log cannot be reached, so nothing is taken now. What was sent may still be taken; try again later.',
    { cause },
  );
}
