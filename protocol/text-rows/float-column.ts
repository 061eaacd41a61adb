import type { DataType } from '../arrow/data-type.ts';
import type { FixedVector } from '../arrow/vector.ts';
import { CellMisfit } from './cell-misfit.ts';
import { cellValidity } from './cell-validity.ts';
import { CELL, type Cells } from './cells.ts';
import { nearestFloat, POWERS_OF_TEN } from './nearest-float.ts';

type FloatType = Extract<DataType, { kind: 'float' }>;

const MAX_EXACT = 2 ** 53;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)(?:inf|infinity)$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;

/**
 * Floats, straight from their digits: digits below 2^53 over a power of ten up to 22 are one correctly rounded division (Clinger,
 * "How to read floating point numbers accurately", 1990), somewhat more of them one of pairs; all others go by the platform's own
 * conversion.
 *
 * @throws CellMisfit where a cell is no number, or a finite one beyond the type's range
 */
export function floatColumn(cells: Cells, type: FloatType, isInferred: boolean): FixedVector {
  const { length, kinds, starts, ends } = cells;
  const { bytes } = cells.source;
  const values = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const kind = kinds[row]!;
    if (kind <= CELL.empty) continue;
    const end = ends[row]!;
    const isNegative = bytes[starts[row]!] === 0x2d;
    const first = starts[row]! + (isNegative ? 1 : 0);
    let at = first;
    let point = end;
    let mantissa = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte >= 0x30 && byte <= 0x39) mantissa = mantissa * 10 + (byte - 0x30);
      else if (byte === 0x2e && point === end) point = at;
      else break;
    }
    const scale = point === end ? 0 : end - point - 1;
    const isNumber = at === end && point - first + scale > 0 && (kind !== CELL.text || !isInferred);
    if (!isNumber) values[row] = slowFloat(cells, row, isInferred);
    else if (mantissa < MAX_EXACT && scale < POWERS_OF_TEN.length) {
      const value = mantissa / POWERS_OF_TEN[scale]!;
      values[row] = isNegative ? -value : value;
    } else {
      const value = nearestFloat(bytes, first, end);
      values[row] = Number.isNaN(value)
        ? finite(Number(cells.source.ascii(starts[row]!, end)), row)
        : isNegative
          ? -value
          : value;
    }
  }
  const validity = cellValidity(cells, CELL.empty);
  const bits = type.bits === 64 ? values : narrowed(values, type.bits);
  return { layout: 'fixed', length, validity, width: type.bits / 8, bytes: new Uint8Array(bits.buffer) };
}

/** @throws CellMisfit where a finite value is beyond the range */
function narrowed(values: Float64Array, bits: 16 | 32): Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const isInfinite = (value: number) =>
    bits === 32 ? !Number.isFinite(Math.fround(value)) : (toFloat16(value) & 0x7fff) === 0x7c00;
  const row = values.findIndex((value) => Number.isFinite(value) && isInfinite(value));
  if (row >= 0) misfit(row);
  return bits === 32 ? Float32Array.from(values) : Uint16Array.from(values, toFloat16);
}

function finite(value: number, row: number): number {
  return Number.isFinite(value) ? value : misfit(row);
}

function misfit(row: number): never {
  throw new CellMisfit(row);
}

function slowFloat(cells: Cells, row: number, isInferred: boolean): number {
  const kind = cells.kinds[row]!;
  const isText = kind === CELL.text || kind === CELL.escapedText;
  if ((kind >= CELL.true && !isText && kind < CELL.bare) || (isText && isInferred)) throw new CellMisfit(row);
  const value = parseFloatText(cells.textOf(row).trim());
  if (value === null) throw new CellMisfit(row);
  return value;
}

/** A number's text, `NaN` or `inf`; null where it is none of them, or too large. */
export function parseFloatText(text: string): number | null {
  if (NUMBER.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : null;
  }
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(text) ? Number.NaN : null;
}

/** The nearest IEEE 754 binary16, ties to even. */
export function toFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // 1024 steps are in the implicit bit; a carry moves into the exponent by itself.
  const bits = (exponent + 14) * 1024 + steps;
  return sign | Math.min(bits, 0x7c00);
}

function roundToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
