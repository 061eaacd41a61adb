const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** More than any type holds: decimal256 has 76. */
const MAX_DIGITS = 100;

/**
 * A number's text as an integer of units of 10^-scale, exactly; null where the text is no number, has digits below that unit, or is too
 * large for any type.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  let digits = whole + fraction;
  if (digits === '') return null;
  const shift = Number(exponent) - fraction.length + scale;
  digits = digits.replace(/^0+/, '');
  if (digits === '') return 0n;
  if (shift < 0) {
    const kept = Math.max(digits.length + shift, 0);
    if (/[1-9]/.test(digits.slice(kept))) return null;
    digits = digits.slice(0, kept);
    if (digits === '') return 0n;
  }
  if (digits.length + Math.max(shift, 0) > MAX_DIGITS) return null;
  const value = BigInt(digits + '0'.repeat(Math.max(shift, 0)));
  return sign === '-' ? -value : value;
}
