/** Where the bytes stop being UTF-8 (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF); -1 where they are. */
export function invalidUtf8At(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    at = endOfAscii(bytes, at);
    if (at === bytes.length) break;
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** Four bytes at a time where the memory is aligned for it. */
function endOfAscii(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && ((bytes.byteOffset + at) & 3) !== 0) {
    if (bytes[at]! >= 0x80) return at;
    at++;
  }
  if (at === bytes.length) return at;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >> 2);
  let word = 0;
  while (word < words.length && (words[word]! & 0x80808080) === 0) word++;
  at += word * 4;
  while (at < bytes.length && bytes[at]! < 0x80) at++;
  return at;
}

/** Of the sequence that begins here; 0 where none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const next = bytes[at + 1] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4 || !isContinuation(next)) return 0;
  if (lead < 0xe0) return 2;
  if (!isContinuation(bytes[at + 2] ?? 0)) return 0;
  if (lead < 0xf0) {
    const isOverlong = lead === 0xe0 && next < 0xa0;
    const isSurrogate = lead === 0xed && next > 0x9f;
    return isOverlong || isSurrogate ? 0 : 3;
  }
  if (!isContinuation(bytes[at + 3] ?? 0)) return 0;
  return (lead === 0xf0 && next < 0x90) || (lead === 0xf4 && next > 0x8f) ? 0 : 4;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
