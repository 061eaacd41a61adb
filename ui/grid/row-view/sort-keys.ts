import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { createKeyEncoder, type KeyColumn } from './create-key-encoder.ts';
import { type IdArray, type IdIndex, type Kept, renumberValues, resized } from './id-index.ts';
import type { KeyEncoder } from './key-encoder.ts';
import { FIRST_OFFSET, KeyPool } from './key-pool.ts';

/** In `rest`: the key ends with its 64 bits, or it is that of null, which is last. */
const ENDS = 0;
const IS_NULL = 1;

/**
 * One column's sort keys by row: 8 bytes each, 4 more where keys are longer or null could be mistaken, and a pool of the
 * bytes beyond the first 8. Places are ids modulo the index's capacity.
 */
export class SortKeys implements IdArray {
  readonly #encoder: KeyEncoder;
  readonly #pool = new KeyPool();
  #hi: Uint32Array = new Uint32Array(0);
  #lo: Uint32Array = new Uint32Array(0);
  #rest: Uint32Array | null = null;

  constructor(column: KeyColumn, index: IdIndex) {
    this.#encoder = createKeyEncoder(column);
    index.attach(this);
  }

  get bytes(): number {
    const pool = this.#rest === null ? 0 : this.#rest.byteLength + this.#pool.bytes;
    return this.#hi.byteLength + this.#lo.byteLength + pool;
  }

  /** Reads the key of the row that `rows` was put to. */
  read(rows: RowAccess): void {
    this.#encoder.read(rows);
  }

  /** Whether the key read last is the one stored. */
  isStored(at: number): boolean {
    const { hi, lo, isNull, tail, tailStart, tailEnd } = this.#encoder;
    if (this.#hi[at] !== hi || this.#lo[at] !== lo) return false;
    const rest = this.#rest === null ? ENDS : this.#rest[at]!;
    if (isNull || rest === IS_NULL) return isNull === (rest === IS_NULL);
    if (tailStart === tailEnd || rest === ENDS) return tailStart === tailEnd && rest === ENDS;
    return this.#pool.isEqual(rest, tail, tailStart, tailEnd);
  }

  /** Stores the key read last. */
  store(at: number): void {
    const { hi, lo, isNull, tail, tailStart, tailEnd } = this.#encoder;
    this.#hi[at] = hi;
    this.#lo[at] = lo;
    if (isNull) this.#restToWrite()[at] = IS_NULL;
    else if (tailStart < tailEnd) {
      const rest = this.#restToWrite();
      if (this.#pool.isWasteful(tailEnd - tailStart)) this.#pool.rewrite(rest);
      rest[at] = this.#pool.add(tail, tailStart, tailEnd);
    } else if (this.#rest !== null) this.#rest[at] = ENDS;
  }

  #restToWrite(): Uint32Array {
    this.#rest ??= new Uint32Array(this.#hi.length);
    return this.#rest;
  }

  /** The row is not in order any more. */
  forget(at: number): void {
    if (this.#rest === null) return;
    const rest = this.#rest[at]!;
    if (rest >= FIRST_OFFSET) this.#pool.free(rest);
    this.#rest[at] = ENDS;
  }

  compare(a: number, b: number): number {
    const hi = this.#hi;
    if (hi[a] !== hi[b]) return hi[a]! < hi[b]! ? -1 : 1;
    const lo = this.#lo;
    if (lo[a] !== lo[b]) return lo[a]! < lo[b]! ? -1 : 1;
    return this.#rest === null ? 0 : this.#compareRest(this.#rest[a]!, this.#rest[b]!);
  }

  #compareRest(a: number, b: number): number {
    if (a === b) return 0;
    if (a === IS_NULL || b === IS_NULL) return a === IS_NULL ? 1 : -1;
    if (a === ENDS || b === ENDS) return a === ENDS ? -1 : 1;
    return this.#pool.compare(a, b);
  }

  /** Words `2 * level` and `2 * level + 1` of the key; 0 beyond its end. */
  wordsAt(at: number, level: number, into: Uint32Array, place: number): void {
    if (level === 0) {
      into[place] = this.#hi[at]!;
      into[place + 1] = this.#lo[at]!;
      return;
    }
    const rest = this.#rest === null ? ENDS : this.#rest[at]!;
    const isLong = rest >= FIRST_OFFSET;
    const start = (level - 1) * 8;
    const empty = rest === IS_NULL ? 0xffffffff : 0;
    into[place] = isLong ? this.#pool.word(rest, start) : empty;
    into[place + 1] = isLong ? this.#pool.word(rest, start + 4) : empty;
  }

  /** How many levels of {@link wordsAt} the key has. */
  levels(at: number): number {
    const rest = this.#rest === null ? ENDS : this.#rest[at]!;
    if (rest < FIRST_OFFSET) return rest + 1;
    return 1 + Math.ceil(this.#pool.length(rest) / 8);
  }

  resize(capacity: number, kept?: Kept): void {
    this.#hi = resized(this.#hi, new Uint32Array(capacity), kept);
    this.#lo = resized(this.#lo, new Uint32Array(capacity), kept);
    if (this.#rest !== null) this.#rest = resized(this.#rest, new Uint32Array(capacity), kept);
  }

  renumber(renumbered: Uint32Array): void {
    renumberValues(this.#hi, renumbered);
    renumberValues(this.#lo, renumbered);
    if (this.#rest === null) return;
    const kept = new Uint32Array(this.#rest.length);
    const count = Math.min(kept.length, renumbered.length);
    for (let id = 0; id < count; id++) if (renumbered[id]! <= id) kept[renumbered[id]!] = this.#rest[id]!;
    this.#rest = kept;
  }
}
