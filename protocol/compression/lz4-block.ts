import { copyMatch, MIN_CALL_BYTES } from './copy-match.ts';

/** Source: "LZ4 Block Format Description" of the LZ4 project. */
const MIN_MATCH = 4;

/**
 * Decodes one LZ4 block into exactly the bytes given; nothing is ever written beyond them.
 *
 * @throws RangeError where it is damaged, cut off, or holds more or fewer bytes; the bytes given are undefined then
 */
export function decodeLz4Block(block: Uint8Array, into: Uint8Array): void {
  const written = decodeLz4Sequences(block, { at: 0, end: block.length }, into, 0);
  if (written !== into.length) throw wrongLz4Size(into.length);
}

/**
 * Decodes the sequences of a block that lies in other bytes, behind what is written before.
 *
 * @returns how many bytes are written after it
 * @throws RangeError
 */
export function decodeLz4Sequences(
  frame: Uint8Array,
  { at: start, end }: { readonly at: number; readonly end: number },
  into: Uint8Array,
  writtenBefore: number,
): number {
  let at = start;
  let written = writtenBefore;
  while (at < end) {
    const token = frame[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      for (let more = 255; more === 255 && at < end; literals += more) more = frame[at++]!;
    }
    if (literals > end - at) throw new RangeError('its LZ4 block ends inside of a literal');
    if (literals > into.length - written) throw wrongLz4Size(into.length);
    if (literals >= MIN_CALL_BYTES) into.set(frame.subarray(at, at + literals), written);
    else for (let i = 0; i < literals; i++) into[written + i] = frame[at + i]!;
    at += literals;
    written += literals;
    // The last sequence has literals alone.
    if (at === end) break;
    if (end - at < 2) throw new RangeError('its LZ4 block ends inside of an offset');
    const offset = frame[at]! | (frame[at + 1]! << 8);
    at += 2;
    let matched = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      for (let more = 255; more === 255 && at < end; matched += more) more = frame[at++]!;
    }
    if (offset === 0 || offset > written) throw new RangeError('its LZ4 block points before its beginning');
    if (matched > into.length - written) throw wrongLz4Size(into.length);
    copyMatch(into, written, offset, matched);
    written += matched;
  }
  return written;
}

export function wrongLz4Size(byteLength: number): RangeError {
  return new RangeError(`it does not hold the ${byteLength} bytes that it declares`);
}
