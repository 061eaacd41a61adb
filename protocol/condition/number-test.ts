import { cellValue } from '../arrow/cell-value.ts';
import type { DataType } from '../arrow/data-type.ts';
import { isInt64, type NumberLayout, numberLayout, numbersOf, wordsOf } from '../arrow/number-layout.ts';
import type { Vector } from '../arrow/vector.ts';
import { type Bound, parseBound, parseDouble } from './parse-bound.ts';
import { ColumnTest, type RowTest } from './row-test.ts';

export type Comparison = '<' | '≤' | '=' | '≠' | '≥' | '>';

/** From `min` to `max`; null where it has no end. `isOutside`: what does not lie there. */
interface Interval<T> {
  readonly min: T | null;
  readonly max: T | null;
  readonly isOutside: boolean;
}

/** Rows whose value compares so with the text; null where the text is no value of the column or the column has none to compare. */
export function createComparison(
  column: number,
  type: DataType,
  compare: Comparison,
  text: string,
): RowTest | null {
  if (type.kind === 'float') {
    const value = parseDouble(text);
    if (value === null) return null;
    return new DoubleTest(column, type.bits, comparedDoubles(compare, nearest(value, type.bits)));
  }
  const bound = parseBound(type, text);
  return bound === null ? null : createWholeTest(column, type, comparedWholes(compare, bound));
}

/** Rows whose value lies between the texts. */
export function createRange(
  column: number,
  type: DataType,
  min: string | null,
  max: string | null,
): RowTest | null {
  if (type.kind === 'float') {
    const ends = [min, max].map((text) => (text === null ? null : parseDouble(text)));
    if ((min !== null && ends[0] === null) || (max !== null && ends[1] === null)) return null;
    const [low, high] = ends.map((end) => (end === null ? null : nearest(end!, type.bits)));
    return new DoubleTest(column, type.bits, { min: low!, max: high!, isOutside: false });
  }
  const low = min === null ? null : parseBound(type, min);
  const high = max === null ? null : parseBound(type, max);
  if ((min !== null && low === null) || (max !== null && high === null)) return null;
  return createWholeTest(column, type, {
    min: low === null ? null : ceiling(low),
    max: high === null ? null : high.floor,
    isOutside: false,
  });
}

/** Float32 columns are compared as their cells read: 0.1 is the float next to it. */
function nearest(value: number, bits: number): number {
  return bits === 32 ? Math.fround(value) : value;
}

function ceiling({ floor, isExact }: Bound): bigint {
  return isExact ? floor : floor + 1n;
}

/** The doubles right before and after a value bound open intervals. */
function comparedDoubles(compare: Comparison, value: number): Interval<number> {
  switch (compare) {
    case '<':
      return { min: null, max: neighbour(value, -1), isOutside: false };
    case '≤':
      return { min: null, max: value, isOutside: false };
    case '=':
      return { min: value, max: value, isOutside: false };
    case '≠':
      return { min: value, max: value, isOutside: true };
    case '≥':
      return { min: value, max: null, isOutside: false };
    case '>':
      return { min: neighbour(value, 1), max: null, isOutside: false };
  }
}

/** The next larger (1) or smaller (-1) double; NaN beyond the infinities, which is in no interval. */
function neighbour(value: number, direction: 1 | -1): number {
  if (value === direction * Number.POSITIVE_INFINITY) return Number.NaN;
  if (value === -direction * Number.POSITIVE_INFINITY) return -direction * Number.MAX_VALUE;
  if (value === 0) return direction * Number.MIN_VALUE;
  const double = new Float64Array([value]);
  const bits = new BigInt64Array(double.buffer);
  bits[0]! += value > 0 === direction > 0 ? 1n : -1n;
  return double[0]!;
}

function comparedWholes(compare: Comparison, bound: Bound): Interval<bigint> {
  const { floor, isExact } = bound;
  const none = { min: 1n, max: 0n };
  switch (compare) {
    case '<':
      return { min: null, max: ceiling(bound) - 1n, isOutside: false };
    case '≤':
      return { min: null, max: floor, isOutside: false };
    case '=':
      return { ...(isExact ? { min: floor, max: floor } : none), isOutside: false };
    case '≠':
      return { ...(isExact ? { min: floor, max: floor } : none), isOutside: true };
    case '≥':
      return { min: ceiling(bound), max: null, isOutside: false };
    case '>':
      return { min: floor + 1n, max: null, isOutside: false };
  }
}

function createWholeTest(column: number, type: DataType, interval: Interval<bigint>): RowTest {
  const layout = numberLayout(type);
  if (layout !== null) return new SmallWholeTest(column, layout, interval);
  if (isInt64(type)) return new Int64Test(column, type.kind !== 'int' || type.signed, interval);
  return new LargeDecimalTest(column, type, interval);
}

