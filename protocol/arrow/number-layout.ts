import type { DataType } from './data-type.ts';

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export type NumberLayout = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f16' | 'f32' | 'f64';

/** How numbers that a double holds exactly lie in memory; null for types that have others. */
export function numberLayout(type: DataType): NumberLayout | null {
  switch (type.kind) {
    case 'float':
      return type.bits === 64 ? 'f64' : type.bits === 32 ? 'f32' : 'f16';
    case 'int':
      if (type.bits === 64) return null;
      return `${type.signed ? 'i' : 'u'}${type.bits}`;
    case 'decimal':
      return type.bits === 32 ? 'i32' : null;
    case 'date':
      return type.unit === 'day' ? 'i32' : null;
    case 'time':
      return type.unit === 's' || type.unit === 'ms' ? 'i32' : null;
    default:
      return null;
  }
}

/** Types whose values are 64-bit integers. */
export function isInt64(type: DataType): boolean {
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return type.bits === 64;
    case 'date':
      return type.unit === 'ms';
    case 'time':
      return type.unit === 'us' || type.unit === 'ns';
    case 'timestamp':
    case 'duration':
      return true;
    default:
      return false;
  }
}

/** The values of a column of that layout; halves as their bits. */
export function numbersOf(layout: NumberLayout, { buffer, byteOffset, byteLength }: Uint8Array): NumberArray {
  switch (layout) {
    case 'i8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'u8':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'i16':
      return new Int16Array(buffer, byteOffset, byteLength >> 1);
    case 'u16':
    case 'f16':
      return new Uint16Array(buffer, byteOffset, byteLength >> 1);
    case 'i32':
      return new Int32Array(buffer, byteOffset, byteLength >> 2);
    case 'u32':
      return new Uint32Array(buffer, byteOffset, byteLength >> 2);
    case 'f32':
      return new Float32Array(buffer, byteOffset, byteLength >> 2);
    case 'f64':
      return new Float64Array(buffer, byteOffset, byteLength >> 3);
  }
}

/** 64-bit values as two words each, the lower one first. */
export function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}
