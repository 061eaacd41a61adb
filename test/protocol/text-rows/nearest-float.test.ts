import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestFloat } from '../../../protocol/text-rows/nearest-float.ts';

function nearest(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return nearestFloat(bytes, 0, bytes.length);
}

describe('the float nearest to a decimal', () => {
  test('is the one that the platform reads, for what it writes itself', () => {
    let told = 0;
    fc.assert(
      fc.property(fc.double({ min: 1e-5, max: 1e15, noNaN: true }), (value) => {
        const text = String(value);
        if (text.includes('e')) return;
        const found = nearest(text);
        if (Number.isNaN(found)) return;
        told++;
        expect(found, text).toBe(value);
      }),
      { numRuns: 20_000 },
    );
    expect(told).toBeGreaterThan(5000);
  });

  test('is the one that the platform reads, for any digits', () => {
    const digits = fc.stringMatching(/^[0-9]{10,22}$/);
    fc.assert(
      fc.property(digits, fc.nat(22), (text, place) => {
        const decimal = `${text.slice(0, place)}.${text.slice(place)}`;
        for (const each of [text, decimal]) {
          const found = nearest(each);
          if (!Number.isNaN(found)) expect(found, each).toBe(Number(each));
        }
      }),
      { numRuns: 20_000 },
    );
  });

  test('is not told in the middle of two floats, and right beside it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 62n }), (near) => {
        const step = 2n ** BigInt(near.toString(2).length - 53);
        const middle = near - (near % step) + step / 2n;
        for (const value of [middle - 1n, middle, middle + 1n]) {
          const found = nearest(String(value));
          if (!Number.isNaN(found)) expect(found, String(value)).toBe(Number(value));
        }
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    '1',
    '0.1',
    '123456789012345',
    '12345678901234567890123',
    '.00000000000000000000001234567890123456',
    '',
  ])('%j has other digits', (text) => expect(nearest(text)).toBeNaN());

  test.each([
    ['9007199254740993', Number.NaN],
    ['9007199254740993.1', 9007199254740994],
    ['0.1000000000000000055511', 0.1],
    ['0.30000000000000004', 0.1 + 0.2],
    ['123456.78901234567', 123456.78901234567],
  ])('%s is %d', (text, value) => {
    expect(nearest(text)).toBe(value);
  });
});
