import type { DataType, Field } from '../arrow/data-type.ts';
import type { Batch, Vector } from '../arrow/vector.ts';
import type { Retention } from '../header.ts';
import { compact } from './compaction.ts';
import { createKeyIndex } from './create-key-index.ts';
import { gather, gatherInSteps, gatherLazily, NO_POSITION } from './gather.ts';
import { createKeyCodec, type KeyCodec } from './key-codec.ts';
import { type KeyIndex, NO_SLOT } from './key-index.ts';
import { rowBytes } from './row-bytes.ts';
import { type LazyRows, RowLog, SEGMENT_ROWS } from './row-log.ts';
import type { WrittenRows } from './rows-cut.ts';
import type { Segment } from './segment.ts';
import { Slots } from './slots.ts';
import { slotsAfter } from './slots-after.ts';

/**
 * The rows of a table with a key. Every key has a slot, given out in the order in which keys are first seen, which is the
 * table's order; a slot says where in the row log its newest row lies. Older rows of the key are dead until compaction
 * gathers what lives around them. So a write costs what it writes, and the log keeps the order of writing that retention
 * and deltas need.
 */
export class KeyedRows {
  readonly log: RowLog;
  readonly #keyColumns: readonly number[];
  readonly #codecs: readonly KeyCodec[];
  readonly #index: KeyIndex;
  readonly slots = new Slots();
  /** While a batch is taken in: the slots that it brought, and the rows of it that they came with. */
  #firstNewSlot = Number.POSITIVE_INFINITY;
  readonly #newRows: number[] = [];
  /** Rows that compaction may copy: every written row pays for two. */
  #compactionCredit = 0;
  /** Weight of the live rows; kept only while `max_bytes` asks for it. */
  #liveBytes: number | null = null;

  /** @throws TablecastError `key_type` */
  constructor(fields: readonly Field[], keyColumns: readonly number[]) {
    this.log = new RowLog(fields.map((field) => field.type));
    this.#keyColumns = keyColumns;
    const keyFields = keyColumns.map((column) => fields[column]!);
    this.#codecs = keyFields.map(createKeyCodec);
    this.#index = createKeyIndex(keyFields, (slot, keys, row) => this.#hasKey(slot, keys, row));
  }

  get rowCount(): number {
    return this.#index.count;
  }

  get bytes(): number {
    return this.log.bytes + this.slots.bytes + this.#index.bytes;
  }

  addColumn(type: DataType): void {
    this.log.addColumn(type);
    if (this.#liveBytes !== null) this.#liveBytes = this.#weighAll();
  }

  /**
   * Writes rows by key, the last row of a key winning. `lacking` are the columns that the batch does not bring: rows
   * whose key is known keep their values there.
   */
  upsert(batch: Batch, lacking: readonly number[], version: number, timeMs: number): void {
    this.#index.prepare(
      this.#keyColumns.map((column) => batch.columns[column]),
      batch.rowCount,
    );
    const slots = this.#index.findAll(batch.rowCount);
    const whole = lacking.length === 0 ? batch : this.#complete(batch, lacking, slots);
    this.#addNewKeys(slots);
    this.#firstNewSlot = Number.POSITIVE_INFINITY;
    let row = 0;
    for (const { segment, from, count } of this.log.append(whole, version, timeMs)) {
      this.#place(slots.subarray(row, row + count), segment, from);
      row += count;
    }
    this.#compactionCredit += 2 * batch.rowCount;
  }

