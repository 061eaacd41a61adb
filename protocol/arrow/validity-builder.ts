import { NO_ROW } from './column-builder.ts';
import { bitAt, copyBits, type Vector } from './vector.ts';

export function grownBytes<A extends ArrayBufferLike>(bytes: Uint8Array<A>, needed: number): Uint8Array {
  if (needed <= bytes.length) return bytes;
  const grown = new Uint8Array((Math.max(needed, bytes.length * 2, 64) + 7) & ~7);
  grown.set(bytes);
  return grown;
}

export function grownInts(ints: Int32Array, needed: number): Int32Array {
  if (needed <= ints.length) return ints;
  const grown = new Int32Array(Math.max(needed, ints.length * 2, 16));
  grown.set(ints);
  return grown;
}

function setBits(to: Uint8Array, at: number, count: number): void {
  let i = at;
  const end = at + count;
  while (i < end && (i & 7) !== 0) {
    to[i >> 3]! |= 1 << (i & 7);
    i++;
  }
  to.fill(0xff, i >> 3, end >> 3);
  for (i = Math.max(i, (end >> 3) << 3); i < end; i++) to[i >> 3]! |= 1 << (i & 7);
}

function hasGap(rows: Int32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (rows[i] === NO_ROW) return true;
  return false;
}

/** Length and validity: what all builders but those of null and union columns share. */
export abstract class ValidityBuilder {
  length = 0;
  validity: Uint8Array | null = null;

  /** Room for `count` more validity bits; only where a bitmap is there. */
  #reserve(count: number): Uint8Array | null {
    if (this.validity === null) return null;
    this.validity = grownBytes(this.validity, (this.length + count + 7) >> 3);
    return this.validity;
  }

  #materialise(count: number): Uint8Array {
    if (this.validity === null) {
      this.validity = new Uint8Array((((this.length + count) >> 3) + 8) & ~7);
      setBits(this.validity, 0, this.length);
    }
    return this.#reserve(count)!;
  }

  /** Takes over the validity of `start .. end` and moves the length on. */
  protected addValidityRange(validity: Uint8Array | null, start: number, end: number): void {
    const count = end - start;
    if (validity === null) {
      const bits = this.#reserve(count);
      if (bits !== null) setBits(bits, this.length, count);
    } else {
      copyBits(validity, start, this.#materialise(count), this.length, count);
    }
    this.length += count;
  }

  protected addValidityRows(source: Vector, rows: Int32Array, from: number, to: number): void {
    const count = to - from;
    const validity = 'validity' in source ? source.validity : null;
    if (validity === null && !hasGap(rows, from, to)) {
      const bits = this.#reserve(count);
      if (bits !== null) setBits(bits, this.length, count);
    } else {
      const bits = this.#materialise(count);
      for (let i = from, at = this.length; i < to; i++, at++) {
        const row = rows[i]!;
        if (row !== NO_ROW && (validity === null || bitAt(validity, row))) bits[at >> 3]! |= 1 << (at & 7);
      }
    }
    this.length += count;
  }

  protected addNulls(count: number): void {
    if (count === 0) return;
    this.#materialise(count);
    this.length += count;
  }
}
