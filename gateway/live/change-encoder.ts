import type { Field } from '../../protocol/arrow/data-type.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import type { ChangeHeader } from '../../protocol/server-message.ts';
import type { StoredTable } from '../tables/stored-table.ts';
import { changesSince } from '../tables/table-changes.ts';
import { emptyBinaryFrame } from './frame.ts';

/** A change as it goes to viewers: what the commit message says of it, and its binary message as a finished frame. */
export interface EncodedChange {
  readonly header: ChangeHeader;
  readonly frame: Buffer;
}

/** What was encoded of a table as of its last change, by the version it starts from. */
interface TableEncodings {
  readonly changed: number;
  readonly since: Map<number | null, readonly EncodedChange[]>;
  used: boolean;
}

/** A snapshot is cut into pieces of about this many bytes, between which heartbeats and backpressure have their turn. */
const PIECE_BYTES = 128 * 1024;
const MAX_WRITERS = 1000;
/** Versions that one table's changes are kept encoded from; viewers seldom stand at more than a few. */
const MAX_SINCES = 64;

/**
 * Encodes what changed in a table between two versions, once however many viewers need it: what was encoded stays until
 * the table changes again.
 */
export class ChangeEncoder {
  readonly #encoded = new Map<string, TableEncodings>();
  readonly #writers = new Map<readonly Field[], IpcWriter>();
  #encodings = 0;

  /** How many Arrow streams were made; it does not depend on the number of viewers. */
  get encodings(): number {
    return this.#encodings;
  }

  /** What brings a viewer from the version to now; null, and versions that the history does not reach, get a snapshot. */
  changes(table: StoredTable, version: number | null): readonly EncodedChange[] {
    const { changed } = table.history;
    const since = version !== null && table.history.reaches(version) ? version : null;
    if (since !== null && since >= changed) return [];
    let known = this.#encoded.get(table.name);
    if (known?.changed !== changed) {
      known = { changed, since: new Map(), used: true };
      this.#encoded.set(table.name, known);
    }
    known.used = true;
    let encoded = known.since.get(since);
    if (encoded === undefined) {
      if (known.since.size >= MAX_SINCES) known.since.clear();
      encoded = changesSince(table, since, PIECE_BYTES).map(({ header, fields, batches }) => {
        this.#encodings++;
        const prepared = this.#writer(fields).prepare(batches);
        const { frame, payload } = emptyBinaryFrame(prepared.byteLength);
        prepared.writeTo(payload);
        return { header, frame };
      });
      known.since.set(since, encoded);
    }
    return encoded;
  }

  /** Forgets encodings that nobody asked for since the last call. */
  forgetUnused(): void {
    for (const [table, known] of this.#encoded) {
      if (known.used) known.used = false;
      else this.#encoded.delete(table);
    }
  }

  /** One writer per schema: its metadata is made once. A column subset makes a new array, so its writer is looked up by value. */
  #writer(fields: readonly Field[]): IpcWriter {
    let writer = this.#writers.get(fields);
    if (writer !== undefined) return writer;
    for (const known of this.#writers.values()) {
      if (known.fields.length === fields.length && known.fields.every((field, i) => field === fields[i]))
        return known;
    }
    if (this.#writers.size >= MAX_WRITERS) this.#writers.clear();
    writer = new IpcWriter(fields);
    this.#writers.set(fields, writer);
    return writer;
  }
}
