import { type BytesVector, bitAt, type Vector } from '../arrow/vector.ts';
import type { KeyCodec } from './key-codec.ts';
import { grown, KeyIndex, NO_SLOT, SlotHashes, spread } from './key-index.ts';

const NO_ROWS: BytesVector = {
  layout: 'bytes',
  length: 0,
  validity: null,
  offsets: new Int32Array(1),
  data: new Uint8Array(0),
};

/** The key is one column of text or binary: the index keeps a copy of each key, so that comparing does not go to the rows. */
export class TextKeyIndex extends KeyIndex {
  readonly #codec: KeyCodec;
  #rows: BytesVector = NO_ROWS;
  #rowValidity: Uint8Array | null = null;
  /** Start and end of each slot's key in `#bytes`. */
  #spans: Int32Array = new Int32Array(64);
  #bytes: Uint8Array = new Uint8Array(256);
  #usedBytes = 0;
  #nullSlot = NO_SLOT;
  readonly #hashes = new SlotHashes();

  constructor(codec: KeyCodec) {
    super();
    this.#codec = codec;
  }

  override get bytes(): number {
    return super.bytes + this.#hashes.bytes + this.#spans.byteLength + this.#bytes.byteLength;
  }

  prepare(keys: readonly (Vector | undefined)[], rowCount: number): void {
    const [vector] = keys;
    const hashes = new Int32Array(rowCount);
    this.#codec.hash(vector, rowCount, hashes);
    for (let row = 0; row < rowCount; row++) hashes[row] = spread(hashes[row]!);
    this.rowHashes = hashes;
    const isText = vector?.layout === 'bytes';
    this.#rows = isText ? vector : NO_ROWS;
    this.#rowValidity = isText ? vector.validity : new Uint8Array((rowCount + 7) >> 3);
  }

  protected isKeyOf(slot: number, row: number): boolean {
    if (this.#hashes.at(slot) !== this.rowHashes[row]) return false;
    if (this.#rowValidity !== null && !bitAt(this.#rowValidity, row)) return slot === this.#nullSlot;
    if (slot === this.#nullSlot) return false;
    const { offsets, data } = this.#rows;
    const start = offsets[row]!;
    const length = offsets[row + 1]! - start;
    const own = this.#spans[slot * 2]!;
    if (this.#spans[slot * 2 + 1]! - own !== length) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[own + i] !== data[start + i]) return false;
    return true;
  }

  protected hashOf(slot: number): number {
    return this.#hashes.at(slot);
  }

  protected remember(slot: number, row: number): void {
    this.#hashes.set(slot, this.rowHashes[row]!);
    if (this.#rowValidity !== null && !bitAt(this.#rowValidity, row)) {
      this.#nullSlot = slot;
      return;
    }
    const { offsets, data } = this.#rows;
    this.#spans = grown(this.#spans, slot * 2 + 2);
    this.#append(slot, data.subarray(offsets[row]!, offsets[row + 1]!));
  }

  #append(slot: number, key: Uint8Array): void {
    const end = this.#usedBytes + key.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(key, this.#usedBytes);
    this.#spans[slot * 2] = this.#usedBytes;
    this.#spans[slot * 2 + 1] = end;
    this.#usedBytes = end;
  }

  override remove(slot: number): void {
    super.remove(slot);
    if (slot === this.#nullSlot) this.#nullSlot = NO_SLOT;
  }

  /** The keys of removed slots go here: half of all slots at most are waiting for that. */
  protected renumberKeys(renumbered: Int32Array, live: Uint32Array): void {
    const spans = this.#spans;
    const bytes = this.#bytes;
    const nullSlot = this.#nullSlot;
    this.#hashes.renumber(live);
    this.#spans = new Int32Array(Math.max(32, live.length) * 2);
    this.#bytes = new Uint8Array(256);
    this.#usedBytes = 0;
    live.forEach((slot, i) => {
      if (slot !== nullSlot) this.#append(i, bytes.subarray(spans[slot * 2]!, spans[slot * 2 + 1]!));
    });
    this.#nullSlot = nullSlot === NO_SLOT ? NO_SLOT : renumbered[nullSlot]!;
  }
}
