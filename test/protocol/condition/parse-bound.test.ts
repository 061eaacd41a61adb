import { describe, expect, test } from 'vitest';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { parseBound, parseDouble } from '../../../protocol/condition/parse-bound.ts';
import { types } from '../../ui/grid/row-view/vectors.ts';

const zoned = (timezone: string | null, unit: 's' | 'us' = 's'): DataType => ({
  kind: 'timestamp',
  unit,
  timezone,
});
const nineThirtyMs = 1_795_253_400_000n;

describe('the text of a value', () => {
  test.each<[string, DataType, bigint, boolean]>([
    ['9223372036854775807', types.int64, 9223372036854775807n, true],
    [' -1.5 ', types.int64, -2n, false],
    ['1e3', types.int32, 1000n, true],
    ['.5', types.int32, 0n, false],
    ['1.50', types.decimal, 150n, true],
    ['1.505', types.decimal, 150n, false],
    ['2', { kind: 'decimal', precision: 5, scale: -2, bits: 32 }, 0n, false],
    ['2026-11-21T09:30', types.timestamp, nineThirtyMs * 1_000_000n, true],
    ['2026-11-21 09:30:00.000000001Z', types.timestamp, nineThirtyMs * 1_000_000n + 1n, true],
    ['2026-11-21T11:30:00+02:00', types.timestamp, nineThirtyMs * 1_000_000n, true],
    ['2026-11-21T04:30:00', zoned('America/New_York'), nineThirtyMs / 1000n, true],
    ['2026-07-01', zoned('Europe/Berlin'), 1_782_856_800n, true],
    ['2026-11-21T09:30:00.0000005', zoned(null, 'us'), nineThirtyMs * 1000n, false],
    ['1.5', types.timestamp, 1_500_000n, true],
    ['1969-12-31', types.date, -1n, true],
    ['-1', types.date, -1n, false],
    ['-271821-04-20', { kind: 'date', unit: 'ms' }, -8_640_000_000_000_000n, true],
    ['09:30:00.25', { kind: 'time', unit: 'ms' }, 34_200_250n, true],
    ['2.5', { kind: 'duration', unit: 'ms' }, 2500n, true],
  ])('%j of a column %o is read exactly', (text, type, floor, isExact) => {
    expect(parseBound(type, text)).toEqual({ floor, isExact });
  });

  test.each<[string, DataType]>([
    ['', types.int64],
    ['.', types.int64],
    ['1e9999', types.int64],
    ['0x10', types.int64],
    ['abc', types.decimal],
    ['2026-02-30', types.timestamp],
    ['2026-13-01', types.date],
    ['2026-11-21T25:00', types.timestamp],
    ['9:30', { kind: 'time', unit: 's' }],
    ['1', types.utf8],
  ])('%j of a column %o is none', (text, type) => {
    expect(parseBound(type, text)).toBeNull();
  });

  test.each([
    ['1.5', 1.5],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['1e300', 1e300],
    ['NaN', null],
    ['1,5', null],
  ])('%j as a double is %d', (text, value) => {
    expect(parseDouble(text)).toBe(value);
  });
});
