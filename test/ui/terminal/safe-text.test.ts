import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted, safeText, textWidth } from '../../../ui/terminal/safe-text.ts';

describe('text of others in a terminal', () => {
  test.each([
    ['\x1b[2J', '␛[2J'],
    ['a\r\nb\tc', 'a␍␊b␉c'],
    ['\x9b31m', '\ufffd31m'],
    ['\u202eabc', '\ufffdabc'],
    ['\u2028', '\ufffd'],
    ['\ud800', '\ufffd'],
    ['日本 ü 👍', '日本 ü 👍'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safeText(text)).toBe(shown);
  });

  test('never holds a control character, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(safeText(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👍🏽', 2],
    ['👩‍👩‍👧', 2],
    ['한국', 4],
    ['', 0],
  ])('%s takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test.each([
    ['abc', 5, 'left', 'abc  '],
    ['abc', 5, 'right', '  abc'],
    ['abcdef', 4, 'left', 'abc…'],
    ['日本語', 4, 'left', '日… '],
    ['abc', 1, 'left', '…'],
    ['abc', 0, 'left', ''],
  ] as const)('%s in %i columns, at the %s, is %j', (text, width, align, expected) => {
    expect(fitted(text, width, align)).toBe(expected);
  });

  test('has exactly the width that it is fitted to', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        expect(textWidth(fitted(safeText(text), width, 'left'))).toBe(width);
      }),
    );
  });
});
