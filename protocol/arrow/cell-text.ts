import { isoDate, isoDuration, isoTime, isoTimestamp } from './calendar.ts';
import { type CellValue, cellValue } from './cell-value.ts';
import type { DataType } from './data-type.ts';
import { isNull, type Vector } from './vector.ts';

/**
 * A cell as exact text for people and CSV: all digits, times in ISO 8601, binary as base64, nested values as JSON;
 * null where there is no value.
 */
export function cellText(type: DataType, vector: Vector | undefined, row: number): string | null {
  const value = cellValue(type, vector, row);
  if (value === null) return null;
  if (type.kind === 'union') return unionText(type, vector, row);
  return isNested(type) ? jsonOf(type, vector, row) : scalarText(type, value);
}

/**
 * A cell as JSON: 64-bit integers as numbers with all their digits, decimals as strings at their scale, times as
 * ISO 8601 strings, binary as base64, NaN and infinities as null; maps as arrays of [key, value] pairs.
 */
export function cellJson(type: DataType, vector: Vector | undefined, row: number): string {
  return jsonOf(type, vector, row);
}

function isNested(type: DataType): boolean {
  return ['list', 'fixed_size_list', 'struct', 'map', 'interval'].includes(type.kind);
}

function unionText(type: DataType, vector: Vector | undefined, row: number): string | null {
  if (type.kind !== 'union' || vector?.layout !== 'union') return null;
  const index = vector.childIndexes[row]!;
  const child = type.children[index];
  return child === undefined ? null : cellText(child.type, vector.children[index], vector.offsets[row]!);
}

function jsonOf(type: DataType, vector: Vector | undefined, row: number): string {
  if (vector === undefined || isNull(vector, row)) return 'null';
  switch (vector.layout) {
    case 'list':
      return jsonList(type, vector.child, vector.offsets[row]!, vector.offsets[row + 1]!);
    case 'fixed_list':
      return jsonList(type, vector.child, row * vector.size, (row + 1) * vector.size);
    case 'struct': {
      const children = type.kind === 'struct' ? type.children : [];
      return `{${children.map((child, i) => `${JSON.stringify(child.name)}:${jsonOf(child.type, vector.children[i], row)}`).join(',')}}`;
    }
    case 'union': {
      const index = vector.childIndexes[row]!;
      const child = type.kind === 'union' ? type.children[index] : undefined;
      return child === undefined ? 'null' : jsonOf(child.type, vector.children[index], vector.offsets[row]!);
    }
    default:
      return scalarJson(type, cellValue(type, vector, row));
  }
}

function jsonList(type: DataType, child: Vector, start: number, end: number): string {
  if (type.kind !== 'list' && type.kind !== 'fixed_size_list' && type.kind !== 'map') return 'null';
  const entries = type.child.type;
  const items: string[] = [];
  for (let i = start; i < end; i++) {
    if (type.kind === 'map' && entries.kind === 'struct' && child.layout === 'struct') {
      const pair = entries.children.map((field, c) => jsonOf(field.type, child.children[c], i));
      items.push(`[${pair.join(',')}]`);
    } else items.push(jsonOf(entries, child, i));
  }
  return `[${items.join(',')}]`;
}

function scalarJson(type: DataType, value: CellValue): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'bool':
      return String(value);
    case 'int':
      return String(value);
    case 'float':
      return Number.isFinite(value) ? scalarText(type, value) : 'null';
    case 'interval':
      return `{${Object.entries(value)
        .map(([name, part]) => `${JSON.stringify(name)}:${part}`)
        .join(',')}}`;
    default:
      return JSON.stringify(scalarText(type, value));
  }
}

function scalarText(type: DataType, value: CellValue): string {
  switch (type.kind) {
    case 'float':
      return floatText(value as number, type.bits);
    case 'date':
      return dateText(value as number | bigint, type.unit);
    case 'time':
      return isoTime(BigInt(value as number | bigint), type.unit);
    case 'timestamp':
      return isoTimestamp(value as bigint, type.unit, type.timezone);
    case 'duration':
      return isoDuration(value as bigint, type.unit);
    case 'binary':
    case 'fixed_size_binary':
      return base64(value as Uint8Array);
    default:
      return String(value);
  }
}

/** The fewest digits that read back as the same float of that width; whole numbers keep one decimal, so they stay floats. */
function floatText(value: number, bits: 16 | 32 | 64): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  let text = Object.is(value, -0) ? '-0' : String(value);
  if (bits < 64) {
    // Six digits are always told apart by a float32 that is not subnormal.
    const round = bits === 32 ? Math.fround : roundToHalf;
    for (let precision = bits === 32 && Math.abs(value) >= 2 ** -126 ? 6 : 1; precision <= 9; precision++) {
      const shorter = Number(value.toPrecision(precision));
      if (round(shorter) === value) {
        text = Object.is(value, -0) ? '-0' : String(shorter);
        break;
      }
    }
  }
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** The nearest IEEE 754 binary16, ties to even; beyond its range the nearest of as many digits. */
function roundToHalf(value: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const step = 2 ** (exponent - 10);
  const steps = Math.round(value / step);
  const isTie = Math.abs((value / step) % 1) === 0.5;
  return (isTie && steps % 2 !== 0 ? steps - 1 : steps) * step;
}

function dateText(value: number | bigint, unit: 'day' | 'ms'): string {
  if (unit === 'day') return isoDate(BigInt(value));
  const milliseconds = BigInt(value);
  return milliseconds % 86_400_000n === 0n
    ? isoDate(milliseconds / 86_400_000n)
    : isoTimestamp(milliseconds, 'ms', null);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const triple = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += BASE64[triple >> 18]! + BASE64[(triple >> 12) & 63]!;
    text += left > 1 ? BASE64[(triple >> 6) & 63]! : '=';
    text += left > 2 ? BASE64[triple & 63]! : '=';
  }
  return text;
}
