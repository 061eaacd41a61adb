import type { ByteSink } from './byte-sink.ts';

/**
 * Keys of texts: bytes whose order is a natural order of the texts, the same in every browser and language.
 *
 * Texts are compared letter by letter without regard to case and accents, runs of digits by their number; where that leaves
 * them equal by accents, then by case, small letters first. Of printable ASCII it is the order of the Unicode collation's
 * root with numbers (UTS #10 and #35, `kn`); letters of other scripts follow in the order of their code points. Control
 * characters and leading zeros do not count.
 *
 * Layout: weights of letters ≥ 2, then where they differ from the plain ones 1 and weights of accents, 1 and weights of case;
 * 0 ends the key, so no key is the beginning of another.
 */
const END = 0;
const LEVEL = 1;
const PLAIN = 2;
const RAISED = 3;

const IN_ORDER = '\t\n\v\f\r _-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';
const NUMBER_WEIGHT = PLAIN + IN_ORDER.length;
const LETTER_WEIGHT = NUMBER_WEIGHT + 1;
const OTHER_WEIGHT = LETTER_WEIGHT + 26;
/** Numbers of more digits have their length in three bytes more. */
const MAX_SHORT_DIGITS = 200;

const WEIGHTS = asciiWeights();

function asciiWeights(): Uint8Array {
  const weights = new Uint8Array(128);
  for (let i = 0; i < IN_ORDER.length; i++) weights[IN_ORDER.charCodeAt(i)] = PLAIN + i;
  for (let letter = 0; letter < 26; letter++) {
    weights[0x41 + letter] = LETTER_WEIGHT + letter;
    weights[0x61 + letter] = LETTER_WEIGHT + letter;
  }
  for (let digit = 0; digit < 10; digit++) weights[0x30 + digit] = NUMBER_WEIGHT;
  return weights;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Appends the key of the UTF-8 text `data[start .. end]`. */
export function appendTextKey(sink: ByteSink, data: Uint8Array, start: number, end: number): void {
  const from = sink.length;
  let letters = 0;
  let capitals: number[] | null = null;
  for (let i = start; i < end; ) {
    const byte = data[i]!;
    if (byte >= 0x80) {
      sink.length = from;
      appendUnicodeKey(sink, decoder.decode(data.subarray(start, end)));
      return;
    }
    const weight = WEIGHTS[byte]!;
    if (weight === NUMBER_WEIGHT) i = appendNumber(sink, data, i, end);
    else {
      i++;
      if (weight === 0) continue;
      sink.push(weight);
      if (byte <= 0x5a && weight >= LETTER_WEIGHT) {
        capitals ??= [];
        capitals.push(letters);
      }
    }
    letters++;
  }
  if (capitals !== null) appendCase(sink, capitals);
  sink.push(END);
}

/** Appends the bytes so that their order is kept and no other key is the beginning of it. */
export function appendRawKey(sink: ByteSink, data: Uint8Array, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    const byte = data[i]!;
    if (byte <= 1) {
      sink.push(1);
      sink.push(byte + 1);
    } else sink.push(byte);
  }
  sink.push(END);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** A run of digits: how many there are, then two to a byte. Answers where it ends. */
function appendNumber(sink: ByteSink, data: ArrayLike<number>, start: number, limit: number): number {
  let end = start;
  while (end < limit && isDigit(data[end])) end++;
  let at = start;
  while (at < end && data[at] === 0x30) at++;
  const count = end - at;
  sink.push(NUMBER_WEIGHT);
  if (count < MAX_SHORT_DIGITS) sink.push(PLAIN + count);
  else {
    sink.push(PLAIN + MAX_SHORT_DIGITS);
    for (const shift of [14, 7, 0]) sink.push(PLAIN + ((count >> shift) & 0x7f));
  }
  if (count % 2 === 1) sink.push(PLAIN + data[at++]! - 0x30);
  for (; at < end; at += 2) sink.push(PLAIN + (data[at]! - 0x30) * 10 + data[at + 1]! - 0x30);
  return end;
}

/** No accents, and capitals at those places. */
function appendCase(sink: ByteSink, capitals: readonly number[]): void {
  sink.push(LEVEL);
  sink.push(LEVEL);
  appendRaised(sink, capitals);
}

function appendRaised(sink: ByteSink, places: readonly number[]): void {
  let at = 0;
  for (const place of places) {
    for (; at < place; at++) sink.push(PLAIN);
    sink.push(RAISED);
    at++;
  }
}

function appendUnicodeKey(sink: ByteSink, text: string): void {
  const accents: number[] = [];
  const capitals: number[] = [];
  const normal = text.normalize('NFD');
  const codes = Array.from(normal, (character) => character.codePointAt(0)!);
  let letters = 0;
  for (let i = 0; i < codes.length; ) {
    const code = codes[i]!;
    if (isDigit(code)) i = appendNumber(sink, codes, i, codes.length);
    else {
      i++;
      if (code >= 0x300 && code < 0x370) {
        appendAccent(accents, letters, code);
        continue;
      }
      const lower = lowerCase(code);
      if (!appendLetter(sink, lower)) continue;
      if (lower !== code) capitals.push(letters);
    }
    letters++;
  }
  if (accents.length > 0 || capitals.length > 0) sink.push(LEVEL);
  for (const weight of accents) sink.push(weight);
  if (capitals.length > 0) {
    sink.push(LEVEL);
    appendRaised(sink, capitals);
  }
  sink.push(END);
}

/** The accent belongs to the last one of so many letters. */
function appendAccent(accents: number[], letters: number, code: number): void {
  while (accents.length < letters - 1) accents.push(PLAIN);
  accents.push(RAISED + code - 0x300);
}

function lowerCase(code: number): number {
  const lower = String.fromCodePoint(code).toLowerCase();
  const first = lower.codePointAt(0)!;
  return lower.length === (first > 0xffff ? 2 : 1) ? first : code;
}

function appendLetter(sink: ByteSink, code: number): boolean {
  if (code < 0x80) {
    const weight = WEIGHTS[code]!;
    if (weight > 0) sink.push(weight);
    return weight > 0;
  }
  sink.push(OTHER_WEIGHT);
  for (const shift of [14, 7, 0]) sink.push(PLAIN + ((code >> shift) & 0x7f));
  return true;
}
