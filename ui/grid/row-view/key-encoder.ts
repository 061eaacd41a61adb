import { float16 } from '../../../protocol/arrow/cell-value.ts';
import {
  type NumberArray,
  type NumberLayout,
  numbersOf,
  wordsOf,
} from '../../../protocol/arrow/number-layout.ts';
import { bitAt, isNull, type Vector } from '../../../protocol/arrow/vector.ts';
import type { RowAccess } from '../../../protocol/table/row-access.ts';

const NO_BYTES = new Uint8Array(0);
export const TOP = 0xffffffff;

/**
 * Turns one column's values into keys: 64 bits, as `hi` and `lo`, and where they do not suffice further bytes, the `tail`.
 * Keys compare as unsigned numbers and bytes, and so do the values. With `flips` the order is the opposite, but null is
 * always last: all bits set, and `isNull` tells it from a value with that key.
 */
export abstract class KeyEncoder {
  hi = 0;
  lo = 0;
  isNull = false;
  tail: Uint8Array = NO_BYTES;
  tailStart = 0;
  tailEnd = 0;
  protected readonly flips: boolean;
  readonly #column: number;
  #vector: Vector | undefined;
  #turn = -1;

  constructor(column: number, flips: boolean) {
    this.#column = column;
    this.flips = flips;
  }

  /** Reads the value of the row that `rows` was put to. */
  read(rows: RowAccess): void {
    if (rows.turn !== this.#turn) {
      this.#turn = rows.turn;
      this.#vector = rows.columns[this.#column];
      if (this.#vector !== undefined) this.bind(this.#vector);
    }
    this.tailEnd = this.tailStart;
    this.isNull = isNull(this.#vector, rows.at);
    if (!this.isNull) return this.encode(rows.at);
    this.hi = TOP;
    this.lo = TOP;
  }

  protected abstract bind(vector: Vector): void;
  protected abstract encode(at: number): void;
}

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Numbers that a double holds exactly. The key is the double's bits, in an order that unsigned numbers have; NaN is last but null. */
export class NumberEncoder extends KeyEncoder {
  readonly #layout: NumberLayout;
  #values: NumberArray = new Float64Array(0);

  constructor(column: number, flips: boolean, layout: NumberLayout) {
    super(column, flips);
    this.#layout = layout;
  }

  protected bind(vector: Vector): void {
    if (vector.layout === 'fixed') this.#values = numbersOf(this.#layout, vector.bytes);
  }

  protected encode(at: number): void {
    const value = this.#layout === 'f16' ? float16(this.#values[at]!) : this.#values[at]!;
    if (Number.isNaN(value)) {
      this.hi = TOP;
      this.lo = TOP - 1;
      return;
    }
    // Adding 0 makes one of both zeros.
    double[0] = value + 0;
    const high = words[1]!;
    const inverts = high >>> 31 === 1;
    const hi = inverts ? ~high : high ^ 0x80000000;
    const lo = inverts ? ~words[0]! : words[0]!;
    this.hi = (this.flips ? ~hi : hi) >>> 0;
    this.lo = (this.flips ? ~lo : lo) >>> 0;
  }
}

/** 64-bit integers and times. */
export class Int64Encoder extends KeyEncoder {
  readonly #mask: number;
  #words: Int32Array = new Int32Array(0);

  constructor(column: number, flips: boolean, isSigned: boolean) {
    super(column, flips);
    this.#mask = isSigned ? 0x80000000 : 0;
  }

  protected bind(vector: Vector): void {
    if (vector.layout === 'fixed') this.#words = wordsOf(vector.bytes);
  }

  protected encode(at: number): void {
    const low = this.#words[at * 2]!;
    const high = this.#words[at * 2 + 1]! ^ this.#mask;
    this.hi = (this.flips ? ~high : high) >>> 0;
    this.lo = (this.flips ? ~low : low) >>> 0;
  }
}

export class BoolEncoder extends KeyEncoder {
  #bits: Uint8Array = NO_BYTES;

  protected bind(vector: Vector): void {
    if (vector.layout === 'bool') this.#bits = vector.bits;
  }

  protected encode(at: number): void {
    this.hi = bitAt(this.#bits, at) === this.flips ? 0 : 1;
    this.lo = 0;
  }
}
