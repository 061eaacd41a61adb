/** What was seen in a column, as bits. */
export const SEEN = {
  integer: 1,
  negative: 2,
  /** Beyond int64, within uint64. */
  unsigned: 4,
  /** Beyond 64 bits. */
  huge: 8,
  float: 16,
  bool: 32,
  text: 64,
  /** CSV's `""`. */
  empty: 128,
} as const;

const MAX_INT64 = '9223372036854775807';
const MIN_INT64 = '9223372036854775808';
const MAX_UINT64 = '18446744073709551615';
/** Shorter integers fit int64 whatever their digits. */
const SAFE_DIGITS = 18;

const WORDS = new Map<string, number>([
  ...['true', 'True', 'TRUE', 'false', 'False', 'FALSE'].map((word) => [word, SEEN.bool] as const),
  ...['nan', 'inf', '-inf', '+inf', 'infinity', '-infinity', '+infinity'].map(
    (word) => [word, SEEN.float] as const,
  ),
]);
const MAX_WORD_BYTES = 9;

/** What a CSV cell's text looks like; white space around it does not count. */
export function classifyText(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  let to = end;
  while (from < to && isBlank(bytes[from]!)) from++;
  while (to > from && isBlank(bytes[to - 1]!)) to--;
  let at = from;
  if (at < to && (bytes[at] === 0x2d || bytes[at] === 0x2b)) at++;
  const whole = endOfDigits(bytes, at, to);
  if (whole === to && whole > at) return classifyInteger(bytes, from, to);
  let digits = whole - at;
  at = whole;
  if (at < to && bytes[at] === 0x2e) {
    const fraction = endOfDigits(bytes, at + 1, to);
    digits += fraction - at - 1;
    at = fraction;
  }
  if (digits === 0) return classifyWord(bytes, from, to);
  if (at < to && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < to && (bytes[at] === 0x2d || bytes[at] === 0x2b)) at++;
    const exponent = endOfDigits(bytes, at, to);
    if (exponent === at) return SEEN.text;
    at = exponent;
  }
  return at === to ? SEEN.float : SEEN.text;
}

/** An integer, its sign included, by the type that holds it. */
export function classifyInteger(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative || bytes[at] === 0x2b) at++;
  while (at < end - 1 && bytes[at] === 0x30) at++;
  const sign = isNegative ? SEEN.integer | SEEN.negative : SEEN.integer;
  if (end - at <= SAFE_DIGITS) return sign;
  if (isAtMost(bytes, at, end, isNegative ? MIN_INT64 : MAX_INT64)) return sign;
  return !isNegative && isAtMost(bytes, at, end, MAX_UINT64) ? sign | SEEN.unsigned : sign | SEEN.huge;
}

function isAtMost(bytes: Uint8Array, start: number, end: number, limit: string): boolean {
  if (end - start !== limit.length) return end - start < limit.length;
  for (let i = 0; i < limit.length; i++) {
    const difference = bytes[start + i]! - limit.charCodeAt(i);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

function classifyWord(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_WORD_BYTES) return SEEN.text;
  const word = String.fromCharCode(...bytes.subarray(start, end));
  return WORDS.get(word) ?? (WORDS.get(word.toLowerCase()) === SEEN.float ? SEEN.float : SEEN.text);
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
