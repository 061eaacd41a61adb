import type { DataType } from '../arrow/data-type.ts';
import type { FixedVector } from '../arrow/vector.ts';
import { CellMisfit } from './cell-misfit.ts';
import { cellValidity } from './cell-validity.ts';
import { CELL, type Cells } from './cells.ts';
import { parseDecimal } from './parse-decimal.ts';

type IntType = Extract<DataType, { kind: 'int' }>;

/** As many digits are exact in a float64. */
const MAX_FAST_DIGITS = 15;
const WHOLE = /^[+-]?\d+$/;

/**
 * Integers, straight from their digits. What is written with a fraction or exponent and is whole all the same (`5.0`) fits only
 * where the type was not inferred.
 *
 * @throws CellMisfit where a cell is no integer or out of the type's range
 */
export function integerColumn(cells: Cells, type: IntType, isInferred: boolean): FixedVector {
  const { length, kinds, starts, ends } = cells;
  const { bytes } = cells.source;
  const store = new IntStore(type, length);
  for (let row = 0; row < length; row++) {
    const kind = kinds[row]!;
    if (kind <= CELL.empty) continue;
    const end = ends[row]!;
    let at = starts[row]!;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative) at++;
    const first = at;
    let value = 0;
    while (at < end) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    const isFast = at === end && at > first && at - first <= MAX_FAST_DIGITS;
    if (isFast && (kind !== CELL.text || !isInferred)) {
      if (!store.put(row, isNegative ? -value : value)) throw new CellMisfit(row);
    } else store.putExact(row, slowInteger(cells, row, isInferred));
  }
  return {
    layout: 'fixed',
    length,
    validity: cellValidity(cells, CELL.empty),
    width: store.width,
    bytes: store.bytes,
  };
}

function slowInteger(cells: Cells, row: number, isInferred: boolean): bigint {
  const kind = cells.kinds[row]!;
  const isText = kind === CELL.text || kind === CELL.escapedText;
  if ((kind >= CELL.true && !isText && kind < CELL.bare) || (isText && isInferred)) throw new CellMisfit(row);
  const text = cells.textOf(row).trim();
  if (isInferred && !WHOLE.test(text)) throw new CellMisfit(row);
  const value = parseDecimal(text, 0);
  if (value === null) throw new CellMisfit(row);
  return value;
}

/** Values of one integer type, little-endian. */
class IntStore {
  readonly width: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #min: number;
  readonly #max: number;
  readonly #isSigned: boolean;

  constructor({ bits, signed }: IntType, length: number) {
    this.width = bits / 8;
    this.bytes = new Uint8Array(length * this.width);
    this.#view = new DataView(this.bytes.buffer);
    this.#isSigned = signed;
    this.#min = signed ? -(2 ** (bits - 1)) : 0;
    this.#max = 2 ** (signed ? bits - 1 : bits) - 1;
  }

  /** A safe integer; false where it is out of range. */
  put(row: number, value: number): boolean {
    if (value < this.#min || value > this.#max) return false;
    const view = this.#view;
    if (this.width === 8) {
      view.setInt32(row * 8, value | 0, true);
      view.setInt32(row * 8 + 4, Math.floor(value / 2 ** 32), true);
    } else if (this.width === 4) view.setInt32(row * 4, value | 0, true);
    else if (this.width === 2) view.setInt16(row * 2, value, true);
    else view.setInt8(row, value);
    return true;
  }

  putExact(row: number, value: bigint): void {
    const bits = this.width * 8;
    const kept = this.#isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
    if (kept !== value) throw new CellMisfit(row);
    if (this.width === 8) this.#view.setBigInt64(row * 8, value, true);
    else this.put(row, Number(value));
  }
}
