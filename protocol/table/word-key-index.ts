import { bitAt, type Vector } from '../arrow/vector.ts';
import { grown, KeyIndex, NO_SLOT, spread } from './key-index.ts';

/** The key is one column of 4 or 8 bytes a value: the index keeps the values beside the slots. */
export class WordKeyIndex extends KeyIndex {
  readonly #width: number;
  #words: Int32Array;
  #rowWords: Int32Array = new Int32Array(0);
  #rowValidity: Uint8Array | null = null;
  #nullSlot = NO_SLOT;

  constructor(width: number) {
    super();
    this.#width = width;
    this.#words = new Int32Array(32 * width);
  }

  override get bytes(): number {
    return super.bytes + this.#words.byteLength;
  }

  prepare(keys: readonly (Vector | undefined)[], rowCount: number): void {
    const [vector] = keys;
    const hashes = new Int32Array(rowCount);
    this.rowHashes = hashes;
    if (vector?.layout !== 'fixed') {
      this.#rowValidity = new Uint8Array((rowCount + 7) >> 3);
      return;
    }
    this.#rowValidity = vector.validity;
    const words = new Int32Array(vector.bytes.buffer, vector.bytes.byteOffset, rowCount * this.#width);
    this.#rowWords = words;
    if (this.#width === 1) for (let row = 0; row < rowCount; row++) hashes[row] = hashOfOne(words[row]!);
    else
      for (let row = 0; row < rowCount; row++) hashes[row] = hashOfTwo(words[row * 2]!, words[row * 2 + 1]!);
    if (vector.validity === null) return;
    for (let row = 0; row < rowCount; row++) if (!bitAt(vector.validity, row)) hashes[row] = 0;
  }

  protected isKeyOf(slot: number, row: number): boolean {
    if (this.#rowValidity !== null && !bitAt(this.#rowValidity, row)) return slot === this.#nullSlot;
    if (slot === this.#nullSlot) return false;
    if (this.#width === 1) return this.#words[slot] === this.#rowWords[row];
    return (
      this.#words[slot * 2] === this.#rowWords[row * 2] &&
      this.#words[slot * 2 + 1] === this.#rowWords[row * 2 + 1]
    );
  }

  protected hashOf(slot: number): number {
    if (slot === this.#nullSlot) return 0;
    const words = this.#words;
    return this.#width === 1 ? hashOfOne(words[slot]!) : hashOfTwo(words[slot * 2]!, words[slot * 2 + 1]!);
  }

  /** Most keys are one word and none is null: then this loop is all there is to finding them. */
  override findAll(rowCount: number): Int32Array {
    if (this.#width !== 1 || this.#rowValidity !== null || this.#nullSlot !== NO_SLOT)
      return super.findAll(rowCount);
    const slots = new Int32Array(rowCount);
    const { places, rowHashes } = this;
    const words = this.#words;
    const rowWords = this.#rowWords;
    const mask = places.length - 1;
    for (let row = 0; row < rowCount; row++) {
      const word = rowWords[row]!;
      let at = rowHashes[row]! & mask;
      let slot = places[at]! - 1;
      while (slot !== NO_SLOT && words[slot] !== word) {
        at = (at + 1) & mask;
        slot = places[at]! - 1;
      }
      slots[row] = slot;
    }
    return slots;
  }

  protected remember(slot: number, row: number): void {
    if (this.#rowValidity !== null && !bitAt(this.#rowValidity, row)) {
      this.#nullSlot = slot;
      return;
    }
    if (slot === this.#nullSlot) this.#nullSlot = NO_SLOT;
    const width = this.#width;
    this.#words = grown(this.#words, (slot + 1) * width);
    for (let w = 0; w < width; w++) this.#words[slot * width + w] = this.#rowWords[row * width + w]!;
  }

  override remove(slot: number): void {
    super.remove(slot);
    if (slot === this.#nullSlot) this.#nullSlot = NO_SLOT;
  }

  protected renumberKeys(renumbered: Int32Array, live: Uint32Array): void {
    const width = this.#width;
    const words = new Int32Array(Math.max(32, live.length) * width);
    live.forEach((slot, i) => {
      for (let w = 0; w < width; w++) words[i * width + w] = this.#words[slot * width + w] ?? 0;
    });
    this.#words = words;
    if (this.#nullSlot !== NO_SLOT) this.#nullSlot = renumbered[this.#nullSlot]!;
  }
}

function hashOfOne(word: number): number {
  return spread(word);
}

function hashOfTwo(low: number, high: number): number {
  return spread(low ^ Math.imul(high, 0x9e3779b1));
}
