import { describe, expect, test } from 'vitest';
import { cellText } from '../../../protocol/arrow/cell-text.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { codeOf } from '../../support/code-of.ts';
import { leastCpuTime } from '../../support/cpu-time.ts';
import { compressedBytes } from '../../support/hostile-messages.ts';
import { contentOf, FRAMES, type Frame } from '../compression/frames.ts';

const CODECS = { lz4: 0, zstd: 1 } as const;
const NULL_TYPE = 1;
const MAX_READ_MS = 2000;

function streamOf(frame: Frame, declaredBytes = frame.byteLength): Uint8Array {
  return compressedBytes({
    codec: CODECS[frame.codec],
    declaredBytes: BigInt(declaredBytes),
    frame: Buffer.from(frame.frame, 'base64'),
  });
}

describe.each(FRAMES)('a text compressed as $codec: $name', (frame) => {
  test('is read', () => {
    const { fields, batches, decodedBytes } = readIpc(streamOf(frame));
    const text = cellText(fields[0]!.type, batches[0]!.columns[0], 0)!;
    expect(Buffer.compare(Buffer.from(text), contentOf(frame))).toBe(0);
    expect(decodedBytes).toBeGreaterThanOrEqual(frame.byteLength);
  });

  test('is invalid where it declares another length', () => {
    for (const wrong of [frame.byteLength - 1, frame.byteLength + 1, frame.byteLength * 1000]) {
      // Declared to be empty, it is.
      if (wrong > 0)
        expect(
          codeOf(() => readIpc(streamOf(frame, wrong))),
          String(wrong),
        ).toBe('arrow_invalid');
    }
  });
});

describe('a compressed batch that claims more than it has', () => {
  const [zeros] = FRAMES.filter(({ codec, content }) => codec === 'zstd' && content === 'zeros');
  const frame = Buffer.from(zeros!.frame, 'base64');
  const large = new Uint8Array(60_000);
  const declaredBytes = BigInt(LIMITS.maxExpandedBytes) + 1_000_000n;
  const cases: [string, () => Uint8Array, string][] = [
    ['bytes beyond the limit', () => compressedBytes({ codec: 1, declaredBytes, frame: large }), 'too_large'],
    ['2^62 bytes', () => compressedBytes({ codec: 1, declaredBytes: 2n ** 62n, frame }), 'arrow_invalid'],
    ['a negative length', () => compressedBytes({ codec: 1, declaredBytes: -2n, frame }), 'arrow_invalid'],
    [
      'rows without any bytes',
      () => compressedBytes({ codec: 1, rows: 2_000_000_000, typeCode: NULL_TYPE }),
      'arrow_invalid',
    ],
    ['rows beyond its offsets', () => compressedBytes({ codec: 0, rows: 2_000_000_000 }), 'arrow_invalid'],
    ['no frame', () => compressedBytes({ codec: 0 }), 'arrow_invalid'],
    ['another method', () => compressedBytes({ codec: 2 }), 'arrow_unsupported'],
  ];
  test.each(cases)('%s is rejected in little time', (_, bytes, code) => {
    const { result, tookMs } = leastCpuTime(() => codeOf(() => readIpc(bytes())), MAX_READ_MS);
    expect(result).toBe(code);
    expect(tookMs).toBeLessThan(MAX_READ_MS);
  });
});
