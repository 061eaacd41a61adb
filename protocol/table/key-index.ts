import type { Vector } from '../arrow/vector.ts';

/** No slot has the key. */
export const NO_SLOT = -1;

/**
 * From keys to slots: open addressing with linear probing, at most half full, removal by shifting back. Slots are numbers
 * that the owner gives out in turn. The keys to look up are given a batch at a time, by {@link prepare}.
 */
export abstract class KeyIndex {
  /** Slot + 1; 0 where the place is free. */
  protected places: Int32Array = new Int32Array(64);
  #count = 0;
  /** Hashes of the prepared keys, by row. */
  protected rowHashes: Int32Array = new Int32Array(0);

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.places.byteLength;
  }

  /** The keys that {@link find} and {@link add} then speak of by their row. */
  abstract prepare(keys: readonly (Vector | undefined)[], rowCount: number): void;
  protected abstract isKeyOf(slot: number, row: number): boolean;
  /** The hash of the key in a slot. */
  protected abstract hashOf(slot: number): number;
  protected abstract remember(slot: number, row: number): void;
  protected abstract renumberKeys(renumbered: Int32Array, live: Uint32Array): void;

  find(row: number): number {
    const { places } = this;
    const mask = places.length - 1;
    for (let at = this.rowHashes[row]! & mask; ; at = (at + 1) & mask) {
      const slot = places[at]! - 1;
      if (slot === NO_SLOT || this.isKeyOf(slot, row)) return slot;
    }
  }

  /** The slots of the prepared keys `0 .. rowCount`. */
  findAll(rowCount: number): Int32Array {
    const slots = new Int32Array(rowCount);
    for (let row = 0; row < rowCount; row++) slots[row] = this.find(row);
    return slots;
  }

  /** Gives a row's key, which no slot has, a slot. */
  add(row: number, slot: number): void {
    if ((this.#count + 1) * 2 > this.places.length) this.#rehash(this.places.length * 2);
    this.remember(slot, row);
    this.#place(slot);
    this.#count++;
  }

  remove(slot: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let free = this.hashOf(slot) & mask;
    while (places[free] !== slot + 1) {
      if (places[free] === 0) throw new Error(`Slot ${slot} is not in the index.`);
      free = (free + 1) & mask;
    }
    for (let at = (free + 1) & mask; places[at] !== 0; at = (at + 1) & mask) {
      const home = this.hashOf(places[at]! - 1) & mask;
      // An entry may move back to the free place unless its home lies between that place and where it is.
      if (((at - home) & mask) >= ((at - free) & mask)) {
        places[free] = places[at]!;
        free = at;
      }
    }
    places[free] = 0;
    this.#count--;
  }

  /** Slot `live[i]` becomes slot `i`. */
  renumber(live: Uint32Array): void {
    const renumbered = new Int32Array((live.at(-1) ?? -1) + 1);
    live.forEach((slot, i) => {
      renumbered[slot] = i;
    });
    for (let at = 0; at < this.places.length; at++) {
      const place = this.places[at]!;
      if (place !== 0) this.places[at] = renumbered[place - 1]! + 1;
    }
    this.renumberKeys(renumbered, live);
  }

  #rehash(size: number): void {
    const before = this.places;
    this.places = new Int32Array(size);
    for (const place of before) if (place !== 0) this.#place(place - 1);
  }

  #place(slot: number): void {
    const mask = this.places.length - 1;
    let at = this.hashOf(slot) & mask;
    while (this.places[at] !== 0) at = (at + 1) & mask;
    this.places[at] = slot + 1;
  }
}

/** The hashes of keys by slot, for indexes that cannot tell a slot's hash from its key at little cost. */
export class SlotHashes {
  #hashes: Int32Array = new Int32Array(32);

  get bytes(): number {
    return this.#hashes.byteLength;
  }

  at(slot: number): number {
    return this.#hashes[slot]!;
  }

  set(slot: number, hash: number): void {
    this.#hashes = grown(this.#hashes, slot + 1);
    this.#hashes[slot] = hash;
  }

  renumber(live: Uint32Array): void {
    const hashes = new Int32Array(Math.max(32, live.length));
    live.forEach((slot, i) => {
      hashes[i] = this.#hashes[slot]!;
    });
    this.#hashes = hashes;
  }
}

export function grown(array: Int32Array, needed: number): Int32Array {
  if (needed <= array.length) return array;
  const larger = new Int32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}

/** MurmurHash3's finaliser: linear probing needs the low bits to depend on all others. */
export function spread(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
