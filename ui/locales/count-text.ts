const NARROW_SPACE = '\u202f';

/** A whole number grouped by a narrow space, which no locale reads as a decimal mark. */
export function countText(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}

export interface AgeUnits {
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
}

/** An age in one unit, coarser the older. */
export function ageText(ms: number, units: AgeUnits): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} ${units.seconds}`;
  if (seconds < 120) return `${Math.round(seconds)} ${units.seconds}`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} ${units.minutes}`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} ${units.hours}`;
  return `${Math.round(seconds / 86_400)} ${units.days}`;
}
