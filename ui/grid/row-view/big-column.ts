import { cellValue } from '../../../protocol/arrow/cell-value.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { isInt64 } from '../../../protocol/arrow/number-layout.ts';
import { isNull, type Vector } from '../../../protocol/arrow/vector.ts';
import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { AggregatedColumn } from './aggregated-column.ts';
import type { GroupNode } from './group-node.ts';
import { type IdArray, type Kept, renumberValues, resized } from './id-index.ts';
import { BigTotals } from './totals.ts';

type BigArray = BigInt64Array | BigUint64Array | bigint[];

/** Of whole numbers that a double may not hold; decimals as they are stored, without their point. 9 bytes a row up to 64 bits. */
export class BigColumn extends AggregatedColumn implements IdArray {
  readonly #create: (capacity: number) => BigArray;
  readonly #read: (vector: Vector, at: number) => bigint;
  #values: BigArray = [];
  #isThere: Uint8Array = new Uint8Array(0);

  constructor(column: number, place: number, type: DataType) {
    super(column, place);
    const isSigned = type.kind !== 'int' || type.signed;
    const unscaled = type.kind === 'decimal' ? { ...type, scale: 0 } : type;
    this.#create = (capacity) => {
      if (!isInt64(type)) return new Array<bigint>(capacity).fill(0n);
      return isSigned ? new BigInt64Array(capacity) : new BigUint64Array(capacity);
    };
    this.#read = isInt64(type)
      ? createReader(isSigned)
      : (vector, at) => BigInt(cellValue(unscaled, vector, at) as string);
  }

  createTotals(): BigTotals {
    return new BigTotals();
  }

  store(rows: RowAccess, at: number): void {
    this.#put(at, this.#next(rows));
  }

  replace(rows: RowAccess, at: number, leaf: GroupNode): void {
    const before = this.stored(at);
    const after = this.#next(rows);
    if (before === after) return;
    for (let node = leaf; node.depth >= 0; node = node.parent!) {
      const totals = this.#totalsOf(node);
      if (before !== null) totals.remove(before);
      if (after !== null) totals.add(after);
    }
    this.#put(at, after);
  }

  add(at: number, leaf: GroupNode): void {
    const value = this.stored(at);
    if (value === null) return;
    for (let node = leaf; node.depth >= 0; node = node.parent!) this.#totalsOf(node).add(value);
  }

  remove(at: number, leaf: GroupNode): void {
    const value = this.stored(at);
    if (value === null) return;
    for (let node = leaf; node.depth >= 0; node = node.parent!) this.#totalsOf(node).remove(value);
  }

  stored(at: number): bigint | null {
    return this.#isThere[at] === 1 ? this.#values[at]! : null;
  }

  get bytes(): number {
    return this.#isThere.byteLength * 9;
  }

  resize(capacity: number, kept?: Kept): void {
    this.#isThere = resized(this.#isThere, new Uint8Array(capacity), kept);
    this.#values = resized<bigint, BigArray>(this.#values, this.#create(capacity), kept);
  }

  renumber(renumbered: Uint32Array): void {
    renumberValues(this.#isThere, renumbered);
    renumberValues(this.#values, renumbered);
  }

  #next(rows: RowAccess): bigint | null {
    const vector = rows.columns[this.column];
    return vector === undefined || isNull(vector, rows.at) ? null : this.#read(vector, rows.at);
  }

  #put(at: number, value: bigint | null): void {
    this.#isThere[at] = value === null ? 0 : 1;
    if (value !== null) this.#values[at] = value;
  }

  /** A group's totals at this column's place are of its own making. */
  #totalsOf(node: GroupNode): BigTotals {
    return node.totals[this.place] as BigTotals;
  }
}

/** Values of 8 bytes. */
function createReader(isSigned: boolean): (vector: Vector, at: number) => bigint {
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
