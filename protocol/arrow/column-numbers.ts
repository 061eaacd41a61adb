import { TICKS_PER_SECOND } from './calendar.ts';
import { cellValue } from './cell-value.ts';
import type { DataType } from './data-type.ts';
import { bitAt, type FixedVector, isNull, type Vector } from './vector.ts';

/** The first `count` rows as floats, for charts and statistics: NaN where there is no number; times as epoch milliseconds. */
export function columnNumbers(
  type: DataType,
  vector: Vector | undefined,
  count: number,
  into: Float64Array,
): void {
  if (vector?.layout === 'fixed' && fillFast(type, vector, count, into)) return;
  const toMs = millisecondsPerTick(type);
  for (let i = 0; i < count; i++) {
    const value = isNull(vector, i) ? null : cellValue(type, vector, i);
    into[i] =
      value === null || typeof value === 'object'
        ? Number.NaN
        : type.kind === 'utf8'
          ? Number.NaN
          : Number(value) * toMs;
  }
}

function millisecondsPerTick(type: DataType): number {
  switch (type.kind) {
    case 'date':
      return type.unit === 'day' ? 86_400_000 : 1;
    case 'time':
    case 'timestamp':
    case 'duration':
      return 1000 / Number(TICKS_PER_SECOND[type.unit]);
    default:
      return 1;
  }
}

/** The common types, without a call per value. */
function fillFast(type: DataType, vector: FixedVector, count: number, into: Float64Array): boolean {
  const { bytes, validity } = vector;
  if (type.kind === 'float' && type.bits >= 32) {
    const source =
      type.bits === 64
        ? new Float64Array(bytes.buffer, bytes.byteOffset, count)
        : new Float32Array(bytes.buffer, bytes.byteOffset, count);
    into.set(source);
  } else if (type.kind === 'int' && type.bits === 32) {
    into.set(
      type.signed
        ? new Int32Array(bytes.buffer, bytes.byteOffset, count)
        : new Uint32Array(bytes.buffer, bytes.byteOffset, count),
    );
  } else if (type.kind === 'timestamp' || (type.kind === 'int' && type.bits === 64 && type.signed)) {
    const toMs = millisecondsPerTick(type);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, count * 2);
    for (let i = 0; i < count; i++) into[i] = (words[i * 2 + 1]! * 2 ** 32 + (words[i * 2]! >>> 0)) * toMs;
  } else return false;
  if (validity !== null) for (let i = 0; i < count; i++) if (!bitAt(validity, i)) into[i] = Number.NaN;
  return true;
}
