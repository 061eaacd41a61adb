import { cellValue, float16 } from '../../../protocol/arrow/cell-value.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import {
  isInt64,
  type NumberLayout,
  numberLayout,
  numbersOf,
} from '../../../protocol/arrow/number-layout.ts';
import { isNull, type Vector } from '../../../protocol/arrow/vector.ts';
import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { type IdArray, type IdIndex, type Kept, renumberValues, resized } from './id-index.ts';
import { BigTotals, CountTotals, NumberTotals, type Totals } from './totals.ts';

/** An array of numbers, of bigints. */
interface Store<T> {
  readonly length: number;
  [at: number]: T;
}

interface Storage<T> {
  readonly create: (capacity: number) => Store<T>;
  readonly read: (vector: Vector, at: number) => T;
  readonly createTotals: () => Totals<T>;
}

/**
 * One column whose values groups aggregate: the values by row as they were counted in, since the table does not keep what
 * a row was before. 9 bytes a row; decimals of 128 and 256 bits are kept as bigints.
 */
export class AggregatedColumn<T extends number | bigint = number | bigint> implements IdArray {
  readonly #column: number;
  readonly #storage: Storage<T>;
  #values: Store<T>;
  #isThere: Uint8Array = new Uint8Array(0);
  #next: T | null = null;

  constructor(column: number, storage: Storage<T>, index: IdIndex) {
    this.#column = column;
    this.#storage = storage;
    this.#values = storage.create(0);
    index.attach(this);
  }

  get bytes(): number {
    return this.#isThere.byteLength * 9;
  }

  createTotals(): Totals<T> {
    return this.#storage.createTotals();
  }

  /** Reads the value of the row that `rows` was put to; whether it is another one than is stored. */
  read(rows: RowAccess, at: number): boolean {
    const vector = rows.columns[this.#column];
    this.#next = vector === undefined || isNull(vector, rows.at) ? null : this.#storage.read(vector, rows.at);
    return !Object.is(this.#next, this.stored(at));
  }

  /** Stores the value read last. */
  store(at: number): void {
    this.#isThere[at] = this.#next === null ? 0 : 1;
    if (this.#next !== null) this.#values[at] = this.#next;
  }

  stored(at: number): T | null {
    return this.#isThere[at] === 1 ? this.#values[at]! : null;
  }

  resize(capacity: number, kept?: Kept): void {
    this.#values = resized(this.#values, this.#storage.create(capacity), kept);
    this.#isThere = resized(this.#isThere, new Uint8Array(capacity), kept);
  }

  renumber(renumbered: Uint32Array): void {
    renumberValues(this.#values, renumbered);
    renumberValues(this.#isThere, renumbered);
  }
}

/** `isCounted`: nothing but the number of values is asked for. */
export function createAggregatedColumn(
  column: number,
  type: DataType,
  isCounted: boolean,
  index: IdIndex,
): AggregatedColumn {
  // Each column calls its own storage alone.
  return new AggregatedColumn(column, storageOf(type, isCounted) as Storage<number | bigint>, index);
}

function storageOf(type: DataType, isCounted: boolean): Storage<number> | Storage<bigint> {
  const layout = numberLayout(type);
  if (isCounted) {
    return {
      create: (capacity) => new Uint8Array(capacity),
      read: () => 1,
      createTotals: () => new CountTotals(),
    };
  }
  if (layout !== null) {
    return {
      create: (capacity) => new Float64Array(capacity),
      read: createNumberReader(layout),
      createTotals: () => new NumberTotals(),
    };
  }
  const unscaled = type.kind === 'decimal' ? { ...type, scale: 0 } : type;
  const isSigned = type.kind !== 'int' || type.signed;
  return {
    create: (capacity) => {
      if (!isInt64(type)) return new Array<bigint>(capacity).fill(0n);
      return isSigned ? new BigInt64Array(capacity) : new BigUint64Array(capacity);
    },
    read: isInt64(type)
      ? createBigReader(isSigned)
      : (vector, at) => BigInt(cellValue(unscaled, vector, at) as string),
    createTotals: () => new BigTotals(),
  };
}

/** Values of 8 bytes. */
function createBigReader(isSigned: boolean): (vector: Vector, at: number) => bigint {
  let source: Uint8Array | null = null;
  let numbers: BigInt64Array | BigUint64Array = new BigInt64Array(0);
  return (vector, at) => {
    if (vector.layout !== 'fixed') return 0n;
    if (vector.bytes !== source) {
      source = vector.bytes;
      const { buffer, byteOffset, byteLength } = source;
      numbers = isSigned
        ? new BigInt64Array(buffer, byteOffset, byteLength >> 3)
        : new BigUint64Array(buffer, byteOffset, byteLength >> 3);
    }
    return numbers[at]!;
  };
}

function createNumberReader(layout: NumberLayout): (vector: Vector, at: number) => number {
  let bytes: Uint8Array | null = null;
  let numbers: ReturnType<typeof numbersOf> = new Float64Array(0);
  return (vector, at) => {
    if (vector.layout !== 'fixed') return Number.NaN;
    if (vector.bytes !== bytes) {
      bytes = vector.bytes;
      numbers = numbersOf(layout, bytes);
    }
    return layout === 'f16' ? float16(numbers[at]!) : numbers[at]!;
  };
}
