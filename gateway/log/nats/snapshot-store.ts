import type { JetStreamManager } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { ObjectStore } from '@nats-io/obj';
import { TablecastError } from '../../../protocol/errors.ts';
import type { LogRecord } from '../log-record.ts';
import type { SenderState } from './group-assembler.ts';
import { readRecords, writeRecords } from './record-stream.ts';

/** The tables after a message of the stream, and what is needed to go on from there. */
export interface SharedSnapshot {
  /** Its name in the object store. */
  readonly object: string;
  /** All messages up to this one are in it. */
  readonly foldedSequence: number;
  /** From here on the stream has to be read: parts of groups that were unfinished then stand before the next message. */
  readonly readFrom: number;
  readonly senders: readonly SenderState[];
  readonly records: number;
  readonly bytes: number;
}

/** The last two: a gateway may be reading the former one. */
interface SnapshotRecord {
  readonly last: SharedSnapshot;
  readonly former: SharedSnapshot | null;
}

export interface SnapshotStoreOptions {
  readonly meta: KV;
  readonly objects: ObjectStore;
  readonly manager: JetStreamManager;
  /** Of the stream. */
  readonly name: string;
}

const KEY = 'snapshot';

/** The snapshots of a shared log, in an object store beside its stream. */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;

  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
  }

  /**
   * The last snapshot that the stream goes on from; null where the stream has everything. `isCutBack`: there is a later one,
   * of messages that the stream has lost.
   *
   * @throws TablecastError `log_damaged` where the stream begins later
   */
  async find(stream: { readonly first_seq: number; readonly last_seq: number }): Promise<{
    readonly snapshot: SharedSnapshot | null;
    readonly isCutBack: boolean;
  }> {
    const found = await this.#record();
    const { last = null, former = null } = found?.record ?? {};
    const isCutBack = last !== null && last.foldedSequence > stream.last_seq;
    const snapshot = [last, former].find(
      (each) => each !== null && each.foldedSequence <= stream.last_seq && each.readFrom >= stream.first_seq,
    );
    if (snapshot == null && stream.first_seq > 1) {
      throw new TablecastError(
        'log_damaged',
        `The stream ${this.#options.name} begins with message ${stream.first_seq}, and there is no snapshot of what was before: restore its buckets, or name another with --log-stream.`,
      );
    }
    return { snapshot: snapshot ?? null, isCutBack };
  }

  /** Forgets snapshots of messages that the stream has lost. */
  async cutBack(lastSequence: number): Promise<void> {
    const found = await this.#record();
    if (found === null || found.record.last.foldedSequence <= lastSequence) return;
    const { former } = found.record;
    if (former !== null && former.foldedSequence <= lastSequence)
      await this.#options.meta.update(KEY, JSON.stringify({ last: former, former: null }), found.revision);
    else await this.#options.meta.purge(KEY, { previousSeq: found.revision });
  }

  /** @throws TablecastError `log_damaged`, `log_unavailable` */
  async load({ object, records }: SharedSnapshot, take: (record: LogRecord) => void): Promise<void> {
    const found = await this.#options.objects.get(object);
    if (found === null)
      throw new TablecastError('log_unavailable', 'The snapshot was replaced meanwhile; start again.');
    const read = await readRecords(found.data, take);
    const error = await found.error;
    if (error instanceof Error || read !== records) {
      throw new TablecastError(
        'log_damaged',
        `The snapshot ${object} has ${read} of ${records} records (${error?.message ?? 'the end is missing'}).`,
      );
    }
  }

  /** Stores one and makes it the last; then messages and snapshots go that nobody needs any more. */
  async save(
    records: Iterator<LogRecord, void>,
    at: Pick<SharedSnapshot, 'foldedSequence' | 'readFrom' | 'senders'> & { readonly sender: string },
  ): Promise<SharedSnapshot | null> {
    const { sender, ...rest } = at;
    const object = `${String(at.foldedSequence).padStart(16, '0')}-${sender}`;
    const count = { records: 0, bytes: 0 };
    await this.#options.objects.put({ name: object }, writeRecords(records, count));
    const snapshot: SharedSnapshot = { ...rest, ...count, object };
    const found = await this.#record();
    if (found !== null && found.record.last.foldedSequence >= at.foldedSequence) {
      await this.#options.objects.delete(object);
      return null;
    }
    const former = found?.record.last ?? null;
    const text = JSON.stringify({ last: snapshot, former } satisfies SnapshotRecord);
    if (found === null) await this.#options.meta.create(KEY, text);
    else await this.#options.meta.update(KEY, text, found.revision);
    if (former !== null) await this.#trim(former);
    return snapshot;
  }

  /** What only snapshots before this one need goes. */
  async #trim({ foldedSequence, readFrom }: SharedSnapshot): Promise<void> {
    const { manager, name, objects } = this.#options;
    await manager.streams.purge(name, { seq: readFrom });
    for (const { name: object, deleted } of await objects.list())
      if (!deleted && Number(object.split('-')[0]) < foldedSequence) await objects.delete(object);
  }

  async #record(): Promise<{ readonly record: SnapshotRecord; readonly revision: number } | null> {
    const found = await this.#options.meta.get(KEY);
    if (found === null || found.operation !== 'PUT') return null;
    return { record: found.json<SnapshotRecord>(), revision: found.revision };
  }
}
