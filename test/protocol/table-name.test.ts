import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTopic, parseTableName } from '../../protocol/table-name.ts';
import { codeOf } from '../support/code-of.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

describe('taken as it is', () => {
  test.each([
    'a',
    '0',
    '_',
    '-',
    'prices',
    'cpu.load-1_min',
    '.hidden',
    '...',
    'a..b',
    'arrow',
    'x.arrows',
    'x.ARROW',
    'x.json5',
    'Ünïcödé',
    '価格',
    'цены',
    'नमस्ते',
    'e\u0301',
    '٣',
    '𝔘𝔫𝔦',
    'x'.repeat(128),
    'é'.repeat(64),
    '漢'.repeat(42),
  ])('%s', (name) => {
    expect(parseTableName(name)).toBe(name);
  });
});

describe('rejected', () => {
  test.each([
    ['nothing', ''],
    ['129 bytes', 'x'.repeat(129)],
    ['65 letters of two bytes', 'é'.repeat(65)],
    ['43 letters of three bytes', '漢'.repeat(43)],
    ['a control topic', '$heartbeat'],
    ['$ alone', '$'],
    ['$ inside', 'a$b'],
    ['a dot alone', '.'],
    ['two dots alone', '..'],
    ['a blank', 'a b'],
    ['a blank at the end', 'a '],
    ['a no-break space', 'a\u00a0b'],
    ['a slash', 'a/b'],
    ['a backslash', 'a\\b'],
    ['a colon', 'a:b'],
    ['a comma', 'a,b'],
    ['a star', '*'],
    ['a question mark', 'a?b'],
    ['a per cent sign', 'a%20b'],
    ['a quote', 'a"b'],
    ['markup', '<b>'],
    ['an emoji', '🚀'],
    ['a line feed', 'a\nb'],
    ['a line feed at the end', 'a\n'],
    ['a null character', 'a\0'],
    ['a delete character', 'a\x7f'],
    ['a C1 control character', 'a\x85'],
    ['a zero-width space', 'a\u200bb'],
    ['a turn of the writing direction', 'a\u202eb'],
    ['a byte order mark', '\ufeffa'],
    ['half a surrogate pair', 'a\ud800'],
    ['.arrow at the end', 'x.arrow'],
    ['.json at the end', 'x.json'],
    ['.csv at the end', 'x.csv'],
    ['.csv alone', '.csv'],
  ])('%s', (_, name) => {
    expect(codeOf(() => parseTableName(name))).toBe('bad_name');
  });

  test('the detail is one short line without control characters', () => {
    for (const name of ['a\nb\x1b[31m', `\x07${'x'.repeat(5000)}`]) {
      expect(() => parseTableName(name)).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/^[\x20-\x7e…]{1,200}$/) }),
      );
    }
  });
});

test('what is taken is 1 to 128 bytes and goes through a URL path and back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (name) => {
      if (codeOf(() => parseTableName(name)) !== null) return;
      expect(bytesOf(name)).toBeLessThanOrEqual(128);
      const { pathname } = new URL(`http://host/tables/${encodeURIComponent(name)}`);
      expect(decodeURIComponent(pathname.slice('/tables/'.length))).toBe(name);
    }),
    { numRuns: 5000 },
  );
});

describe('a topic frame', () => {
  test('is UTF-8 text', () => {
    expect(decodeTopic(new TextEncoder().encode('価格'))).toBe('価格');
  });

  test.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a letter', [0xe6, 0xbc]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('is rejected with %s', (_, bytes) => {
    expect(codeOf(() => decodeTopic(Uint8Array.from(bytes)))).toBe('bad_name');
  });

  test('keeps a byte order mark, so that no two topics are one name', () => {
    expect(codeOf(() => parseTableName(decodeTopic(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))))).toBe('bad_name');
  });
});
