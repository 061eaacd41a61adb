const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SHORT: Readonly<Record<number, number>> = {
  34: 0x22,
  92: 0x5c,
  47: 0x2f,
  98: 0x08,
  102: 0x0c,
  110: 0x0a,
  114: 0x0d,
  116: 0x09,
};
/** `CELL.escapedText`; the other escaped kind is CSV's. */
const ESCAPED_TEXT = 8;

/**
 * Writes a text without its escapes, JSON's backslashes (RFC 8259 section 7) or CSV's doubled quotes (RFC 4180 section 2), which
 * were checked when it was scanned. It gets no longer.
 *
 * @returns where the written text ends; -1 where an escape names half of a surrogate pair, which no UTF-8 has
 */
export function unescapeInto(
  kind: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): number {
  return kind === ESCAPED_TEXT
    ? unescapeJson(bytes, start, end, into, at)
    : unescapeCsv(bytes, start, end, into, at);
}

function unescapeCsv(bytes: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from]!;
    into[to++] = byte;
    if (byte === QUOTE) from++;
  }
  return to;
}

function unescapeJson(bytes: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  let to = at;
  let from = start;
  while (from < end) {
    const byte = bytes[from]!;
    if (byte !== BACKSLASH) {
      into[to++] = byte;
      from++;
      continue;
    }
    const short = SHORT[bytes[from + 1]!];
    if (short !== undefined) {
      into[to++] = short;
      from += 2;
      continue;
    }
    let code = hex4(bytes, from + 2);
    from += 6;
    if (code >= 0xd800 && code <= 0xdfff) {
      const isPair =
        code < 0xdc00 && bytes[from] === BACKSLASH && bytes[from + 1] === 0x75 && from + 6 <= end;
      const low = isPair ? hex4(bytes, from + 2) : 0;
      if (low < 0xdc00 || low > 0xdfff) return -1;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      from += 6;
    }
    to = writeCodePoint(code, into, to);
  }
  return to;
}

function hex4(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i]!;
    code = code * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return code;
}

function writeCodePoint(code: number, into: Uint8Array, at: number): number {
  let to = at;
  if (code < 0x80) into[to++] = code;
  else {
    if (code < 0x800) into[to++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) into[to++] = 0xe0 | (code >> 12);
      else {
        into[to++] = 0xf0 | (code >> 18);
        into[to++] = 0x80 | ((code >> 12) & 0x3f);
      }
      into[to++] = 0x80 | ((code >> 6) & 0x3f);
    }
    into[to++] = 0x80 | (code & 0x3f);
  }
  return to;
}
