import { describe, expect, test } from 'vitest';
import { cellText } from '../../../protocol/arrow/cell-text.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import {
  gatherDictionary,
  gatherListView,
  gatherRunEnds,
  readViews,
} from '../../../protocol/arrow/expand.ts';
import { ExpansionBudget } from '../../../protocol/arrow/expansion-budget.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { codeOf } from '../../support/code-of.ts';
import { leastCpuTime } from '../../support/cpu-time.ts';
import {
  dictionaryBomb,
  dictionaryInParts,
  doublingSchema,
  sharedMetadataSchema,
  sharedNameSchema,
} from '../../support/hostile-messages.ts';

/** What these messages took before they were refused is far beyond it. */
const MAX_READ_MS = 1000;

function readOf(bytes: Uint8Array): { code: string | null; tookMs: number } {
  const { result: code, tookMs } = leastCpuTime(() => codeOf(() => readIpc(bytes)), MAX_READ_MS);
  return { code, tookMs };
}

function textsOf(bytes: Uint8Array): (string | null)[] {
  const { fields, batches } = readIpc(bytes);
  return batches.flatMap(({ rowCount, columns }) =>
    Array.from({ length: rowCount }, (_, row) => cellText(fields[0]!.type, columns[0], row)),
  );
}

describe('a short message that stands for a large one is rejected in little time', () => {
  test.each([
    ['fields that double at each level', doublingSchema(60), 'not_arrow'],
    ['one long name for all columns', sharedNameSchema(9000, 200_000), 'not_arrow'],
    ['one long list of metadata for all columns', sharedMetadataSchema(9000, 5000), 'not_arrow'],
    ['one long value for 2,500 rows, 2.5 GB', dictionaryBomb(2500, 1_000_000), 'too_large'],
    ['one long value for 100,000 rows, 100 GB', dictionaryBomb(100_000, 1_000_000), 'too_large'],
  ])('%s', (_, bytes, code) => {
    expect(bytes.length).toBeLessThan(2_000_000);
    const read = readOf(bytes);
    expect(read.code).toBe(code);
    expect(read.tookMs).toBeLessThan(MAX_READ_MS);
  });

  test('but what honest senders repeat is taken', () => {
    expect(readIpc(doublingSchema(8)).fields).toHaveLength(1);
    expect(readIpc(sharedNameSchema(1000, 8)).fields).toHaveLength(1000);
    expect(readIpc(dictionaryBomb(100_000, 100, 3)).rowCount).toBe(100_000);
  });
});

describe('every way to name a value twice counts its bytes', () => {
  const utf8: DataType = { kind: 'utf8' };
  const text: Vector = {
    layout: 'bytes',
    length: 1,
    validity: null,
    offsets: Int32Array.of(0, 100),
    data: new Uint8Array(100).fill(0x61),
  };
  const item = { name: 'item', type: utf8, nullable: true, metadata: new Map<string, string>() };
  const list: Vector = {
    layout: 'list',
    length: 1,
    validity: null,
    offsets: Int32Array.of(0, 1),
    child: text,
  };
  const ends: Vector = {
    layout: 'fixed',
    length: 1,
    validity: null,
    width: 4,
    bytes: new Uint8Array(Int32Array.of(10).buffer),
  };
  const view = new Uint8Array(16);
  new DataView(view.buffer).setInt32(0, 100, true);
  const views = new Uint8Array(160);
  for (let i = 0; i < 10; i++) views.set(view, i * 16);
  const zeros = new Int32Array(10);
  const ones = new Int32Array(10).fill(1);
  const index = { bits: 8, signed: true };
  const named = { indexes: new Uint8Array(10), index, validity: null, length: 10, name: 'c' };

  const ways: [string, number, (budget: ExpansionBudget) => Vector][] = [
    [
      'a dictionary of texts',
      1000,
      (budget) => gatherDictionary({ ...named, dictionary: text, type: utf8, budget }),
    ],
    [
      'a dictionary of lists',
      1090,
      (budget) =>
        gatherDictionary({ ...named, dictionary: list, type: { kind: 'list', child: item }, budget }),
    ],
    ['views', 1000, (budget) => readViews(views, [new Uint8Array(100).fill(0x61)], 10, null, 'c', budget)],
    ['list views', 1050, (budget) => gatherListView(zeros, ones, text, utf8, 10, null, 'c', budget)],
    ['run ends', 1040, (budget) => gatherRunEnds(ends, text, utf8, 10, 'c', budget)],
  ];
  test.each(ways)('%s', (_, bytes, gather) => {
    expect(gather(new ExpansionBudget(bytes)).length).toBe(10);
    expect(codeOf(() => gather(new ExpansionBudget(bytes - 100)))).toBe('too_large');
  });

  test('whatever the budget, no column outgrows offsets of 32 bits', () => {
    const budget = new ExpansionBudget(Number.MAX_SAFE_INTEGER);
    budget.take(2 ** 31 - 1, 'c');
    expect(codeOf(() => budget.take(2 ** 31, 'c'))).toBe('too_large');
  });

  test('compressed buffers share the bytes of their message', () => {
    const budget = new ExpansionBudget(1000, 1000, 100);
    budget.takeSent(60, 'c');
    budget.takeSent(40, 'd');
    expect(codeOf(() => budget.takeSent(1, 'e'))).toBe('arrow_invalid');
  });
});

describe('a dictionary that comes in parts', () => {
  test('has the values of all deltas in order', () => {
    expect(textsOf(dictionaryInParts([['a', 'b'], ['c'], [], ['', 'é漢']]))).toEqual([
      'a',
      'b',
      'c',
      '',
      'é漢',
    ]);
  });

  test('of many deltas costs little', () => {
    const parts = [['x'.repeat(2_000_000)], ...Array.from({ length: 3000 }, (_, i) => [`v${i}`])];
    const bytes = dictionaryInParts(parts);
    const read = readOf(bytes);
    expect(read.code).toBeNull();
    expect(read.tookMs).toBeLessThan(MAX_READ_MS);
    expect(textsOf(bytes).at(-1)).toBe('v2999');
  });
});
