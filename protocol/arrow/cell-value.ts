import { byteWidth, type DataType } from './data-type.ts';
import { bitAt, type FixedVector, isNull, type Vector } from './vector.ts';

/**
 * A cell as an exact JavaScript value. Integers up to 32 bits and floats are numbers, 64-bit integers and all times in
 * 64 bits are bigints of the type's unit, decimals are strings at their scale, lists and maps are arrays (maps of
 * [key, value] pairs), structs are objects.
 */
export type CellValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CellValue[]
  | { readonly [name: string]: CellValue };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of row `row`; null where it has none. */
export function cellValue(type: DataType, vector: Vector | undefined, row: number): CellValue {
  if (vector === undefined || isNull(vector, row)) return null;
  switch (vector.layout) {
    case 'null':
      return null;
    case 'bool':
      return bitAt(vector.bits, row);
    case 'fixed':
      return fixedValue(type, vector, row);
    case 'bytes': {
      const bytes = vector.data.subarray(vector.offsets[row]!, vector.offsets[row + 1]!);
      return type.kind === 'utf8' ? decodeText(bytes) : bytes;
    }
    case 'list':
      return childValues(type, vector.child, vector.offsets[row]!, vector.offsets[row + 1]!);
    case 'fixed_list':
      return childValues(type, vector.child, row * vector.size, (row + 1) * vector.size);
    case 'struct': {
      if (type.kind !== 'struct') return null;
      return Object.fromEntries(
        type.children.map((child, i) => [child.name, cellValue(child.type, vector.children[i], row)]),
      );
    }
    case 'union': {
      const index = vector.childIndexes[row]!;
      const child = type.kind === 'union' ? type.children[index] : undefined;
      return child === undefined ? null : cellValue(child.type, vector.children[index], vector.offsets[row]!);
    }
  }
}

/** Short ASCII text is the common cell; decoding it by hand avoids a call into the platform. */
function decodeText(bytes: Uint8Array): string {
  if (bytes.length > 24) return decoder.decode(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

function childValues(type: DataType, child: Vector, start: number, end: number): CellValue {
  if (type.kind !== 'list' && type.kind !== 'fixed_size_list' && type.kind !== 'map') return null;
  const childType = type.child.type;
  const values = Array.from({ length: end - start }, (_, i) => cellValue(childType, child, start + i));
  if (type.kind !== 'map' || child.layout !== 'struct' || childType.kind !== 'struct') return values;
  const [keyField, valueField] = childType.children;
  if (keyField === undefined || valueField === undefined) return values;
  return values.map((_, i) => [
    cellValue(keyField.type, child.children[0], start + i),
    cellValue(valueField.type, child.children[1], start + i),
  ]);
}

function fixedValue(type: DataType, vector: FixedVector, row: number): CellValue {
  const { bytes, width } = vector;
  const view = new DataView(bytes.buffer, bytes.byteOffset + row * width, width);
  switch (type.kind) {
    case 'int':
      return readInt(view, type.bits, type.signed);
    case 'float':
      return type.bits === 64
        ? view.getFloat64(0, true)
        : type.bits === 32
          ? view.getFloat32(0, true)
          : float16(view.getUint16(0, true));
    case 'decimal':
      return decimalText(view, width, type.scale);
    case 'date':
    case 'time':
    case 'timestamp':
    case 'duration':
      return byteWidth(type) === 4 ? view.getInt32(0, true) : view.getBigInt64(0, true);
    case 'interval':
      return intervalValue(view, type.unit);
    default:
      return bytes.subarray(row * width, (row + 1) * width);
  }
}

function readInt(view: DataView, bits: 8 | 16 | 32 | 64, signed: boolean): number | bigint {
  switch (bits) {
    case 8:
      return signed ? view.getInt8(0) : view.getUint8(0);
    case 16:
      return signed ? view.getInt16(0, true) : view.getUint16(0, true);
    case 32:
      return signed ? view.getInt32(0, true) : view.getUint32(0, true);
    case 64:
      return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
  }
}

/** IEEE 754 binary16. */
export function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A two's complement integer of `width` bytes with the decimal point `scale` digits from its right end. */
export function decimalText(view: DataView, width: number, scale: number): string {
  let unscaled = 0n;
  if (width === 4) unscaled = BigInt(view.getInt32(0, true));
  else {
    unscaled = view.getBigInt64(width - 8, true);
    for (let at = width - 16; at >= 0; at -= 8) unscaled = (unscaled << 64n) | view.getBigUint64(at, true);
  }
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function intervalValue(view: DataView, unit: 'year_month' | 'day_time' | 'month_day_nano'): CellValue {
  switch (unit) {
    case 'year_month':
      return { months: view.getInt32(0, true) };
    case 'day_time':
      return { days: view.getInt32(0, true), milliseconds: view.getInt32(4, true) };
    case 'month_day_nano':
      return {
        months: view.getInt32(0, true),
        days: view.getInt32(4, true),
        nanoseconds: view.getBigInt64(8, true),
      };
  }
}