/** Numbers in a double; intervals of whole numbers far beyond 2⁵³ hold the same ones of them when rounded. */
abstract class IntervalTest extends ColumnTest {
  readonly #layout: NumberLayout;
  readonly #min: number;
  readonly #max: number;
  readonly #isOutside: boolean;
  #values: ReturnType<typeof numbersOf> = new Float64Array(0);
  #vector: Vector | undefined;

  constructor(column: number, layout: NumberLayout, { min, max, isOutside }: Interval<number>) {
    super(column);
    this.#layout = layout;
    this.#min = min ?? Number.NEGATIVE_INFINITY;
    this.#max = max ?? Number.POSITIVE_INFINITY;
    this.#isOutside = isOutside;
  }

  protected bind(vector: Vector): void {
    this.#vector = vector;
    if (vector.layout === 'fixed') this.#values = numbersOf(this.#layout, vector.bytes);
  }

  protected holdsAt(at: number): boolean {
    const value = this.#layout === 'f16' ? this.#half(at) : this.#values[at]!;
    return (value >= this.#min && value <= this.#max) !== this.#isOutside;
  }

  #half(at: number): number {
    return cellValue({ kind: 'float', bits: 16 }, this.#vector, at) as number;
  }
}

class DoubleTest extends IntervalTest {
  constructor(column: number, bits: 16 | 32 | 64, interval: Interval<number>) {
    super(column, bits === 64 ? 'f64' : bits === 32 ? 'f32' : 'f16', interval);
  }
}

class SmallWholeTest extends IntervalTest {
  constructor(column: number, layout: NumberLayout, { min, max, isOutside }: Interval<bigint>) {
    super(column, layout, {
      min: min === null ? null : Number(min),
      max: max === null ? null : Number(max),
      isOutside,
    });
  }
}

class Int64Test extends ColumnTest {
  readonly #isOutside: boolean;
  readonly #isSigned: boolean;
  readonly #min: Words;
  readonly #max: Words;
  readonly #isEmpty: boolean;
  #words: Int32Array = new Int32Array(0);

  constructor(column: number, isSigned: boolean, { min, max, isOutside }: Interval<bigint>) {
    super(column);
    const lowest = isSigned ? -(2n ** 63n) : 0n;
    const highest = lowest + 2n ** 64n - 1n;
    const from = min === null || min < lowest ? lowest : min;
    const to = max === null || max > highest ? highest : max;
    this.#isEmpty = from > to;
    this.#min = wordsOfNumber(from);
    this.#max = wordsOfNumber(to);
    this.#isSigned = isSigned;
    this.#isOutside = isOutside;
  }

  protected bind(vector: Vector): void {
    if (vector.layout === 'fixed') this.#words = wordsOf(vector.bytes);
  }

  protected holdsAt(at: number): boolean {
    return this.#isInside(at) !== this.#isOutside;
  }

  #isInside(at: number): boolean {
    if (this.#isEmpty) return false;
    const low = this.#words[at * 2]! >>> 0;
    const word = this.#words[at * 2 + 1]!;
    const high = this.#isSigned ? word : word >>> 0;
    const min = this.#isSigned ? this.#min.high | 0 : this.#min.high;
    const max = this.#isSigned ? this.#max.high | 0 : this.#max.high;
    return (
      (high > min || (high === min && low >= this.#min.low)) &&
      (high < max || (high === max && low <= this.#max.low))
    );
  }
}

/** Unsigned 32-bit words of a 64-bit number's two's complement. */
interface Words {
  readonly high: number;
  readonly low: number;
}

function wordsOfNumber(value: bigint): Words {
  const bits = BigInt.asUintN(64, value);
  return { high: Number(bits >> 32n), low: Number(bits & 0xffffffffn) };
}

/** Decimals of 128 and 256 bits. */
class LargeDecimalTest extends ColumnTest {
  readonly #type: DataType;
  readonly #interval: Interval<bigint>;
  #vector: Vector | undefined;

  constructor(column: number, type: DataType, interval: Interval<bigint>) {
    super(column);
    this.#type = type.kind === 'decimal' ? { ...type, scale: 0 } : type;
    this.#interval = interval;
  }

  protected bind(vector: Vector): void {
    this.#vector = vector;
  }

  protected holdsAt(at: number): boolean {
    const { min, max, isOutside } = this.#interval;
    const value = BigInt(cellValue(this.#type, this.#vector, at) as string);
    return ((min === null || value >= min) && (max === null || value <= max)) !== isOutside;
  }
}