  /** Gives the prepared keys that have no slot yet one, in their order. */
  #addNewKeys(slots: Int32Array): void {
    this.#firstNewSlot = this.slots.count;
    this.#newRows.length = 0;
    for (let row = 0; row < slots.length; row++) {
      if (slots[row] !== NO_SLOT) continue;
      // An earlier row of the batch may have brought the same key.
      let slot = this.#index.find(row);
      if (slot === NO_SLOT) {
        slot = this.slots.add();
        this.#newRows.push(row);
        this.#index.add(row, slot);
      }
      slots[row] = slot;
    }
  }

  /** Points the slots to the rows just written, from row `from` of the segment on. */
  #place(slots: Int32Array, segment: Segment, from: number): void {
    const first = segment.id * SEGMENT_ROWS + from;
    const positions = this.slots.positions;
    const died = new Int32Array(this.log.idLimit);
    segment.reserveSlots().set(slots, from);
    for (let i = 0; i < slots.length; i++) {
      const before = positions[slots[i]!]!;
      positions[slots[i]!] = first + i;
      if (before === NO_POSITION) continue;
      died[before >>> 16]!++;
      if (this.#liveBytes !== null) this.#liveBytes -= this.#bytesAt(before);
    }
    this.log.bury(died);
    this.slots.wrote(slots);
    if (this.#liveBytes === null) return;
    for (let i = 0; i < slots.length; i++) this.#liveBytes += this.#bytesAt(first + i);
  }

  #bytesAt(position: number): number {
    const at = position & (SEGMENT_ROWS - 1);
    return rowBytes(this.log.types, this.log.segmentAt(position), at, at + 1);
  }

  /** Fills the lacking columns with what the table holds for the same keys. */
  #complete(batch: Batch, lacking: readonly number[], slots: Int32Array): Batch {
    const positions = new Uint32Array(slots.length).fill(NO_POSITION);
    slots.forEach((slot, row) => {
      if (slot !== NO_SLOT) positions[row] = this.slots.positions[slot]!;
    });
    const kept = gather(this.log, lacking, positions);
    const columns = [...batch.columns];
    lacking.forEach((column, i) => {
      columns[column] = kept.columns[i];
    });
    return { rowCount: batch.rowCount, columns };
  }

  /** Rows of a cut, to a table that has given out its slots by {@link Slots.restore} and has none of these keys. */
  restore({ batch, runs, slots }: WrittenRows): void {
    this.#index.prepare(
      this.#keyColumns.map((column) => batch.columns[column]),
      batch.rowCount,
    );
    let row = 0;
    for (const { segment, from, count } of this.log.appendRuns(batch, runs)) {
      const own = slots!.subarray(row, row + count);
      segment.reserveSlots().set(own, from);
      for (let i = 0; i < count; i++) {
        this.slots.fill(own[i]!, segment.id * SEGMENT_ROWS + from + i);
        this.#index.add(row + i, own[i]!);
      }
      row += count;
    }
  }

  /** Deletes the keys of the batch, whose columns are the key's, in its order; the rows of the batch that were there. */
  delete(batch: Batch): Int32Array {
    this.#index.prepare(batch.columns, batch.rowCount);
    const found = new Int32Array(batch.rowCount);
    let count = 0;
    for (let row = 0; row < batch.rowCount; row++) {
      const slot = this.#index.find(row);
      if (slot === NO_SLOT) continue;
      this.#deleteSlot(slot);
      found[count++] = row;
    }
    return found.subarray(0, count);
  }

  #deleteSlot(slot: number): void {
    const position = this.slots.positions[slot]!;
    this.log.segmentAt(position).liveCount--;
    if (this.#liveBytes !== null) this.#liveBytes -= this.#bytesAt(position);
    this.slots.free(slot);
    this.#index.remove(slot);
  }

  /** Deletes what retention no longer keeps; the keys that went, null if none did. */
  trim(retention: Retention, nowMs: number): Batch | null {
    if (retention.max_bytes !== undefined) this.#liveBytes ??= this.#weighAll();
    else this.#liveBytes = null;
    const maxRows = retention.max_rows ?? Number.POSITIVE_INFINITY;
    const maxBytes = retention.max_bytes ?? Number.POSITIVE_INFINITY;
    const minTimeMs =
      retention.max_age_ms === undefined ? Number.NEGATIVE_INFINITY : nowMs - retention.max_age_ms;
    let excessRows = this.rowCount - maxRows;
    let excessBytes = (this.#liveBytes ?? 0) - maxBytes;
    const going: number[] = [];
    for (const { segment, row } of this.#liveFromOldest()) {
      if (excessRows <= 0 && excessBytes <= 0 && segment.timeMsOf(row) > minTimeMs) break;
      going.push(segment.id * SEGMENT_ROWS + row);
      excessRows--;
      if (this.#liveBytes !== null) excessBytes -= rowBytes(this.log.types, segment, row, row + 1);
    }
    if (going.length === 0) return null;
    const keys = gather(this.log, this.#keyColumns, Uint32Array.from(going));
    for (const position of going) this.#deleteSlot(this.#slotAt(position));
    return keys;
  }

  oldestTimeMs(): number | null {
    for (const { segment, row } of this.#liveFromOldest()) return segment.timeMsOf(row);
    return null;
  }

  /** Live rows from the one written longest ago on; moves the segments' first rows past the dead ones at the front. */
  *#liveFromOldest(): Generator<{ segment: Segment; row: number }> {
    for (const segment of this.log.segments) {
      let leading = true;
      for (let row = segment.firstRow; row < segment.rowCount; row++) {
        if (this.#isLive(segment, row)) {
          leading = false;
          yield { segment, row };
        } else if (leading) segment.firstRow = row + 1;
      }
    }
  }

  #isLive(segment: Segment, row: number): boolean {
    return this.slots.positions[segment.slots[row]!] === segment.id * SEGMENT_ROWS + row;
  }

  #slotAt(position: number): number {
    return this.log.segmentAt(position).slots[position & (SEGMENT_ROWS - 1)]!;
  }

  #weighAll(): number {
    let bytes = 0;
    for (const { segment, row } of this.#liveFromOldest())
      bytes += rowBytes(this.log.types, segment, row, row + 1);
    return bytes;
  }

  /** Rows `start .. end` in table order. */
  read(columns: readonly number[], start: number, end: number): Batch[] {
    return gatherInSteps(this.log, columns, this.#positionsOf(start, end));
  }

  readLazily(columns: readonly number[], start: number, end: number): LazyRows {
    const positions = this.#positionsOf(start, end);
    return { rowCount: positions.length, batches: gatherLazily(this.log, columns, positions) };
  }

  #positionsOf(start: number, end: number): Uint32Array {
    return this.slots.positionsOf(start, end);
  }

  /** The live rows written after the version, in table order. */
  readAfter(columns: readonly number[], version: number): Batch[] {
    return gatherInSteps(this.log, columns, this.#positionsAfter(version));
  }

  readAfterLazily(columns: readonly number[], version: number): LazyRows {
    const positions = this.#positionsAfter(version);
    return { rowCount: positions.length, batches: gatherLazily(this.log, columns, positions) };
  }

  #positionsAfter(version: number): Uint32Array {
    const { positions } = this.slots;
    return slotsAfter(this.log, positions, version).map((slot) => positions[slot]!);
  }

  positionAt(row: number): number {
    return this.slots.positionAt(row);
  }

  /** After a commit: gives back what dead rows and deleted slots hold, as much as the commit's own size pays for. */
  tidy(): void {
    this.#compactionCredit = compact(this.log, this.#compactionCredit, this.slots.positions);
    if (this.slots.isSparse) this.#renumberSlots();
  }

  #renumberSlots(): void {
    this.#index.renumber(this.slots.live());
    const renumbered = this.slots.renumber();
    // Dead rows point at slots that mean another key now; only a slot's own position makes a row live.
    for (const segment of this.log.segments) {
      for (let row = 0; row < segment.rowCount; row++) segment.slots[row] = renumbered[segment.slots[row]!]!;
    }
  }

  /** Whether the slot's row has the key of that row; a slot of this very batch has its row there. */
  #hasKey(slot: number, keys: readonly (Vector | undefined)[], row: number): boolean {
    if (slot >= this.#firstNewSlot) {
      const own = this.#newRows[slot - this.#firstNewSlot]!;
      return this.#codecs.every((codec, i) => codec.equal(keys[i], own, keys[i], row));
    }
    const position = this.slots.positions[slot]!;
    const { columns } = this.log.segmentAt(position);
    const at = position & (SEGMENT_ROWS - 1);
    const codecs = this.#codecs;
    for (let i = 0; i < codecs.length; i++) {
      if (!codecs[i]!.equal(columns[this.#keyColumns[i]!], at, keys[i], row)) return false;
    }
    return true;
  }
}
