import { copyMatch, MIN_CALL_BYTES } from './copy-match.ts';

/** Source: "LZ4 Frame Format Description" and "LZ4 Block Format Description" of the LZ4 project. */
const MAGIC = 0x184d2204;
const BLOCK_IS_STORED = 0x80000000;
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
const MIN_MATCH = 4;

/**
 * Decodes one LZ4 frame into exactly the bytes given; nothing is ever written beyond them. Blocks may be linked. Checksums are
 * skipped, not compared.
 *
 * @throws RangeError where the frame is damaged, cut off, or holds more or fewer bytes; the bytes given are undefined then
 */
export function decodeLz4Frame(frame: Uint8Array, into: Uint8Array): void {
  const { blocksAt, hasBlockChecksums } = readHeader(frame, into.length);
  let at = blocksAt;
  let written = 0;
  for (;;) {
    const word = uint32(frame, at);
    at += 4;
    if (word === 0) break;
    const isStored = word >= BLOCK_IS_STORED;
    const end = at + (isStored ? word - BLOCK_IS_STORED : word);
    if (end > frame.length || end - at > MAX_BLOCK_BYTES) throw new RangeError('its LZ4 frame is cut off');
    if (isStored) {
      if (written + end - at > into.length) throw wrongSize(into.length);
      into.set(frame.subarray(at, end), written);
      written += end - at;
    } else written = decodeBlock(frame, at, end, into, written);
    at = end + (hasBlockChecksums ? 4 : 0);
  }
  if (written !== into.length) throw wrongSize(into.length);
}

function readHeader(frame: Uint8Array, byteLength: number) {
  if (uint32(frame, 0) !== MAGIC) throw new RangeError('it holds no LZ4 frame');
  const flags = frame[4] ?? 0;
  if (flags >> 6 !== 1) throw new RangeError('its LZ4 frame has a version that is not known');
  const hasContentSize = (flags & 8) !== 0;
  if ((flags & 1) !== 0) throw new RangeError('its LZ4 frame needs a dictionary');
  if (hasContentSize && uint32(frame, 6) + uint32(frame, 10) * 2 ** 32 !== byteLength)
    throw wrongSize(byteLength);
  return { blocksAt: hasContentSize ? 15 : 7, hasBlockChecksums: (flags & 16) !== 0 };
}

/** @returns how many bytes are written after it */
function decodeBlock(
  frame: Uint8Array,
  start: number,
  end: number,
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
    if (literals > into.length - written) throw wrongSize(into.length);
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
    if (matched > into.length - written) throw wrongSize(into.length);
    copyMatch(into, written, offset, matched);
    written += matched;
  }
  return written;
}

function uint32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new RangeError('its LZ4 frame is cut off');
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function wrongSize(byteLength: number): RangeError {
  return new RangeError(`it does not hold the ${byteLength} bytes that it declares`);
}
