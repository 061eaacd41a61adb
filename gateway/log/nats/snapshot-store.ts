import type { JetStreamManager } from '@nats-io/jetstream';
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
  readonly bytes: number;
}

type Cursor = Pick<SharedSnapshot, 'foldedSequence' | 'readFrom' | 'senders'>;

export interface SnapshotStoreOptions {
  readonly objects: ObjectStore;
  readonly manager: JetStreamManager;
  /** Of the stream. */
  readonly name: string;
}

/** Snapshots that are kept: a gateway may be reading the former one, and servers that crash may lose the last. */
const KEPT = 2;

/** The snapshots of a shared log, in an object store beside its stream: whichever lies there whole is one. */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;

  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
  }

  /**
   * The last of these that the stream goes on from; null where the stream has everything.
   *
   * @throws TablecastError `log_damaged` where the stream begins later
   */
  find(
    stream: { readonly first_seq: number; readonly last_seq: number },
    all: readonly SharedSnapshot[],
  ): SharedSnapshot | null {
    const snapshot = all.findLast(
      ({ foldedSequence, readFrom }) => foldedSequence <= stream.last_seq && readFrom >= stream.first_seq,
    );
    if (snapshot === undefined && stream.first_seq > 1) {
      const last = all.at(-1);
      const which =
        last === undefined ? 'there is no snapshot' : `its last snapshot is of ${last.foldedSequence}`;
      throw new TablecastError(
        'log_damaged',
        `The stream ${this.#options.name} has messages ${stream.first_seq} to ${stream.last_seq}, and ${which}: restore its object store, or name another stream with --log-stream.`,
      );
    }
    return snapshot ?? null;
  }

  /** Removes snapshots of messages that the stream has lost. */
  async cutBack(lastSequence: number): Promise<void> {
    for (const { object, foldedSequence } of await this.list())
      if (foldedSequence > lastSequence) await this.#options.objects.delete(object);
  }

  /** @throws TablecastError `log_damaged`, `log_unavailable` */
  async load({ object }: SharedSnapshot, take: (record: LogRecord) => void): Promise<void> {
    const found = await this.#options.objects.get(object);
    if (found === null)
      throw new TablecastError('log_unavailable', 'The snapshot was replaced meanwhile; start again.');
    await readRecords(found.data, take);
    const error = await found.error;
    if (error instanceof Error)
      throw new TablecastError('log_damaged', `The snapshot ${object} is damaged: ${error.message}.`);
  }

  /** Stores one; then messages and snapshots go that nobody needs any more. Its bytes. */
  async save(records: Iterator<LogRecord, void>, cursor: Cursor, sender: string): Promise<number> {
    const { objects, manager, name } = this.#options;
    const object = `${String(cursor.foldedSequence).padStart(16, '0')}-${sender}`;
    const metadata = { cursor: JSON.stringify(cursor) };
    const { size } = await objects.put({ name: object, metadata }, writeRecords(records));
    const all = await this.list();
    const kept = all.at(-KEPT);
    if (kept === undefined) return size;
    await manager.streams.purge(name, { seq: kept.readFrom });
    for (const { object: old } of all.slice(0, -KEPT)) await objects.delete(old);
    return size;
  }

  /** All, in the order of the stream. */
  async list(): Promise<SharedSnapshot[]> {
    const infos = await this.#options.objects.list();
    return infos
      .filter(({ deleted }) => !deleted)
      .flatMap(({ name, size, metadata }) => {
        const cursor = metadata?.cursor;
        return cursor === undefined ? [] : [{ ...(JSON.parse(cursor) as Cursor), object: name, bytes: size }];
      })
      .sort((a, b) => a.foldedSequence - b.foldedSequence);
  }
}

/** Whether there are snapshots, as they are listed, of messages that a stream which ends here has lost. */
export function isCutBackTo(lastSequence: number, all: readonly SharedSnapshot[]): boolean {
  const last = all.at(-1);
  return last !== undefined && last.foldedSequence > lastSequence;
}
