import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../protocol/errors.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { OPS, parseHeader, parseHeaderFrame, parseOp } from '../../protocol/header.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { codeOf } from '../support/code-of.ts';

const frameOf = (text: string) => new TextEncoder().encode(text);
const names = (count: number) => Array.from({ length: count }, (_, i) => `k${i}`);

describe('taken', () => {
  const cases: [string, unknown, unknown][] = [
    ['no field at all', {}, {}],
    ...OPS.map((op): [string, unknown, unknown] => [`op ${op}`, { op }, { op }]),
    ['one key column as text, made a list', { key: 'symbol' }, { key: ['symbol'] }],
    ['several key columns', { key: ['a', 'b'] }, { key: ['a', 'b'] }],
    ['as many key columns as may be', { key: names(32) }, { key: names(LIMITS.maxKeyColumns) }],
    ['a key column without a name', { key: '' }, { key: [''] }],
    ['commit auto', { commit: 'auto' }, { commit: 'auto' }],
    ['commit hold', { commit: 'hold' }, { commit: 'hold' }],
    ['run and seq', { run: 'r1', seq: 1 }, { run: 'r1', seq: 1 }],
    ['the largest exact seq', { seq: 2 ** 53 - 1 }, { seq: Number.MAX_SAFE_INTEGER }],
    ['snapshot with replace', { op: 'replace', snapshot: true }, { op: 'replace', snapshot: true }],
    ['snapshot without op', { snapshot: true }, { snapshot: true }],
    ['snapshot false with any op', { op: 'append', snapshot: false }, { op: 'append', snapshot: false }],
    ['fractions of a millisecond', { sent_at_ms: 1.25 }, { sent_at_ms: 1.25 }],
    ['retention of nothing', { retention: {} }, { retention: {} }],
    ['retention that ends', { retention: null }, { retention: null }],
    [
      'retention in all three ways',
      { retention: { max_rows: 0, max_age_ms: 0.5, max_bytes: 9 } },
      { retention: { max_rows: 0, max_age_ms: 0.5, max_bytes: 9 } },
    ],
    ['a chart', { chart: { series: [] } }, { chart: { series: [] } }],
    ['a chart that ends', { chart: null }, { chart: null }],
  ];
  test.each(cases)('%s', (_, json, header) => {
    expect(parseHeader(json)).toEqual(header);
    expect(parseHeaderFrame(frameOf(JSON.stringify(json)))).toEqual(header);
  });

  test('an empty frame is an empty header', () => {
    expect(parseHeaderFrame(new Uint8Array(0))).toEqual({});
  });

  test('unknown fields are ignored', () => {
    expect(parseHeader({ op: 'append', later: [1], Op: 'delete' })).toMatchObject({ op: 'append' });
  });

  test('a field name that every object has means nothing', () => {
    expect(parseHeaderFrame(frameOf('{"__proto__":{"op":"delete"},"constructor":1}')).op).toBeUndefined();
  });
});

describe('rejected', () => {
  const cases: [string, unknown, ErrorCode][] = [
    ['an array', [], 'bad_header'],
    ['null', null, 'bad_header'],
    ['a text', 'append', 'bad_header'],
    ['a number', 1, 'bad_header'],
    ['op that is no text', { op: 1 }, 'bad_header'],
    ['op null', { op: null }, 'bad_header'],
    ['an op that there is not', { op: 'merge' }, 'unknown_op'],
    ['an op in capitals', { op: 'Append' }, 'unknown_op'],
    ['an empty op', { op: '' }, 'unknown_op'],
    ['no key column', { key: [] }, 'bad_header'],
    ['a key column twice', { key: ['a', 'a'] }, 'bad_header'],
    ['a key that is no text', { key: [1] }, 'bad_header'],
    ['key null', { key: null }, 'bad_header'],
    ['too many key columns', { key: names(33) }, 'bad_header'],
    ['another commit', { commit: 'later' }, 'bad_header'],
    ['a run that is no text', { run: 7 }, 'bad_header'],
    ['a long run', { run: 'r'.repeat(129) }, 'bad_header'],
    ['a negative seq', { seq: -1 }, 'bad_header'],
    ['a broken seq', { seq: 1.5 }, 'bad_header'],
    ['a seq beyond exact numbers', { seq: 2 ** 53 }, 'bad_header'],
    ['a seq in quotes', { seq: '1' }, 'bad_header'],
    ['snapshot that is no boolean', { snapshot: 1 }, 'bad_header'],
    ['snapshot with append', { op: 'append', snapshot: true }, 'bad_header'],
    ['a time that is no number', { sent_at_ms: '2026' }, 'bad_header'],
    ['retention that is no object', { retention: 5 }, 'bad_header'],
    ['retention as an array', { retention: [] }, 'bad_header'],
    ['negative rows', { retention: { max_rows: -1 } }, 'bad_header'],
    ['half a row', { retention: { max_rows: 0.5 } }, 'bad_header'],
    ['a negative age', { retention: { max_age_ms: -1 } }, 'bad_header'],
    ['bytes in quotes', { retention: { max_bytes: '9' } }, 'bad_header'],
    ['a chart that is a text', { chart: 'bar' }, 'bad_header'],
    ['a chart that is an array', { chart: [] }, 'bad_header'],
  ];
  test.each(cases)('%s', (_, json, code) => {
    expect(codeOf(() => parseHeader(json))).toBe(code);
    expect(codeOf(() => parseHeaderFrame(frameOf(JSON.stringify(json))))).toBe(code);
  });

  test.each([
    ['text that is no JSON', frameOf('{op:append}')],
    ['JSON that ends early', frameOf('{"op":"append"')],
    ['blanks alone', frameOf('  ')],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
  ])('%s', (_, frame) => {
    expect(codeOf(() => parseHeaderFrame(frame))).toBe('bad_header');
  });

  test('a frame over the limit, before it is parsed', () => {
    expect(codeOf(() => parseHeaderFrame(new Uint8Array(LIMITS.maxHeaderBytes + 1)))).toBe('too_large');
    const header = (text: string) => ({ chart: { title: { text }, series: [] } });
    const roomBytes = LIMITS.maxHeaderBytes - JSON.stringify(header('')).length;
    const largest = frameOf(JSON.stringify(header('x'.repeat(roomBytes))));
    expect(largest.length).toBe(LIMITS.maxHeaderBytes);
    expect(parseHeaderFrame(largest)).toEqual(header('x'.repeat(roomBytes)));
  });

  test('the detail names the field and quotes no more than a part of a long op', () => {
    expect(() => parseHeader({ seq: -1 })).toThrow(/"seq"/);
    expect(() => parseHeader({ retention: { max_rows: -1 } })).toThrow(/"retention\b/);
    const long = 'x'.repeat(10_000);
    expect(() => parseOp(long)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/) }),
    );
  });
});

test('any JSON is a header or is rejected with a code', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const code = codeOf(() => parseHeaderFrame(frameOf(JSON.stringify(json))));
      expect([null, 'bad_header', 'unknown_op']).toContain(code);
    }),
    { numRuns: 500 },
  );
});

test('any bytes are a header or are rejected with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect([null, 'bad_header', 'unknown_op']).toContain(codeOf(() => parseHeaderFrame(bytes)));
    }),
    { numRuns: 1000 },
  );
});

test('JSON nested without end is rejected with a code', () => {
  const deep = frameOf(`{"chart":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`);
  expect(() => {
    try {
      parseHeaderFrame(deep);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(TablecastError);
    }
  }).not.toThrow();
});
