import { TablecastError } from '../../../protocol/errors.ts';
import type { TableHead } from '../../tables/admission.ts';
import type { Commit } from '../../tables/commit.ts';
import type { Publication } from '../../tables/publication.ts';
import { TableSchemas } from '../../tables/table-schemas.ts';
import type { Log, LogEntry, Peers, Refused, SharedLog, SharedTexts } from '../log.ts';
import { prepareRecord, readRecord } from '../log-record.ts';
import type { GroupAssembler, WholeGroup } from './group-assembler.ts';
import { decodeGroup, joinParts } from './group-codec.ts';
import { GroupSender } from './group-sender.ts';
import type { LogStream, StreamMessage } from './log-stream.ts';
import type { OwnEntry } from './own-entry.ts';
import { offeredRecord, readOffered, type SettledEntry, settleEntry } from './shared-entry.ts';

export interface StreamLogOptions {
  readonly epoch: string;
  readonly stream: LogStream;
  /** Names this life of this gateway among all that ever append. */
  readonly sender: string;
  readonly assembler: GroupAssembler;
  /** The store is as the messages up to this one have made it. */
  readonly foldedSequence: number;
  /** The first message that {@link StreamLog.take} is given. */
  readonly readFrom: number;
  readonly fold: (entry: LogEntry) => Commit | null;
  readonly headOf: (table: string) => TableHead | null;
  /** Whether a publication has not come before, by way of another gateway. */
  readonly isNews?: (publication: Publication) => boolean;
  /** What was left out of the fold, at every gateway alike. */
  readonly onLeftOut?: (left: Pick<SettledEntry, 'refused' | 'old'>) => void;
  /** What was offered is about to be folded in another shape, or never will be. */
  readonly withdraw: (publication: Publication) => void;
  readonly onFault: (error: unknown) => void;
  /** A message was folded, of so many bytes. */
  readonly onFolded?: (sequence: number, byteLength: number) => void;
  /** Of the stream's messages. Rejects where the servers cannot be asked. */
  readonly lastSequence: () => Promise<number>;
  readonly peers: Peers;
  readonly texts: SharedTexts;
  readonly leads: () => boolean;
  readonly notReady: () => TablecastError | null;
  /** Ends the reading of the stream and what else was opened for it. */
  readonly closeStream: () => Promise<void>;
  readonly maxWaitingBytes?: number;
  readonly giveUpMs?: number;
  readonly retryMs?: number;
}

/**
 * A log in a stream that other gateways append to as well: whatever stands in the stream is folded in its order, by every
 * gateway alike, and whoever appended waits until its own entry has come back.
 */
export class StreamLog implements Log, SharedLog {
  readonly epoch: string;
  readonly lost: Promise<TablecastError>;
  readonly peers: Peers;
  readonly texts: SharedTexts;
  readonly #options: StreamLogOptions;
  readonly #own: GroupSender;
  /** Of what other gateways appended. */
  readonly #schemas = new TableSchemas();
  #foldedSequence: number;
  #nextSequence: number;
  #lagMessages = 0;
  #lose: (error: TablecastError) => void = () => {};
  #isLost = false;
  #isClosed = false;
  #closing: Promise<void> | null = null;
  #onForeign: (commit: Commit) => void = () => {};
  readonly #reaching = new Map<() => void, number>();

