/**
 * Reads small integers in runs and packed by bits (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"), as many as fit into
 * `into`.
 *
 * @throws RangeError where the bytes end before
 */
export function readHybridRuns(
  bytes: Uint8Array,
  { at: start, end }: { readonly at: number; readonly end: number },
  bitWidth: number,
  into: Uint8Array | Int32Array,
): void {
  let at = start;
  let written = 0;
  while (written < into.length) {
    let header = 0;
    let byte = 128;
    for (let shift = 0; byte >= 128; shift += 7) {
      if (!(at < end) || shift > 28) throw new RangeError('a run is cut off');
      byte = bytes[at++]!;
      header += (byte & 127) * 2 ** shift;
    }
    const count = Math.floor(header / 2);
    if (header % 2 === 1) {
      const values = Math.min(count * 8, into.length - written);
      if (at >= end && bitWidth > 0) throw new RangeError('a run is cut off');
      unpack(bytes, at, bitWidth, into.subarray(written, written + values));
      at += count * bitWidth;
      written += values;
    } else {
      const runEnd = Math.min(written + count, into.length);
      const valueBytes = (bitWidth + 7) >> 3;
      if (at + valueBytes > end) throw new RangeError('a run is cut off');
      into.fill(wordAt(bytes, at, valueBytes), written, runEnd);
      at += valueBytes;
      written = runEnd;
    }
  }
}

/** What is missing of the last group is 0: some writers leave it out. */
function unpack(bytes: Uint8Array, start: number, bitWidth: number, into: Uint8Array | Int32Array): void {
  const mask = bitWidth === 32 ? -1 : (1 << bitWidth) - 1;
  let bit = 0;
  for (let i = 0; i < into.length; i++, bit += bitWidth) {
    const at = start + (bit >>> 3);
    const shift = bit & 7;
    let value = wordAt(bytes, at, 4) >>> shift;
    if (shift + bitWidth > 32) value |= (bytes[at + 4] ?? 0) << (32 - shift);
    into[i] = value & mask;
  }
}

/** Little-endian, of at most 4 bytes. */
function wordAt(bytes: Uint8Array, at: number, byteLength: number): number {
  let value = 0;
  for (let i = Math.min(byteLength, bytes.length - at) - 1; i >= 0; i--)
    value = (value << 8) | bytes[at + i]!;
  return value;
}
