const HEADER_BYTES = 4;
const INTERNED = 4096;
/** Smaller numbers may mean something else to those who keep offsets. */
export const FIRST_OFFSET = 2;

/**
 * Byte strings one after another, each known by where it begins; offsets are at least {@link FIRST_OFFSET}. The same bytes are
 * often kept once. What is freed is given back by {@link rewrite}.
 */
export class KeyPool {
  #bytes = new Uint8Array(1 << 12);
  #used = FIRST_OFFSET;
  #freed = 0;
  readonly #interned = new Uint32Array(INTERNED);

  get bytes(): number {
    return this.#bytes.byteLength;
  }

  /** Adding so many bytes makes it grow, and more than half of it is freed. */
  isWasteful(length: number): boolean {
    return this.#used + HEADER_BYTES + length > this.#bytes.length && this.#freed * 2 > this.#used;
  }

  /** The bytes `source[start .. end]`. */
  add(source: Uint8Array, start: number, end: number): number {
    const length = end - start;
    let hash = length;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (INTERNED - 1);
    const known = this.#interned[place]!;
    if (known !== 0 && this.isEqual(known, source, start, end)) return known;
    this.#reserve(length);
    const offset = this.#used;
    this.#setLength(offset, length);
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) bytes[offset + HEADER_BYTES + i] = source[start + i]!;
    this.#used = offset + HEADER_BYTES + length;
    this.#interned[place] = offset;
    return offset;
  }

  free(offset: number): void {
    this.#freed += HEADER_BYTES + this.length(offset);
  }

  length(offset: number): number {
    const bytes = this.#bytes;
    return (
      bytes[offset]! +
      bytes[offset + 1]! * 2 ** 8 +
      bytes[offset + 2]! * 2 ** 16 +
      bytes[offset + 3]! * 2 ** 24
    );
  }

  #setLength(offset: number, length: number): void {
    for (let i = 0; i < HEADER_BYTES; i++) this.#bytes[offset + i] = length >>> (8 * i);
  }

  #reserve(length: number): void {
    const needed = this.#used + HEADER_BYTES + length;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  isEqual(offset: number, source: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes;
    if (this.length(offset) !== end - start) return false;
    const own = offset + HEADER_BYTES - start;
    for (let i = start; i < end; i++) if (bytes[own + i] !== source[i]) return false;
    return true;
  }

  compare(a: number, b: number): number {
    const bytes = this.#bytes;
    const lengthA = this.length(a);
    const lengthB = this.length(b);
    const common = Math.min(lengthA, lengthB) + HEADER_BYTES;
    for (let i = HEADER_BYTES; i < common; i++) {
      const difference = bytes[a + i]! - bytes[b + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** Bytes `at .. at + 4` as one number, 0 for those that are not there. */
  word(offset: number, at: number): number {
    const bytes = this.#bytes;
    const end = offset + HEADER_BYTES + this.length(offset);
    let word = 0;
    for (let i = offset + HEADER_BYTES + at, last = i + 4; i < last; i++)
      word = (word << 8) | (i < end ? bytes[i]! : 0);
    return word >>> 0;
  }

  /** Keeps the strings of these offsets alone, and puts their new offsets in place of the old ones; those below {@link FIRST_OFFSET} stay. */
  rewrite(offsets: Uint32Array): void {
    const before = this.#bytes;
    const kept = new KeyPool();
    for (let i = 0; i < offsets.length; i++) {
      const offset = offsets[i]!;
      if (offset < FIRST_OFFSET) continue;
      const start = offset + HEADER_BYTES;
      offsets[i] = kept.add(before, start, start + this.length(offset));
    }
    this.#bytes = kept.#bytes;
    this.#used = kept.#used;
    this.#freed = 0;
    this.#interned.set(kept.#interned);
  }
}
