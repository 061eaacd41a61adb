import { expect, test } from 'vitest';
import { SequenceBook } from '../../gateway/tables/sequence-book.ts';

const LIMITS = { maxTables: 3, maxRunsPerTable: 2, maxPositions: 5 };
const whole = { taken: 1, missing: [] };
const open = { taken: 3, missing: [[2, 2]] as const };

test('tells which tables something is missing of, in any run', () => {
  const book = new SequenceBook(LIMITS);
  book.set('t', 'a', open);
  book.set('t', 'b', open);
  book.set('t', 'a', whole);
  expect([...book.open]).toEqual(['t']);
  book.set('t', 'b', whole);
  expect([...book.open]).toEqual([]);
});

test('is settled for a table in all runs at once', () => {
  const book = new SequenceBook(LIMITS);
  book.set('t', 'a', open);
  book.set('t', 'b', open);
  book.settle('t');
  expect([...book.open]).toEqual([]);
  expect([...book.entries()].map(([, , { missing }]) => missing)).toEqual([[], []]);
});

test('forgets the run that has not written for longest, then the table that was first', () => {
  const book = new SequenceBook(LIMITS);
  for (const run of ['a', 'b', 'a', 'c']) book.set('t', run, open);
  expect([...book.runsOf('t')!.keys()]).toEqual(['a', 'c']);
  for (const table of ['u', 'v', 'w']) book.set(table, 'a', whole);
  expect(book.runsOf('t')).toBeUndefined();
  expect([...book.open]).toEqual([]);
  for (const table of ['u', 'v', 'w']) book.set(table, 'b', whole);
  expect(book.size).toBeLessThanOrEqual(LIMITS.maxPositions);
  expect([...book.entries()]).toHaveLength(book.size);
});
