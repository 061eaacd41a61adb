/** Powers of ten that a float64 has exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** So many digits are exact in a float64, whatever they are. */
const HIGH_DIGITS = 15;
const MAX_LOW_DIGITS = 7;
/** Splits a float64 into two of 26 bits each. */
const SPLITTER = 2 ** 27 + 1;
/** Far more than what is lost on the way, which is about 2^-104 of the value. */
const MAX_ERROR = 2 ** -100;

/**
 * The float64 nearest to the decimal that the ASCII digits (and one point) from `start` to `end` say: of 16 to 22 digits, a quotient of two
 * numbers that pairs of floats hold exactly (Dekker, "A floating-point technique for extending the available precision", 1971).
 *
 * @returns NaN where it has other digits, or is so near to the middle of two floats that this cannot tell
 */
export function nearestFloat(bytes: Uint8Array, start: number, end: number): number {
  let high = 0;
  let low = 0;
  let digits = 0;
  let scale = 0;
  let isFraction = false;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0) {
      isFraction = true;
      continue;
    }
    if (isFraction) scale++;
    if (digit === 0 && digits === 0) continue;
    if (++digits <= HIGH_DIGITS) high = high * 10 + digit;
    else low = low * 10 + digit;
  }
  const lowDigits = digits - HIGH_DIGITS;
  if (lowDigits <= 0 || lowDigits > MAX_LOW_DIGITS || scale >= POWERS_OF_TEN.length) return Number.NaN;
  return quotient(high, POWERS_OF_TEN[lowDigits]!, low, POWERS_OF_TEN[scale]!);
}

/** (high * power + low) / divisor, rounded once. */
function quotient(high: number, power: number, low: number, divisor: number): number {
  const product = high * power;
  const rest = productError(high, power, product) + low;
  const dividend = product + rest;
  const dividendRest = rest - (dividend - product);
  const first = dividend / divisor;
  const back = first * divisor;
  const second = (dividend - back - productError(first, divisor, back) + dividendRest) / divisor;
  const error = first * MAX_ERROR;
  const below = first + (second - error);
  return below === first + (second + error) ? below : Number.NaN;
}

/** What a product lost when it was rounded, exactly. */
function productError(a: number, b: number, product: number): number {
  const aHigh = highPart(a);
  const bHigh = highPart(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

function highPart(value: number): number {
  const scaled = value * SPLITTER;
  return scaled - (scaled - value);
}
