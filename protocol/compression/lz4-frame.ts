import { decodeLz4Sequences, wrongLz4Size as wrongSize } from './lz4-block.ts';

/** Source: "LZ4 Frame Format Description" of the LZ4 project. */
const MAGIC = 0x184d2204;
const BLOCK_IS_STORED = 0x80000000;
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

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
    } else written = decodeLz4Sequences(frame, { at, end }, into, written);
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

function uint32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new RangeError('its LZ4 frame is cut off');
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
