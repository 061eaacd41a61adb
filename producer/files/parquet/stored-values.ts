import type { DecodedArray } from 'hyparquet';
import { byteWidth, type DataType } from '../../../protocol/arrow/data-type.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { TablecastError } from '../../../protocol/errors.ts';

/** Days from the beginning of INT96 times, in the Julian calendar, to 1970. */
const UNIX_EPOCH_JULIAN_DAYS = 2_440_588n;
const NANOSECONDS_PER_DAY = 86_400_000_000_000n;

/**
 * Values as a Parquet page stores them, brought into the layout of their type; none of them is missing.
 *
 * @throws TablecastError `bad_body` where a decimal has more digits than its type
 */
export function storedValues(type: DataType, values: DecodedArray): Vector {
  const { length } = values;
  if (type.kind === 'null') return { layout: 'null', length };
  if (type.kind === 'bool') return { layout: 'bool', length, validity: null, bits: bitsOf(values) };
  if (type.kind === 'utf8' || type.kind === 'binary') return joinedBytes(values as Uint8Array[]);
  const width = byteWidth(type)!;
  return { layout: 'fixed', length, validity: null, width, bytes: fixedBytes(type, width, values) };
}

function bitsOf(values: DecodedArray): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (values[i]) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

function joinedBytes(values: readonly Uint8Array[]): Vector {
  const offsets = new Int32Array(values.length + 1);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    total += values[i]!.length;
    offsets[i + 1] = total;
  }
  const data = new Uint8Array(total);
  for (let i = 0; i < values.length; i++) data.set(values[i]!, offsets[i]!);
  return { layout: 'bytes', length: values.length, validity: null, offsets, data };
}

function fixedBytes(type: DataType, width: number, values: DecodedArray): Uint8Array {
  if (type.kind === 'decimal') return decimals(values, width);
  if (type.kind === 'interval') return intervals(values as Uint8Array[]);
  if (!Array.isArray(values)) return narrowed(values, width);
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  values.forEach((value: Uint8Array | bigint, i) => {
    if (typeof value === 'bigint') view.setBigInt64(i * width, nanosecondsOf(value), true);
    else bytes.set(value.subarray(0, width), i * width);
  });
  return bytes;
}

/** Integers of 8 and 16 bits are stored as ones of 32. */
function narrowed(values: Exclude<DecodedArray, unknown[]>, width: number): Uint8Array {
  if (values.BYTES_PER_ELEMENT === width)
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const narrow = width === 1 ? new Int8Array(values.length) : new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) narrow[i] = Number(values[i]);
  return new Uint8Array(narrow.buffer);
}

/** INT96: nanoseconds of the day, and above them the day. */
function nanosecondsOf(int96: bigint): bigint {
  const day = (int96 >> 64n) - UNIX_EPOCH_JULIAN_DAYS;
  return BigInt.asIntN(64, day * NANOSECONDS_PER_DAY + (int96 & 0xffff_ffff_ffff_ffffn));
}

/** From integers, or from big-endian bytes, to little-endian ones; the sign fills what is not stored. */
function decimals(values: DecodedArray, width: number): Uint8Array {
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    const at = i * width;
    if (value instanceof Uint8Array) {
      bytes.fill((value[0] ?? 0) & 0x80 ? 0xff : 0, at, at + width);
      const sign = bytes[at]!;
      for (let b = 0; b < value.length; b++) {
        const byte = value[value.length - 1 - b]!;
        if (b < width) bytes[at + b] = byte;
        else if (byte !== sign) throw new TablecastError('bad_body', 'A decimal is too large for its type.');
      }
    } else {
      const integer = BigInt(value as number | bigint);
      view.setBigInt64(at, integer, true);
      bytes.fill(integer < 0n ? 0xff : 0, at + 8, at + width);
    }
  }
  return bytes;
}

/** Months, days and milliseconds, to months, days and nanoseconds. */
function intervals(values: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 16);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    const stored = new DataView(value.buffer, value.byteOffset, 12);
    bytes.set(value.subarray(0, 8), i * 16);
    view.setBigInt64(i * 16 + 8, BigInt(stored.getUint32(8, true)) * 1_000_000n, true);
  });
  return bytes;
}
