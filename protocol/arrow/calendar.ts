import type { TimeUnit } from './data-type.ts';

/** Fractional digits of a unit, and its ticks per second. */
export const UNIT_DIGITS: Record<TimeUnit, number> = { s: 0, ms: 3, us: 6, ns: 9 };
export const TICKS_PER_SECOND: Record<TimeUnit, bigint> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

const SECONDS_PER_DAY = 86_400n;

/**
 * A day count since 1970-01-01 as ISO 8601 in the proleptic Gregorian calendar, any year.
 * Source: "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
 */
export function isoDate(days: bigint): string {
  const shifted = days + 719_468n;
  const era = floorDiv(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1_460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n;
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return `${isoYear(year)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isoYear(year: bigint): string {
  if (year >= 0n && year <= 9999n) return String(year).padStart(4, '0');
  return `${year < 0n ? '-' : '+'}${String(year < 0n ? -year : year).padStart(6, '0')}`;
}

/** Ticks since midnight as `hh:mm:ss` with all the unit's digits. */
export function isoTime(ticks: bigint, unit: TimeUnit): string {
  const perSecond = TICKS_PER_SECOND[unit];
  const seconds = ticks / perSecond;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const digits = UNIT_DIGITS[unit];
  return digits === 0 ? clock : `${clock}.${String(ticks % perSecond).padStart(digits, '0')}`;
}

/** A timestamp as ISO 8601 with all the unit's digits; with a zone the local time there and its offset, `Z` for UTC. */
export function isoTimestamp(ticks: bigint, unit: TimeUnit, timezone: string | null): string {
  if (timezone === null) return isoLocal(ticks, unit);
  const offsetMinutes = zoneOffsetMinutes(ticks, unit, timezone);
  const local = isoLocal(ticks + BigInt(offsetMinutes) * 60n * TICKS_PER_SECOND[unit], unit);
  return `${local}${isoOffset(offsetMinutes, timezone)}`;
}

function isoLocal(ticks: bigint, unit: TimeUnit): string {
  const perDay = SECONDS_PER_DAY * TICKS_PER_SECOND[unit];
  const days = floorDiv(ticks, perDay);
  return `${isoDate(days)}T${isoTime(ticks - days * perDay, unit)}`;
}

function isoOffset(minutes: number, timezone: string): string {
  if (minutes === 0 && /^(UTC|Z|GMT|Etc\/UTC|[+-]00:?00)$/i.test(timezone)) return 'Z';
  const absolute = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

/** ISO 8601 duration in seconds, all digits: `PT1.500S`. */
export function isoDuration(ticks: bigint, unit: TimeUnit): string {
  const perSecond = TICKS_PER_SECOND[unit];
  const absolute = ticks < 0n ? -ticks : ticks;
  const digits = UNIT_DIGITS[unit];
  const fraction = digits === 0 ? '' : `.${String(absolute % perSecond).padStart(digits, '0')}`;
  return `${ticks < 0n ? '-' : ''}PT${absolute / perSecond}${fraction}S`;
}

interface ZoneCache {
  readonly format: Intl.DateTimeFormat | null;
  quarterHour: number;
  offsetMinutes: number;
}
const FIXED_OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

/** Minutes that the zone is ahead of UTC then; zones that the platform does not know, and years beyond its calendar, count as UTC. */
function zoneOffsetMinutes(ticks: bigint, unit: TimeUnit, timezone: string): number {
  const fixed = FIXED_OFFSET.exec(timezone);
  if (fixed !== null) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3]));
  const zone = zoneOf(timezone);
  const epochMs = Number(floorDiv(ticks * 1000n, TICKS_PER_SECOND[unit]));
  if (zone.format === null || Math.abs(epochMs) > 8.64e15) return 0;
  // Offsets change at quarter hours at the finest; one look-up serves all values of the same quarter.
  const quarter = Math.floor(epochMs / 900_000);
  if (zone.quarterHour !== quarter) {
    zone.quarterHour = quarter;
    zone.offsetMinutes = offsetFromParts(zone.format, quarter * 900_000);
  }
  return zone.offsetMinutes;
}

const zones = new Map<string, ZoneCache>();
const MAX_ZONES = 1000;

function zoneOf(timezone: string): ZoneCache {
  const known = zones.get(timezone);
  if (known !== undefined) return known;
  if (zones.size >= MAX_ZONES) zones.clear();
  const zone = { format: zoneFormat(timezone), quarterHour: Number.NaN, offsetMinutes: 0 };
  zones.set(timezone, zone);
  return zone;
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
}

function offsetFromParts(format: Intl.DateTimeFormat, epochMs: number): number {
  const name = format.formatToParts(epochMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const offset = /([+-])(\d{2}):(\d{2})/.exec(name);
  return offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
