import type { Field } from '../../protocol/arrow/data-type.ts';
import type { Batch } from '../../protocol/arrow/vector.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { Op } from '../../protocol/header.ts';
import type { Acknowledgement, GatewayClient } from './gateway-client.ts';
import { partsOf, type RowGroup } from './row-group.ts';

/**
 * When rows show: `at_end` all of them at once, `as_they_come` each group, `held` none of them before somebody asks for `/update_data`.
 */
export type Showing = 'at_end' | 'as_they_come' | 'held';

export interface TableWriterOptions {
  readonly gateway: GatewayClient;
  readonly table: string;
  readonly op: Op;
  readonly key: readonly string[];
  readonly showing: Showing;
  /** Of one publication, unless a few rows alone have more. */
  readonly maxBytes: number;
  readonly onWritten: (rowCount: number) => void;
  /** The stage took no more, so that the rows show before all of them are there. */
  readonly onStageFull: () => void;
}

/**
 * Writes row groups to one table, one after the other, the next being made while one is sent. With op `replace` the first one replaces
 * the table, and the others are added to it.
 */
export class TableWriter {
  readonly #options: TableWriterOptions;
  #showing: Showing;
  #isFirst = true;
  /** The group that is sent when the next one comes: the last one shows them all. */
  #waiting: RowGroup | null = null;
  #sending: Promise<void> = Promise.resolve();
  #heldCount = 0;
  #memory: Uint8Array = new Uint8Array(0);
  #last: Acknowledgement | null = null;

  constructor(options: TableWriterOptions) {
    this.#options = options;
    this.#showing = options.showing;
  }

  /** Publications that were staged, and that nothing has shown. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /** @throws TablecastError of an earlier group too */
  async write(group: RowGroup): Promise<void> {
    for (const part of partsOf(group, this.#options.maxBytes)) {
      if (this.#showing === 'at_end') {
        const before = this.#waiting;
        this.#waiting = part;
        if (before !== null) await this.#sendNext(before, false);
      } else await this.#sendNext(part, false);
    }
  }

  /** What was written before counts for nothing: the next group replaces it. */
  async restart(): Promise<void> {
    await this.#sending;
    this.#waiting = null;
    this.#isFirst = true;
  }

  /** Resolves when everything is there, with the gateway's last answer; null where nothing was written. */
  async end(): Promise<Acknowledgement | null> {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) await this.#sendNext(waiting, true);
    await this.#sending;
    return this.#last;
  }

  async #sendNext(group: RowGroup, isLast: boolean): Promise<void> {
    await this.#sending;
    const { rowCount, fields, batches } = group;
    const op = this.#op();
    this.#isFirst = false;
    const arrow = this.#written(fields, batches);
    this.#sending = this.#send(arrow, op, isLast).then(() => this.#options.onWritten(rowCount));
    // Whoever writes next or ends sees the failure.
    this.#sending.catch(() => {});
  }

  /** The stream, in memory that is used again once it is sent. */
  #written(fields: readonly Field[], batches: readonly Batch[]): Uint8Array {
    const { byteLength, writeTo } = new IpcWriter(fields).prepare(batches);
    if (byteLength > this.#memory.length) this.#memory = new Uint8Array(byteLength + byteLength / 4);
    const arrow = this.#memory.subarray(0, byteLength);
    writeTo(arrow);
    return arrow;
  }

  async #send(arrow: Uint8Array, op: Op, isLast: boolean): Promise<void> {
    const { gateway, table, key } = this.#options;
    const isHeld = this.#showing === 'held' || (this.#showing === 'at_end' && !isLast);
    const query = { op, key, commit: isHeld ? 'hold' : 'auto' } as const;
    try {
      this.#last = await gateway.publish(table, arrow, query);
    } catch (error) {
      const isFull = error instanceof TablecastError && error.code === 'stage_full';
      if (!isFull || this.#showing !== 'at_end') throw error;
      this.#options.onStageFull();
      this.#showing = 'as_they_come';
      this.#last = await gateway.publish(table, arrow, { ...query, commit: 'auto' });
    }
    this.#heldCount = this.#last.staged === undefined ? 0 : this.#heldCount + 1;
  }

  #op(): Op {
    const { op, key } = this.#options;
    if (op !== 'replace' || this.#isFirst) return op;
    return key.length === 0 ? 'append' : 'upsert';
  }
}
