import { isoTimestamp, TICKS_PER_SECOND } from '../arrow/calendar.ts';
import type { DataType, TimeUnit } from '../arrow/data-type.ts';

/** An exact number: `numerator / denominator`, the latter above 0. */
interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Where a value lies among a column's whole numbers: at `floor`, or between that and the next one. */
export interface Bound {
  readonly floor: bigint;
  readonly isExact: boolean;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const DATE = /^([+-]?\d{4,6})-(\d{2})-(\d{2})(?:[T ](.+?))?$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,18}))?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const MS_PER_DAY = 86_400_000n;

/** The text as a value of the column, in units of its last digit or tick; null for what is none. Written as `Filter` of the page says: decimal numbers, ISO 8601 times. */
export function parseBound(type: DataType, text: string): Bound | null {
  const value = parseTicks(type, text.trim());
  if (value === null) return null;
  const { numerator, denominator } = value;
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  return { floor: rest < 0n ? quotient - 1n : quotient, isExact: rest === 0n };
}

/** A decimal number, or an infinity, as the nearest double; null for what is none. */
export function parseDouble(text: string): number | null {
  const trimmed = text.trim();
  const infinity = /^([+-]?)inf(inity)?$/i.exec(trimmed);
  if (infinity !== null) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return parseDecimal(trimmed) === null ? null : Number(trimmed);
}

function parseTicks(type: DataType, text: string): Fraction | null {
  switch (type.kind) {
    case 'int':
      return parseDecimal(text);
    case 'decimal':
      return scaled(parseDecimal(text), 10n ** BigInt(Math.abs(type.scale)), type.scale < 0);
    case 'date':
      return type.unit === 'ms' ? parseTime(text, 'ms', null) : perDay(parseTime(text, 'ms', null));
    case 'timestamp':
      return parseTime(text, type.unit, type.timezone);
    case 'time':
      return scaled(parseClock(text)?.seconds ?? null, TICKS_PER_SECOND[type.unit]);
    case 'duration':
      return scaled(parseDecimal(text), TICKS_PER_SECOND[type.unit]);
    default:
      return null;
  }
}

function scaled(value: Fraction | null, factor: bigint, divides = false): Fraction | null {
  if (value === null) return null;
  return divides
    ? { numerator: value.numerator, denominator: value.denominator * factor }
    : { numerator: value.numerator * factor, denominator: value.denominator };
}

function perDay(milliseconds: Fraction | null): Fraction | null {
  return scaled(milliseconds, MS_PER_DAY, true);
}

function parseDecimal(text: string): Fraction | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', digits = '', exponent = '0'] = match;
  if (whole === '' && digits === '') return null;
  const unscaled = BigInt(`${whole}${digits}`) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - digits.length;
  const factor = 10n ** BigInt(Math.abs(power));
  return power < 0
    ? { numerator: unscaled, denominator: factor }
    : { numerator: unscaled * factor, denominator: 1n };
}

/** A date, with or without a time of day; a number is Unix milliseconds. Without an offset it is of the column's own zone. */
function parseTime(text: string, unit: TimeUnit, timezone: string | null): Fraction | null {
  const perSecond = TICKS_PER_SECOND[unit];
  const number = parseDecimal(text);
  if (number !== null) return scaled(scaled(number, perSecond), 1000n, true);
  const match = DATE.exec(text);
  if (match === null) return null;
  const clock = parseClock(match[4] ?? '00:00');
  const days = daysOf(Number(match[1]), Number(match[2]), Number(match[3]));
  if (clock === null || days === null) return null;
  const local = clock.seconds.numerator + days * 86_400n * clock.seconds.denominator;
  const localSeconds = local / clock.seconds.denominator;
  const offset = clock.offsetSeconds ?? offsetOf(localSeconds, timezone);
  return {
    numerator: (local - offset * clock.seconds.denominator) * perSecond,
    denominator: clock.seconds.denominator,
  };
}

function parseClock(text: string): { seconds: Fraction; offsetSeconds: bigint | null } | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  const [, hours, minutes, seconds = '00', digits = '', zone] = match;
  if (Number(hours) > 24 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  const whole = BigInt(hours!) * 3600n + BigInt(minutes!) * 60n + BigInt(seconds);
  const denominator = 10n ** BigInt(digits.length);
  const numerator = whole * denominator + BigInt(digits === '' ? 0 : digits);
  return {
    seconds: { numerator, denominator },
    offsetSeconds: zone === undefined ? null : offsetSeconds(zone),
  };
}

function offsetSeconds(zone: string): bigint {
  if (/^z$/i.test(zone)) return 0n;
  const minutes = BigInt(zone.slice(1, 3)) * 60n + BigInt(zone.slice(-2));
  return (zone.startsWith('-') ? -60n : 60n) * minutes;
}

function daysOf(year: number, month: number, day: number): bigint | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isThatDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isThatDay ? BigInt(date.getTime()) / MS_PER_DAY : null;
}

/** How far the zone is ahead of UTC at that local time, which is asked for as if it were UTC, then once more. */
function offsetOf(localSeconds: bigint, timezone: string | null): bigint {
  let offset = 0n;
  for (let turn = 0; turn < 2 && timezone !== null; turn++) {
    const zone = /(Z|[+-]\d{2}:\d{2})$/.exec(isoTimestamp(localSeconds - offset, 's', timezone))?.[1];
    offset = zone === undefined ? 0n : offsetSeconds(zone);
  }
  return offset;
}
