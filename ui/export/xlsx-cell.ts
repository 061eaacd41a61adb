import { TICKS_PER_SECOND } from '../../protocol/arrow/calendar.ts';
import type { CellValue } from '../../protocol/arrow/cell-value.ts';
import type { DataType } from '../../protocol/arrow/data-type.ts';

/** Places in the list of cell formats of {@link XLSX_STYLES}. */
export const STYLE = { plain: 0, heading: 1, date: 2, moment: 3, time: 4 } as const;

/** A cell as a spreadsheet holds it. */
export type XlsxCell =
  | { readonly type: 'number'; readonly text: string; readonly style: number }
  | { readonly type: 'bool'; readonly isTrue: boolean }
  | { readonly type: 'text'; readonly text: string };

const DAY_MS = 86_400_000;
/** Days from the spreadsheet's day 0 to 1970-01-01. */
const EPOCH_DAY = 25_569;
/** Spreadsheets believe in 29 February 1900: dates are right from 1 March on, which is day 61, until the end of 9999. */
const FIRST_DAY = 61;
const END_DAY = 2_958_466;
/** Digits that a double keeps of any decimal number. */
const EXACT_DIGITS = 15;

/**
 * Spreadsheets calculate with doubles, and know dates down to milliseconds: what they would round stays text, with all its
 * digits, as do values of types that they do not have. Times with a zone are written in UTC.
 */
export function xlsxCell(type: DataType, value: CellValue, text: string): XlsxCell {
  switch (type.kind) {
    case 'bool':
      return { type: 'bool', isTrue: value === true };
    case 'int':
      return Number.isSafeInteger(Number(value)) ? number(text) : { type: 'text', text };
    case 'float':
      return Number.isFinite(value) ? number(text) : { type: 'text', text };
    case 'decimal':
      return text.replace(/\D/g, '').replace(/^0+/, '').length <= EXACT_DIGITS
        ? number(text)
        : { type: 'text', text };
    case 'date':
      return day(type.unit === 'day' ? Number(value) : Number(value) / DAY_MS, STYLE.date, text);
    case 'timestamp': {
      const ms = exactMs(value, TICKS_PER_SECOND[type.unit]);
      return ms === null ? { type: 'text', text } : day(ms / DAY_MS, STYLE.moment, text);
    }
    case 'time': {
      const ms = exactMs(value, TICKS_PER_SECOND[type.unit]);
      return ms === null ? { type: 'text', text } : number(String(ms / DAY_MS), STYLE.time);
    }
    default:
      return { type: 'text', text };
  }
}

function number(text: string, style: number = STYLE.plain): XlsxCell {
  return { type: 'number', text, style };
}

function day(daysSinceEpoch: number, style: number, text: string): XlsxCell {
  const serial = daysSinceEpoch + EPOCH_DAY;
  return serial >= FIRST_DAY && serial < END_DAY ? number(String(serial), style) : { type: 'text', text };
}

/** Null where the time is finer than milliseconds. */
function exactMs(value: CellValue, ticksPerSecond: bigint): number | null {
  if (typeof value !== 'bigint' && typeof value !== 'number') return null;
  const thousandfold = BigInt(value) * 1000n;
  return thousandfold % ticksPerSecond === 0n ? Number(thousandfold / ticksPerSecond) : null;
}
