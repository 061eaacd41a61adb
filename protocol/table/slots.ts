import { NO_POSITION } from './gather.ts';
import type { RowTracker } from './row-tracker.ts';

/**
 * Where each slot's row lies in the row log. Slots are given out in turn and never reused until {@link renumber} closes
 * the gaps that freed ones leave; the order of slots is the order of rows.
 */
export class Slots {
  /** Told of every row that is written or deleted. */
  readonly trackers: RowTracker[] = [];
  #positions: Uint32Array = new Uint32Array(64);
  #count = 0;
  #freed = 0;
  /** The slots that are not freed; made when needed. */
  #live: Uint32Array | null = null;

  /** By slot; {@link NO_POSITION} for a freed one. May be written to, and is another array after {@link add}. */
  get positions(): Uint32Array {
    return this.#positions;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#positions.byteLength;
  }

  /** Whether more than half of the slots are freed, and closing the gaps pays. */
  get isSparse(): boolean {
    return this.#count > 1024 && this.#freed * 2 > this.#count;
  }

  /** A new slot, which has no position yet. */
  add(): number {
    if (this.#count === this.#positions.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#positions);
      this.#positions = grown;
    }
    this.#positions[this.#count] = NO_POSITION;
    this.#live = null;
    return this.#count++;
  }

  /** For an empty table: so many slots are given out, all of them freed until they are filled. */
  restore(count: number): void {
    this.#positions = new Uint32Array(Math.max(64, count)).fill(NO_POSITION);
    this.#count = count;
    this.#freed = count;
    this.#live = null;
  }

  /** Gives a slot that {@link restore} left free its row. */
  fill(slot: number, position: number): void {
    this.#positions[slot] = position;
    this.#freed--;
    this.#live = null;
  }

  free(slot: number): void {
    this.#positions[slot] = NO_POSITION;
    this.#freed++;
    this.#live = null;
    for (const tracker of this.trackers) tracker.freed(slot);
  }

  /** The slots have new rows. */
  wrote(slots: Int32Array): void {
    for (const tracker of this.trackers) tracker.wrote(slots);
  }

  /** The position of the row at that place in the order. */
  positionAt(row: number): number {
    if (this.#freed === 0) return this.#positions[row]!;
    return this.#positions[this.live()[row]!]!;
  }

  /** The positions of the rows `start .. end` of the order, as they are now. */
  positionsOf(start: number, end: number): Uint32Array {
    if (end <= start) return new Uint32Array(0);
    if (this.#freed === 0) return this.#positions.slice(start, end);
    return this.live()
      .subarray(start, end)
      .map((slot) => this.#positions[slot]!);
  }

  /** The slot of the row at that place in the order. */
  slotAt(row: number): number {
    return this.#freed === 0 ? row : this.live()[row]!;
  }

  /** How many rows stand before that of the slot. */
  rowsBefore(slot: number): number {
    if (this.#freed === 0) return Math.min(slot, this.#count);
    const live = this.live();
    let low = 0;
    let high = live.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (live[middle]! < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The slots that are not freed, in order. */
  live(): Uint32Array {
    this.#live ??= this.#findLive();
    return this.#live;
  }

  #findLive(): Uint32Array {
    const live = new Uint32Array(this.#count - this.#freed);
    let found = 0;
    for (let slot = 0; slot < this.#count; slot++)
      if (this.#positions[slot] !== NO_POSITION) live[found++] = slot;
    return live;
  }

  /** Closes the gaps; the new number of each slot, by its old one. */
  renumber(): Uint32Array {
    const live = this.live();
    for (const tracker of this.trackers) tracker.renumber(live, this.#count);
    const renumbered = new Uint32Array(this.#count);
    // Dead rows may point at slots that are not given out again yet: those have no position, and 0 is one.
    const positions = new Uint32Array(Math.max(64, live.length)).fill(NO_POSITION);
    live.forEach((slot, i) => {
      renumbered[slot] = i;
      positions[i] = this.#positions[slot]!;
    });
    this.#positions = positions;
    this.#count = live.length;
    this.#freed = 0;
    this.#live = null;
    return renumbered;
  }
}
