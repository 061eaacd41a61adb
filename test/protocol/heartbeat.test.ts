import { expect, test } from 'vitest';
import { TablecastError } from '../../protocol/errors.ts';
import { parseHeartbeatFrame } from '../../protocol/heartbeat.ts';
import { LIMITS } from '../../protocol/limits.ts';

const parse = (value: unknown) =>
  parseHeartbeatFrame(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 1]));

function codeOf(value: unknown): string {
  try {
    parse(value);
  } catch (error) {
    return error instanceof TablecastError ? error.code : String(error);
  }
  return 'taken';
}

test('says how far each table of a run is, and more that is not looked at', () => {
  const heartbeat = { run: 'r', tables: { a: 0, 価格: 7 }, no_snapshot: ['a'] };
  expect(parse(heartbeat)).toEqual(heartbeat);
  expect(parse({ run: 'r', tables: {}, colour: 'red' })).toMatchObject({ run: 'r', tables: {} });
  expect(Object.entries(parse('{"run":"r","tables":{"__proto__":3}}').tables)).toEqual([['__proto__', 3]]);
});

test.each([
  ['no JSON', '{"run":', 'bad_header'],
  ['null', null, 'bad_header'],
  ['a list', [], 'bad_header'],
  ['no run', { tables: {} }, 'bad_header'],
  ['an empty run', { run: '', tables: {} }, 'bad_header'],
  ['a long run', { run: 'r'.repeat(129), tables: {} }, 'bad_header'],
  ['no tables', { run: 'r' }, 'bad_header'],
  ['a fraction', { run: 'r', tables: { t: 1.5 } }, 'bad_header'],
  ['a number below 0', { run: 'r', tables: { t: -1 } }, 'bad_header'],
  ['a number that is not exact', { run: 'r', tables: { t: 2 ** 53 } }, 'bad_header'],
  ['a text for a number', { run: 'r', tables: { t: '1' } }, 'bad_header'],
  ['names that are none', { run: 'r', tables: {}, no_snapshot: [1] }, 'bad_header'],
  ['more tables than there may be', { run: 'r', tables: named(LIMITS.maxTables + 1) }, 'bad_header'],
  ['as many tables as there may be', { run: 'r', tables: named(LIMITS.maxTables) }, 'taken'],
  ['more than a header may be', `{"run":"r","tables":{}}${' '.repeat(LIMITS.maxHeaderBytes)}`, 'too_large'],
])('with %s', (_, value, code) => {
  expect(codeOf(value)).toBe(code);
});

test('is UTF-8', () => {
  expect(() => parseHeartbeatFrame(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(TablecastError);
});
