import { expect, test } from 'vitest';
import { readHybridRuns } from '../../../../producer/files/parquet/hybrid-runs.ts';

function read(bytes: readonly number[], bitWidth: number, count: number): number[] {
  const into = new Int32Array(count);
  readHybridRuns(Uint8Array.from(bytes), { at: 0, end: bytes.length }, bitWidth, into);
  return [...into];
}

test.each<[string, number[], number, number[]]>([
  ['a run', [5 << 1, 3], 2, [3, 3, 3, 3, 3]],
  ['a run of values of two bytes', [2 << 1, 0x34, 0x12], 13, [0x1234, 0x1234]],
  // The example of parquet-format: 0 to 7 in three bits each.
  ['packed bits', [3, 0b10001000, 0b11000110, 0b11111010], 3, [0, 1, 2, 3, 4, 5, 6, 7]],
  ['values over five bytes', [3, ...new Array<number>(31).fill(0xff)], 31, new Array(8).fill(0x7fffffff)],
  ['a run, then packed bits that are more than needed', [2 << 1, 1, 3, 0b00000010], 1, [1, 1, 0, 1]],
  ['an empty run before another', [0, 9, 1 << 1, 4], 4, [4]],
  ['a last group that is cut short', [3, 0b00000101], 3, [5, 0]],
])('%s', (_, bytes, bitWidth, values) => {
  expect(read(bytes, bitWidth, values.length)).toEqual(values);
});

test.each([
  ['no bytes', []],
  ['a run without its value', [8]],
  ['a header without an end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
  ['a run that is too short', [1 << 1, 1]],
])('%s end in a RangeError', (_, bytes) => {
  expect(() => read(bytes, 1, 5)).toThrow(RangeError);
});

test('a run that claims more than is asked for writes no more', () => {
  expect(read([0xfe, 0xff, 0xff, 0x7f, 1], 1, 3)).toEqual([1, 1, 1]);
});
