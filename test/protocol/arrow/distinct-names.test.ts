import { expect, test } from 'vitest';
import { distinctNames } from '../../../protocol/arrow/distinct-names.ts';

test.each([
  [[], []],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['a', 'a', 'a'],
    ['a', 'a_2', 'a_3'],
  ],
  [
    ['a', 'a', 'a_2'],
    ['a', 'a_3', 'a_2'],
  ],
  [
    ['a_2', 'a', 'a', 'a_2'],
    ['a_2', 'a', 'a_3', 'a_2_2'],
  ],
  [
    ['', '', 'A'],
    ['', '_2', 'A'],
  ],
])('of %j no two are one name, and the first keeps its own: %j', (names, distinct) => {
  expect(distinctNames(names)).toEqual(distinct);
  expect(new Set(distinct).size).toBe(names.length);
});

test('thousands of one name take little time', () => {
  const distinct = distinctNames(new Array<string>(10_000).fill('x'));
  expect(distinct.at(-1)).toBe('x_10000');
});
