import { TICKS_PER_SECOND, UNIT_DIGITS } from '../arrow/calendar.ts';
import type { TimeUnit } from '../arrow/data-type.ts';

const DATE = '([+-]\\d{4,12}|\\d{4})-(\\d{2})-(\\d{2})';
const TIME = '(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,18}))?)?';
const DATE_ONLY = new RegExp(`^${DATE}$`);
const TIME_ONLY = new RegExp(`^${TIME}$`);
const TIMESTAMP = new RegExp(`^${DATE}(?:[T ]${TIME} ?(Z|[+-]\\d{2}(?::?\\d{2})?)?)?$`);
const DURATION =
  /^([+-]?)P(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,19})(?:\.(\d{1,18}))?S)?)?$/;
const DAYS_PER_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** An ISO 8601 date as days since 1970-01-01, any year of the proleptic Gregorian calendar; null where it is none. */
export function parseDate(text: string): bigint | null {
  const match = DATE_ONLY.exec(text);
  return match === null ? null : daysOf(match[1]!, match[2]!, match[3]!);
}

/** `hh:mm:ss` with as many digits as the unit has, or fewer, as ticks since midnight; null where it is no such time. */
export function parseTime(text: string, unit: TimeUnit): bigint | null {
  const match = TIME_ONLY.exec(text);
  return match === null ? null : ticksOf(match[1]!, match[2]!, match[3] ?? '00', match[4] ?? '', unit);
}

/**
 * An ISO 8601 timestamp, `T` or a space between date and time, as ticks since 1970; a date alone is its midnight. One with an offset from
 * UTC is a timestamp of a type with a zone, one without an offset of a type without.
 *
 * @returns null where it is no such timestamp, or has digits below the unit
 */
export function parseTimestamp(text: string, unit: TimeUnit, hasZone: boolean): bigint | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    offset,
  ] = match;
  if ((offset !== undefined) !== hasZone) return null;
  const days = daysOf(year, month, day);
  const ticks = ticksOf(hour, minute, second, fraction, unit);
  const offsetMinutes = offsetOf(offset ?? 'Z');
  if (days === null || ticks === null || offsetMinutes === null) return null;
  return (days * 86_400n - offsetMinutes * 60n) * TICKS_PER_SECOND[unit] + ticks;
}

/** An ISO 8601 duration of days, hours, minutes and seconds as ticks; null where it is none, or has digits below the unit. */
export function parseDuration(text: string, unit: TimeUnit): bigint | null {
  const match = DURATION.exec(text);
  if (match === null || text.endsWith('P')) return null;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const part = fractionOf(fraction, unit);
  if (part === null) return null;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * TICKS_PER_SECOND[unit] + part;
  return sign === '-' ? -ticks : ticks;
}

/** Source: "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
function daysOf(yearText: string, monthText: string, dayText: string): bigint | null {
  const year = BigInt(yearText.replace('+', ''));
  const month = Number(monthText);
  const day = Number(dayText);
  if (month < 1 || month > 12 || day < 1 || day > DAYS_PER_MONTH[month - 1]!) return null;
  const isLeap = year % 4n === 0n && (year % 100n !== 0n || year % 400n === 0n);
  if (month === 2 && day === 29 && !isLeap) return null;
  const shiftedYear = month <= 2 ? year - 1n : year;
  const era = (shiftedYear >= 0n ? shiftedYear : shiftedYear - 399n) / 400n;
  const yearOfEra = shiftedYear - era * 400n;
  const shiftedMonth = BigInt((month + 9) % 12);
  const dayOfYear = (153n * shiftedMonth + 2n) / 5n + BigInt(day) - 1n;
  const dayOfEra = yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear;
  return era * 146_097n + dayOfEra - 719_468n;
}

function ticksOf(
  hour: string,
  minute: string,
  second: string,
  fraction: string,
  unit: TimeUnit,
): bigint | null {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const part = fractionOf(fraction, unit);
  if (h > 23 || m > 59 || s > 59 || part === null) return null;
  return BigInt(h * 3600 + m * 60 + s) * TICKS_PER_SECOND[unit] + part;
}

function fractionOf(fraction: string, unit: TimeUnit): bigint | null {
  const digits = UNIT_DIGITS[unit];
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  return BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0');
}

function offsetOf(offset: string): bigint | null {
  if (offset === 'Z') return 0n;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return null;
  const total = BigInt(hours * 60 + minutes);
  return offset.startsWith('-') ? -total : total;
}
