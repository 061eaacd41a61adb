import type { Commit } from '../tables/commit.ts';
import type { TableStore } from '../tables/table-store.ts';
import { DueViewers } from './due-viewers.ts';
import { EventStream, type EventStreamOptions } from './event-stream.ts';
import { EventStreamImages } from './event-stream-images.ts';
import { eventMessage, HEARTBEAT, RETRY_MS } from './event-stream-message.ts';
import { type ProcessPlace, restartDelaysMs } from './restart-delays.ts';
import { type SubscriptionGroup, wants } from './subscription-group.ts';

export interface EventStreamsOptions {
  readonly store: TableStore;
  readonly epoch: string;
  /** A client that takes nothing for this long while data waits for it is cut off. */
  readonly maxStallMs: number;
  /** Of the process; the only one where absent. */
  readonly place?: ProcessPlace;
}

/** What a client is told: the message, and the tables that it names. */
interface CommitMessage {
  readonly bytes: Buffer;
  readonly tables: readonly string[];
}

const BEAT_INTERVAL_MS = 1000;
/** Proxies close lines that are quiet for longer than some fifteen seconds. */
const BEATS_PER_HEARTBEAT = 10;

/**
 * Tells the clients of `/events` which tables changed. One message a commit while they keep up; a client that is slower
 * gets several commits as one message, which names every table that changed since the one before.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  /** Each with the beat at which it gets its heartbeat, so that not all come at once. */
  readonly #streams = new Map<EventStream, number>();
  readonly #due = new DueViewers<EventStream>((stream) => this.#serve(stream));
  readonly #images: EventStreamImages;
  readonly #timer: NodeJS.Timeout;
  /** Told by beats, so that it stands still where this process does: clients could take nothing meanwhile. */
  #uptimeMs = 0;
  #lastCommit: Commit | null = null;
  /** Messages made for the store's present version, by group and by the version they start from. */
  #messages = new Map<string, CommitMessage | null>();
  #messagesVersion = -1;
  #sentBytes = 0;
  #closed = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#images = new EventStreamImages({
      changed: (table) => options.store.tables.get(table)?.history.changed ?? 0,
    });
    this.#timer = setInterval(() => this.#beat(), BEAT_INTERVAL_MS);
  }

  /** How many clients there are. */
  get size(): number {
    return this.#streams.size;
  }

  /** Bytes of messages written so far, heartbeats apart. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** A client that begins; its body is the answer. The first message comes at once. */
  open(options: Omit<EventStreamOptions, 'onReady' | 'onClosed'>): EventStream {
    const stream = new EventStream(
      {
        ...options,
        onReady: (ready) => this.#serveSoon(ready),
        onClosed: (closed) => this.#remove(closed),
      },
      this.#uptimeMs,
    );
    this.#streams.set(stream, this.#streams.size % BEATS_PER_HEARTBEAT);
    if (this.#closed) stream.end(RETRY_MS);
    return stream;
  }

  #remove(stream: EventStream): void {
    this.#streams.delete(stream);
    this.#due.remove(stream);
  }

  /** A commit was made. */
  publish(commit: Commit): void {
    this.#lastCommit = commit;
    if (this.#streams.size === 0) return;
    this.#due.add(this.#streams.keys());
  }

  #serveSoon(stream: EventStream): void {
    this.#due.add([stream]);
  }

  /** Writes one message, if one is due and the client can take it; when it has, this is called again. */
  #serve(stream: EventStream): void {
    if (!stream.isReady) return;
    const message = this.#messageSince(stream.group, stream.version);
    stream.version = this.#options.store.version;
    if (message !== null) {
      if (stream.image !== null) for (const table of message.tables) stream.picturesDue.add(table);
      return this.#write(stream, message.bytes);
    }
    if (stream.picture === null) return this.#askForPicture(stream);
    const { picture } = stream;
    stream.picture = null;
    stream.awaitsPicture = false;
    this.#write(stream, picture);
  }

  #askForPicture(stream: EventStream): void {
    const [table] = stream.picturesDue;
    if (table === undefined || stream.awaitsPicture || stream.image === null) return;
    stream.picturesDue.delete(table);
    stream.awaitsPicture = true;
    this.#images.want(stream.image, table, (message) => {
      stream.picture = message;
      this.#serveSoon(stream);
    });
  }

  #write(stream: EventStream, message: Buffer): void {
    this.#sentBytes += message.length;
    stream.write(message);
  }

  /** What a client that stands at the version has to be told; null for nothing. */
  #messageSince(group: SubscriptionGroup, since: number | null): CommitMessage | null {
    const { store, epoch } = this.#options;
    if (since === store.version) return null;
    if (this.#messagesVersion !== store.version) {
      this.#messages = new Map();
      this.#messagesVersion = store.version;
    }
    const id = `${since} ${group.id}`;
    let message = this.#messages.get(id);
    if (message === undefined) {
      const tables = since === null ? this.#shown(group) : this.#changedSince(group, since);
      const { version } = store;
      const bytes = eventMessage('commit', { epoch, version, tables }, `${epoch}:${version}`);
      message = since === null || group.all || tables.length > 0 ? { bytes, tables } : null;
      this.#messages.set(id, message);
    }
    return message;
  }

  #shown(group: SubscriptionGroup): string[] {
    const { tables } = this.#options.store;
    return [...(group.all ? tables.keys() : group.names)].filter(
      (name) => (tables.get(name)?.history.changed ?? 0) > 0,
    );
  }

  /** The group's tables that a later commit changed or dropped. */
  #changedSince(group: SubscriptionGroup, since: number): string[] {
    const { store } = this.#options;
    const last = this.#lastCommit;
    if (last !== null && last.version === store.version && since === last.version - 1)
      return last.tables.filter((name) => wants(group, name));
    const names = group.all ? store.tables.keys() : group.names;
    const changed = [...names].filter((name) => (store.tables.get(name)?.history.changed ?? 0) > since);
    return [...store.droppedAfter(since).filter((name) => wants(group, name)), ...changed];
  }

  #beat(): void {
    const { maxStallMs } = this.#options;
    this.#uptimeMs += BEAT_INTERVAL_MS;
    const present = (this.#uptimeMs / BEAT_INTERVAL_MS) % BEATS_PER_HEARTBEAT;
    for (const [stream, beat] of this.#streams) {
      if (stream.isStuck(this.#uptimeMs, maxStallMs)) stream.cut();
      else if (beat === present && stream.isReady) stream.write(HEARTBEAT);
    }
    this.#images.forgetUnused();
    this.#messages.clear();
  }

  /** Ends every answer; clients connect again by themselves, one after the other. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#due.close();
    const streams = [...this.#streams.keys()];
    const delaysMs = restartDelaysMs(streams.length, Math.random, this.#options.place);
    for (const [i, stream] of streams.entries()) stream.end(RETRY_MS + delaysMs[i]!);
  }
}
