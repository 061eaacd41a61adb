import { isoTimestamp } from '../../../protocol/arrow/calendar.ts';
import type { CellValue } from '../../../protocol/arrow/cell-value.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import type { TimeZoneChoice } from '../state/grid-state.ts';

/** The zone that a column's times are shown in; null where they have none, for those are nowhere's. */
export function shownZone(type: DataType, choice: TimeZoneChoice): string | null {
  if (type.kind !== 'timestamp' || type.timezone === null) return null;
  if (choice === 'table') return type.timezone;
  return choice === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The type with which a column's header names its times' zone. */
export function shownType(type: DataType, choice: TimeZoneChoice): DataType {
  return type.kind === 'timestamp' ? { ...type, timezone: shownZone(type, choice) } : type;
}

/** A time in ISO 8601 with all its digits, in this zone; null where the value is none. */
export function timeText(value: CellValue, type: DataType, zone: string | null): string | null {
  if (type.kind !== 'timestamp' || typeof value !== 'bigint') return null;
  return isoTimestamp(value, type.unit, zone);
}
