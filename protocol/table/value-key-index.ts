import type { Vector } from '../arrow/vector.ts';
import type { KeyCodec } from './key-codec.ts';
import { KeyIndex, SlotHashes, spread } from './key-index.ts';

/** Whether the key in a slot equals that of a row in these vectors; the owner knows where the slot's values lie. */
export type SlotComparison = (slot: number, keys: readonly (Vector | undefined)[], row: number) => boolean;

/** Keys of any columns; they are compared where they lie. */
export class ValueKeyIndex extends KeyIndex {
  readonly #codecs: readonly KeyCodec[];
  readonly #isEqual: SlotComparison;
  readonly #hashes = new SlotHashes();
  #keys: readonly (Vector | undefined)[] = [];

  constructor(codecs: readonly KeyCodec[], isEqual: SlotComparison) {
    super();
    this.#codecs = codecs;
    this.#isEqual = isEqual;
  }

  override get bytes(): number {
    return super.bytes + this.#hashes.bytes;
  }

  prepare(keys: readonly (Vector | undefined)[], rowCount: number): void {
    this.#keys = keys;
    const hashes = new Int32Array(rowCount);
    this.#codecs.forEach((codec, i) => {
      codec.hash(keys[i], rowCount, hashes);
    });
    for (let row = 0; row < rowCount; row++) hashes[row] = spread(hashes[row]!);
    this.rowHashes = hashes;
  }

  protected isKeyOf(slot: number, row: number): boolean {
    return this.#hashes.at(slot) === this.rowHashes[row] && this.#isEqual(slot, this.#keys, row);
  }

  protected hashOf(slot: number): number {
    return this.#hashes.at(slot);
  }

  protected remember(slot: number, row: number): void {
    this.#hashes.set(slot, this.rowHashes[row]!);
  }

  protected renumberKeys(_: Int32Array, live: Uint32Array): void {
    this.#hashes.renumber(live);
  }
}
