import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteSink } from '../../../../ui/grid/row-view/byte-sink.ts';
import { appendRawKey, appendTextKey } from '../../../../ui/grid/row-view/text-key.ts';

function keyOf(text: string, append = appendTextKey): Uint8Array {
  const sink = new ByteSink();
  const data = new TextEncoder().encode(`..${text}..`);
  append(sink, data, 2, data.length - 2);
  return sink.bytes.slice(0, sink.length);
}

const order = (a: Uint8Array, b: Uint8Array) => Math.sign(Buffer.compare(a, b));
const ascii = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', 'A', 'b', '0', '1', '9', '-', '_', ' ', '.'), maxLength: 8 }),
);

describe('the key of a text', () => {
  test('orders printable ASCII as the Unicode collation with numbers does', () => {
    const collator = new Intl.Collator('en', { numeric: true });
    fc.assert(
      fc.property(ascii, ascii, (a, b) => {
        expect(order(keyOf(a), keyOf(b)), JSON.stringify([a, b])).toBe(Math.sign(collator.compare(a, b)));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    [['item2', 'item10', 'item010x', 'Item11', 'item100']],
    [['a', 'A', 'á', 'Á', 'ab', 'b']],
    [['resume', 'Resume', 'résumé', 'resumes']],
    [
      [
        '',
        '-',
        '1',
        `1${'0'.repeat(250)}`,
        `2${'0'.repeat(250)}`,
        'a',
        'é',
        'z',
        'α',
        'Β',
        'γ',
        'д',
        '漢',
        '字𝒳'.slice(1),
      ],
    ],
    [['v1.2', 'v1.10', 'v2']],
  ])('orders %j so', (texts) => {
    const sorted = texts.toReversed().sort((a, b) => order(keyOf(a), keyOf(b)));
    expect(sorted).toEqual(texts);
  });

  test('is never the beginning of another', () => {
    const text = fc.oneof(ascii, fc.string({ unit: 'binary', maxLength: 6 }));
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const append of [appendTextKey, appendRawKey]) {
          const [x, y] = [keyOf(a, append), keyOf(b, append)];
          const common = Math.min(x.length, y.length);
          const isBeginning = order(x.subarray(0, common), y.subarray(0, common)) === 0;
          if (isBeginning) expect(x).toEqual(y);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('of raw bytes keeps their order', () => {
    const bytes = fc.uint8Array({ maxLength: 6, max: 3 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [x, y] = [a, b].map((data) => {
          const sink = new ByteSink();
          appendRawKey(sink, data, 0, data.length);
          return sink.bytes.slice(0, sink.length);
        });
        expect(order(x!, y!)).toBe(order(a, b));
      }),
    );
  });
});
