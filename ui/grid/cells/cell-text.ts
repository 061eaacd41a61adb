import type { DataType } from '../../../protocol/arrow/data-type.ts';

/** A float's exact text is shown up to this length; longer ones are rounded, and the whole is in the cell's title. */
const EXACT_LENGTH = 9;

/**
 * The text a cell shows for a value's exact text. Only binary floats are ever shortened: whole numbers, decimals and
 * times keep every digit. The column's `format` metadata goes first, where it is one of `.2f`, `,.2f`, `,d`, `.1%`, `.3e`.
 */
export function shownText(exact: string, type: DataType, format: string | undefined): string {
  const isNumber = type.kind === 'float' || type.kind === 'int' || type.kind === 'decimal';
  if (!isNumber) return exact;
  if (format !== undefined) return formatted(exact, format) ?? exact;
  if (type.kind !== 'float' || exact.length <= EXACT_LENGTH) return exact;
  const value = Number(exact);
  if (!Number.isFinite(value)) return exact;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return exact;
  if (size < 1e-3 || size >= 1e15) return value.toExponential(4);
  if (size < 0.1) return value.toPrecision(4);
  return value.toFixed(size < 1000 ? 4 : 2);
}

const FORMAT = /^(,?)(?:\.(\d{1,2}))?([fde%])$/;

function formatted(exact: string, format: string): string | null {
  const match = FORMAT.exec(format);
  const value = Number(exact);
  if (match === null || !Number.isFinite(value)) return null;
  const digits = match[2] === undefined ? 2 : Number(match[2]);
  switch (match[3]) {
    case 'f':
      return match[1] === ',' ? grouped(value.toFixed(digits)) : value.toFixed(digits);
    case 'e':
      return value.toExponential(digits);
    case '%':
      return `${(value * 100).toFixed(match[2] === undefined ? 0 : digits)} %`;
    default:
      return match[1] === ',' ? grouped(exact) : exact;
  }
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
