import { byteWidth, type DataType } from '../arrow/data-type.ts';
import type { BoolVector, FixedVector } from '../arrow/vector.ts';
import { CellMisfit } from './cell-misfit.ts';
import { cellValidity } from './cell-validity.ts';
import { CELL, type Cells } from './cells.ts';
import { parseDecimal } from './parse-decimal.ts';
import { parseDate, parseDuration, parseTime, parseTimestamp } from './parse-times.ts';

/** JSON's `true` and `false`; in CSV also `True`, `TRUE` and so on. @throws CellMisfit */
export function boolColumn(cells: Cells, isInferred: boolean): BoolVector {
  const { length } = cells;
  const bits = new Uint8Array((length + 7) >> 3);
  for (let row = 0; row < length; row++) {
    if (cells.kinds[row]! <= CELL.empty) continue;
    if (boolOf(cells, row, isInferred)) bits[row >> 3]! |= 1 << (row & 7);
  }
  return { layout: 'bool', length, validity: cellValidity(cells, CELL.empty), bits };
}

function boolOf(cells: Cells, row: number, isInferred: boolean): boolean {
  const kind = cells.kinds[row]!;
  if (kind === CELL.true || kind === CELL.false) return kind === CELL.true;
  const word = kind === CELL.bare ? boolAt(cells.source.bytes, cells.starts[row]!, cells.ends[row]!) : null;
  if (word !== null) return word;
  const isText = kind === CELL.text || kind === CELL.escapedText;
  const value = kind >= CELL.bare || (isText && !isInferred) ? parseBool(cells.textOf(row).trim()) : null;
  if (value === null) throw new CellMisfit(row);
  return value;
}

/** The usual words, without making a text of them; null where others may stand. */
function boolAt(bytes: Uint8Array, start: number, end: number): boolean | null {
  const isTrue = end - start === 4;
  if (!isTrue && end - start !== 5) return null;
  const word = isTrue ? 'true' : 'false';
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return null;
  return isTrue;
}

export function parseBool(text: string): boolean | null {
  if (text === 'true' || text === 'True' || text === 'TRUE') return true;
  return text === 'false' || text === 'False' || text === 'FALSE' ? false : null;
}

export type TextualType = Extract<DataType, { kind: 'decimal' | 'date' | 'time' | 'timestamp' | 'duration' }>;

/** Types whose values are exact texts: decimals (also as numbers), dates, times, timestamps, durations. @throws CellMisfit */
export function textualColumn(cells: Cells, type: TextualType): FixedVector {
  const { length } = cells;
  const width = byteWidth(type)!;
  const bytes = new Uint8Array(length * width);
  const view = new DataView(bytes.buffer);
  const takesNumbers = type.kind === 'decimal';
  for (let row = 0; row < length; row++) {
    const kind = cells.kinds[row]!;
    if (kind <= CELL.empty) continue;
    const isText = kind === CELL.text || kind === CELL.escapedText || kind >= CELL.bare;
    const isNumber = kind === CELL.integer || kind === CELL.number;
    const value = isText || (isNumber && takesNumbers) ? unitsOf(type, cells.textOf(row).trim()) : null;
    if (value === null || !isInRange(type, width, value)) throw new CellMisfit(row, expectation(type));
    writeInteger(view, row * width, width, value);
  }
  return { layout: 'fixed', length, validity: cellValidity(cells, CELL.empty), width, bytes };
}

function unitsOf(type: TextualType, text: string): bigint | null {
  switch (type.kind) {
    case 'decimal':
      return parseDecimal(text, type.scale);
    case 'date': {
      const days = parseDate(text);
      if (type.unit === 'day') return days;
      return days === null ? parseTimestamp(text, 'ms', false) : days * 86_400_000n;
    }
    case 'time':
      return parseTime(text, type.unit);
    case 'timestamp':
      return parseTimestamp(text, type.unit, type.timezone !== null);
    case 'duration':
      return parseDuration(text, type.unit);
  }
}

function isInRange(type: TextualType, width: number, value: bigint): boolean {
  if (type.kind !== 'decimal') return BigInt.asIntN(width * 8, value) === value;
  const limit = 10n ** BigInt(type.precision);
  return value < limit && value > -limit;
}

/** What would fit, where the type's name does not say it. */
function expectation(type: TextualType): string | null {
  switch (type.kind) {
    case 'timestamp':
      return type.timezone === null
        ? 'is not ISO 8601 without an offset ("2026-11-21T09:30:00") and with the digits of the unit at most'
        : 'is not ISO 8601 with an offset ("2026-11-21T09:30:00Z") and with the digits of the unit at most';
    case 'date':
      return 'is not an ISO 8601 date ("2026-11-21")';
    case 'time':
      return 'is not a time ("09:30:00") with the digits of the unit at most';
    case 'duration':
      return 'is not an ISO 8601 duration ("PT1.5S") with the digits of the unit at most';
    case 'decimal':
      return null;
  }
}

/** Two's complement, little-endian, of 4 or a multiple of 8 bytes. */
function writeInteger(view: DataView, at: number, width: number, value: bigint): void {
  if (width === 4) return view.setInt32(at, Number(value), true);
  for (let offset = 0, rest = value; offset < width; offset += 8, rest >>= 64n)
    view.setBigInt64(at + offset, BigInt.asIntN(64, rest), true);
}
