import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoDate, isoDuration, isoTime, isoTimestamp } from '../../../protocol/arrow/calendar.ts';
import type { TimeUnit } from '../../../protocol/arrow/data-type.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const DATE_LIMIT_MS = 8.64e15;

describe('a date', () => {
  test.each([
    [0n, '1970-01-01'],
    [-1n, '1969-12-31'],
    [59n, '1970-03-01'],
    [11_016n, '2000-02-29'],
    [-719_528n, '0000-01-01'],
    [-719_529n, '-000001-12-31'],
    [2_932_896n, '9999-12-31'],
    [2_932_897n, '+010000-01-01'],
    [2n ** 31n - 1n, '+5881580-07-11'],
    [-(2n ** 31n), '-5877641-06-23'],
  ])('%i days from 1970 is %s', (days, text) => {
    expect(isoDate(days)).toBe(text);
  });

  test('is the day that the platform says, wherever the platform knows days', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        expect(isoDate(BigInt(days))).toBe(new Date(days * 86_400_000).toISOString().split('T')[0]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a time of day', () => {
  test.each<[bigint, TimeUnit, string]>([
    [0n, 's', '00:00:00'],
    [86_399n, 's', '23:59:59'],
    [1n, 'ms', '00:00:00.001'],
    [86_399_999_999n, 'us', '23:59:59.999999'],
    [86_399_999_999_999n, 'ns', '23:59:59.999999999'],
    [1_000_000_000n, 'ns', '00:00:01.000000000'],
  ])('%i %s is %s', (ticks, unit, text) => {
    expect(isoTime(ticks, unit)).toBe(text);
  });
});

describe('a timestamp without a zone', () => {
  test.each<[bigint, TimeUnit, string]>([
    [0n, 's', '1970-01-01T00:00:00'],
    [-1n, 's', '1969-12-31T23:59:59'],
    [-1n, 'ms', '1969-12-31T23:59:59.999'],
    [-1n, 'ns', '1969-12-31T23:59:59.999999999'],
    [1_700_000_000_123_456_789n, 'ns', '2023-11-14T22:13:20.123456789'],
    [MAX_INT64, 'ns', '2262-04-11T23:47:16.854775807'],
    [MIN_INT64, 'ns', '1677-09-21T00:12:43.145224192'],
    [MAX_INT64, 'us', '+294247-01-10T04:00:54.775807'],
    [MAX_INT64, 's', '+292277026596-12-04T15:30:07'],
    [MIN_INT64, 's', '-292277022657-01-27T08:29:52'],
  ])('%i %s is %s', (ticks, unit, text) => {
    expect(isoTimestamp(ticks, unit, null)).toBe(text);
  });

  test('is what the platform says, wherever the platform knows times', () => {
    fc.assert(
      fc.property(fc.integer({ min: -DATE_LIMIT_MS, max: DATE_LIMIT_MS }), (ms) => {
        expect(`${isoTimestamp(BigInt(ms), 'ms', null)}Z`).toBe(new Date(ms).toISOString());
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a timestamp with a zone', () => {
  const seconds = (iso: string) => BigInt(Date.parse(iso)) / 1000n;
  test.each([
    ['UTC', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00Z'],
    ['Z', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00Z'],
    ['Etc/UTC', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00Z'],
    ['+00:00', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00Z'],
    ['+05:30', '2026-07-01T20:00:00Z', '2026-07-02T01:30:00+05:30'],
    ['-0330', '2026-01-01T00:00:00Z', '2025-12-31T20:30:00-03:30'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T05:45:00+05:45'],
    ['Asia/Tokyo', '2026-07-01T12:00:00Z', '2026-07-01T21:00:00+09:00'],
    ['Europe/London', '2026-01-01T12:00:00Z', '2026-01-01T12:00:00+00:00'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29T23:59:59-10:00'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00+14:00'],
    ['Not/AZone', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00+00:00'],
  ])('%s at %s is %s', (zone, instant, text) => {
    expect(isoTimestamp(seconds(instant), 's', zone)).toBe(text);
  });

  test.each([
    ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59+01:00'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T02:30:00+02:00'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00+01:00'],
    ['America/New_York', '2026-03-08T06:59:59Z', '2026-03-08T01:59:59-05:00'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08T03:00:00-04:00'],
    ['Australia/Lord_Howe', '2026-04-04T14:59:59Z', '2026-04-05T01:59:59+11:00'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05T01:30:00+10:30'],
  ])('%s changes its clocks: %s is %s', (zone, instant, text) => {
    expect(isoTimestamp(seconds(instant), 's', zone)).toBe(text);
  });

  test('keeps all digits across a change of clocks and before 1970', () => {
    const change = seconds('2026-03-29T01:00:00Z') * 1_000_000_000n;
    expect(isoTimestamp(change - 1n, 'ns', 'Europe/Berlin')).toBe('2026-03-29T01:59:59.999999999+01:00');
    expect(isoTimestamp(change, 'ns', 'Europe/Berlin')).toBe('2026-03-29T03:00:00.000000000+02:00');
    expect(isoTimestamp(-1n, 'ns', 'Asia/Tokyo')).toBe('1970-01-01T08:59:59.999999999+09:00');
  });

  test('is the same instant, whatever the zone and whatever was asked before', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'America/St_Johns',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Africa/Monrovia',
      'America/Caracas',
    );
    fc.assert(
      fc.property(zone, fc.integer({ min: -5_000_000_000, max: 10_000_000_000 }), (timezone, at) => {
        expect(Date.parse(isoTimestamp(BigInt(at), 's', timezone))).toBe(at * 1000);
      }),
      { numRuns: 5000 },
    );
  });

  test('beyond the years that the platform knows counts as UTC', () => {
    expect(isoTimestamp(MAX_INT64, 's', 'Asia/Tokyo')).toBe('+292277026596-12-04T15:30:07+00:00');
  });
});

describe('a duration', () => {
  test.each<[bigint, TimeUnit, string]>([
    [0n, 's', 'PT0S'],
    [1500n, 'ms', 'PT1.500S'],
    [-1n, 'ns', '-PT0.000000001S'],
    [90_061n, 's', 'PT90061S'],
    [MIN_INT64, 'ns', '-PT9223372036.854775808S'],
    [MIN_INT64, 's', '-PT9223372036854775808S'],
    [MAX_INT64, 'us', 'PT9223372036854.775807S'],
  ])('%i %s is %s', (ticks, unit, text) => {
    expect(isoDuration(ticks, unit)).toBe(text);
  });
});
