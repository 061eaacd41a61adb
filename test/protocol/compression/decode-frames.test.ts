import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLz4Frame } from '../../../protocol/compression/lz4-frame.ts';
import { ZstdDecoder } from '../../../protocol/compression/zstd-frame.ts';
import { contentOf, FRAMES, type Frame } from './frames.ts';

const zstd = new ZstdDecoder();

function decode(codec: Frame['codec'], bytes: Uint8Array, into: Uint8Array): void {
  if (codec === 'lz4') decodeLz4Frame(bytes, into);
  else zstd.decode(bytes, into);
}

function bytesOf({ frame }: Frame): Uint8Array {
  return Uint8Array.from(Buffer.from(frame, 'base64'));
}

/** What is thrown by it, or `decoded`. */
function outcome(codec: Frame['codec'], bytes: Uint8Array, into: Uint8Array): 'decoded' | 'refused' {
  try {
    decode(codec, bytes, into);
    return 'decoded';
  } catch (thrown) {
    if (thrown instanceof RangeError) return 'refused';
    throw thrown;
  }
}

describe.each(FRAMES)('$codec: $name', (frame) => {
  const bytes = bytesOf(frame);
  const content = contentOf(frame);

  test('is decoded to what was compressed', () => {
    const into = new Uint8Array(frame.byteLength);
    decode(frame.codec, bytes, into);
    expect(Buffer.compare(into, content)).toBe(0);
  });

  test('is refused where another size is declared, and nothing is written beyond that', () => {
    for (const byteLength of [0, 1, frame.byteLength - 1, frame.byteLength + 1, frame.byteLength * 1000]) {
      if (byteLength === frame.byteLength) continue;
      const memory = new Uint8Array(byteLength + 64);
      expect(outcome(frame.codec, bytes, memory.subarray(0, byteLength)), String(byteLength)).toBe('refused');
      expect(memory.subarray(byteLength).some((byte) => byte !== 0)).toBe(false);
    }
  });

  test('is refused wherever it is cut off', () => {
    const into = new Uint8Array(frame.byteLength);
    for (let end = 0; end < bytes.length; end++) {
      // What follows the last block is a checksum, which is not looked at.
      const found = outcome(frame.codec, bytes.slice(0, end), into);
      if (end < bytes.length - 4) expect(found, `cut off at ${end}`).toBe('refused');
    }
  });
});

test('damaged frames are refused or decoded to so many bytes, in little time', { timeout: 60_000 }, () => {
  const decoded = FRAMES.map((frame) => ({ frame, bytes: bytesOf(frame) }));
  const change = fc.record({
    which: fc.nat(FRAMES.length - 1),
    flips: fc.array(fc.record({ at: fc.nat(2000), value: fc.nat(255) }), { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(change, ({ which, flips }) => {
      const { frame, bytes } = decoded[which]!;
      const damaged = bytes.slice();
      for (const { at, value } of flips) damaged[at % damaged.length] = value;
      const memory = new Uint8Array(frame.byteLength + 64);
      outcome(frame.codec, damaged, memory.subarray(0, frame.byteLength));
      expect(memory.subarray(frame.byteLength).some((byte) => byte !== 0)).toBe(false);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  [
    'lz4',
    'a frame that needs a dictionary',
    [4, 0x22, 0x4d, 0x18, 0x41, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    'dictionary',
  ],
  ['lz4', 'text', [...Buffer.from('no frame at all')], 'no LZ4 frame'],
  ['zstd', 'a frame that needs a dictionary', [0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 1, 1, 0, 0], 'dictionary'],
  ['zstd', 'text', [...Buffer.from('no frame at all')], 'no ZSTD frame'],
] as const)('%s: %s is refused with a reason', (codec, _, bytes, reason) => {
  expect(() => decode(codec, Uint8Array.from(bytes), new Uint8Array(1))).toThrow(reason);
});