  constructor(options: StreamLogOptions) {
    const { stream, sender, maxWaitingBytes, giveUpMs, retryMs } = options;
    this.#options = options;
    this.epoch = options.epoch;
    this.peers = options.peers;
    this.texts = options.texts;
    this.#foldedSequence = options.foldedSequence;
    this.#nextSequence = options.readFrom;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#own = new GroupSender({
      sender,
      stream,
      onFailed: (entries, error) => this.#fail(entries, error),
      ...(maxWaitingBytes === undefined ? {} : { maxWaitingBytes }),
      ...(giveUpMs === undefined ? {} : { giveUpMs }),
      ...(retryMs === undefined ? {} : { retryMs }),
    });
  }

  get shared(): SharedLog {
    return this;
  }

  get isFull(): boolean {
    return !this.#isClosed && this.#own.isFull;
  }

  get foldedSequence(): number {
    return this.#foldedSequence;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  get lagMessages(): number {
    return this.#lagMessages;
  }

  get leads(): boolean {
    return !this.#isClosed && !this.#isLost && this.#options.leads();
  }

  get notReady(): TablecastError | null {
    return this.#options.notReady();
  }

  room(): Promise<void> {
    return this.#own.room();
  }

  away(): Promise<void> | null {
    return this.#isClosed ? null : this.#options.stream.away();
  }

  onForeign(listener: (commit: Commit) => void): void {
    this.#onForeign = listener;
  }

  append(entry: LogEntry, folded?: OwnEntry['folded'], failed?: OwnEntry['failed']): void {
    const own = { entry, record: prepareRecord(offeredRecord(entry)), folded, failed };
    if (!this.#isClosed) return this.#own.append(own);
    this.#fail(
      [own],
      new TablecastError('shutting_down', 'The gateway is stopping and stores nothing more.'),
    );
  }

  #fail(entries: readonly OwnEntry[], error: TablecastError): void {
    for (const { entry, failed } of entries) {
      for (const publication of entry.publications) this.#options.withdraw(publication);
      this.#guarded(() => failed?.(error));
    }
  }

  /** Folds the next message of the stream. */
  take({ sequence, part, pending }: StreamMessage): void {
    if (this.#isLost || sequence < this.#nextSequence) return;
    if (sequence > this.#nextSequence) return this.lose(sequence);
    this.#nextSequence = sequence + 1;
    const groups = part === null ? [] : this.#options.assembler.add(part);
    if (sequence <= this.#foldedSequence) return;
    for (const group of groups) this.#guarded(() => this.#foldGroup(part!.sender, group));
    this.#foldedSequence = sequence;
    this.#lagMessages = pending;
    this.#options.onFolded?.(sequence, part?.bytes.length ?? 0);
    for (const [resume, wanted] of this.#reaching) if (wanted <= sequence) resume();
  }

  /** The stream does not go on where this gateway stands: it was trimmed, cut back or made anew. */
  lose(firstSequence: number): void {
    this.#isLost = true;
    this.#lose(
      new TablecastError(
        'log_lost',
        `The next message of the log is ${this.#nextSequence}, and its stream goes on with ${firstSequence}: it was trimmed or made anew meanwhile. Start the gateway again.`,
      ),
    );
  }

  async caughtUp(): Promise<void> {
    await this.reached(await this.#options.lastSequence());
  }

  /** Resolves once the message is folded. */
  async reached(sequence: number): Promise<void> {
    if (this.#foldedSequence >= sequence) return;
    await new Promise<void>((resolve) => {
      const resume = () => {
        this.#reaching.delete(resume);
        resolve();
      };
      this.#reaching.set(resume, sequence);
    });
  }

  #foldGroup(sender: string, { group, parts }: WholeGroup): void {
    const own = sender === this.#options.sender ? this.#own.take(group) : null;
    if (own !== null) {
      for (const each of own)
        this.#foldEntry(each.entry, (commit, refused) => {
          if (!this.#own.hasFailed(each)) each.folded?.(commit, refused);
          else if (commit !== null) this.#onForeign(commit);
        });
      return;
    }
    for (const record of decodeGroup(joinParts(parts))) {
      this.#guarded(() =>
        this.#foldEntry(readOffered(readRecord(record), this.#schemas), (commit) => {
          if (commit !== null) this.#onForeign(commit);
        }),
      );
    }
  }

  /** A listener's fault is its own. */
  #foldEntry(entry: LogEntry, told: (commit: Commit | null, refused: readonly Refused[]) => void): void {
    const { fold, headOf, isNews, onLeftOut, withdraw } = this.#options;
    for (const publication of entry.publications) withdraw(publication);
    const settled = settleEntry(entry, headOf, isNews);
    const commit = fold(settled.entry);
    onLeftOut?.(settled);
    this.#guarded(() => told(commit, settled.refused));
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    await this.#own.drained();
    await this.#options.closeStream();
  }
}
