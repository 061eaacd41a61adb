import { isoDuration } from '../../../protocol/arrow/calendar.ts';
import { cellText } from '../../../protocol/arrow/cell-text.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import type { AggregateFunction } from './view-spec.ts';

export interface AggregateValue {
  /** Times and durations in the type's units, decimals as the nearest double; null where there is nothing to aggregate. */
  readonly value: number | bigint | null;
  /** As a cell would read, all digits of exact results. */
  readonly text: string | null;
}

export const NO_AGGREGATE: AggregateValue = { value: null, text: null };
const DOUBLE: DataType = { kind: 'float', bits: 64 };

/** A result for people; decimals come as they are stored, without their point. */
export function aggregateValue(
  type: DataType,
  fn: AggregateFunction,
  result: number | bigint,
): AggregateValue {
  if (fn === 'count') return { value: result, text: String(result) };
  if (type.kind === 'decimal') return decimalValue(result, type.scale);
  if (fn === 'mean' && (type.kind === 'int' || type.kind === 'float')) return doubleValue(Number(result));
  if (type.kind === 'float') return fn === 'sum' ? doubleValue(Number(result)) : floatValue(type, result);
  if (type.kind === 'int') return { value: result, text: String(result) };
  if (type.kind === 'duration') return { value: result, text: isoDuration(BigInt(result), type.unit) };
  return { value: result, text: timeText(type, result) };
}

/** The mean of `count` values with this sum: a double, of times the tick at or before it. */
export function meanOf(type: DataType, sum: number | bigint, count: number): number | bigint {
  if (type.kind === 'int' || type.kind === 'float' || type.kind === 'decimal') {
    if (typeof sum === 'number') return sum / count;
    // The whole part apart from the rest, so that large sums lose no more than the last bit.
    const whole = sum / BigInt(count);
    return Number(whole) + Number(sum - whole * BigInt(count)) / count;
  }
  const total = BigInt(sum);
  const quotient = total / BigInt(count);
  const tick = total % BigInt(count) < 0n ? quotient - 1n : quotient;
  return typeof sum === 'number' ? Number(tick) : tick;
}

function doubleValue(value: number): AggregateValue {
  return { value, text: textOf(DOUBLE, new Float64Array([value])) };
}

function floatValue(type: DataType & { kind: 'float' }, result: number | bigint): AggregateValue {
  const value = Number(result);
  const text =
    type.bits === 32 ? textOf(type, new Float32Array([value])) : textOf(DOUBLE, new Float64Array([value]));
  return { value, text };
}

function textOf(
  type: DataType,
  values: Float32Array | Float64Array | Int32Array | BigInt64Array,
): string | null {
  const bytes = new Uint8Array(values.buffer);
  return cellText(type, { layout: 'fixed', length: 1, validity: null, width: bytes.length, bytes }, 0);
}

function timeText(type: DataType, result: number | bigint): string | null {
  return typeof result === 'bigint'
    ? textOf(type, new BigInt64Array([result]))
    : textOf(type, new Int32Array([result]));
}

function decimalValue(result: number | bigint, scale: number): AggregateValue {
  if (typeof result === 'number' && !Number.isInteger(result)) return doubleValue(result / 10 ** scale);
  const text = pointed(BigInt(result), scale);
  return { value: Number(text), text };
}

/** The digits with the decimal point `scale` digits from their right end. */
function pointed(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
