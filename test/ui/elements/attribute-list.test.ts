import { expect, test } from 'vitest';
import { attributeList } from '../../../ui/elements/attribute-list.ts';

test.each([
  [null, []],
  ['', []],
  [' , ', []],
  ['a', ['a']],
  ['a, b ,c', ['a', 'b', 'c']],
  ['-price,+symbol', ['-price', '+symbol']],
  ['["a,b", "c"]', ['a,b', 'c']],
  ['["a", 1, null]', ['a']],
  ['[a,b', ['[a', 'b']],
  ['[1', ['[1']],
] as const)('the attribute %j names %j', (text, names) => {
  expect(attributeList(text)).toEqual(names);
});
