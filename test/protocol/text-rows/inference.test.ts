import { describe, expect, test } from 'vitest';
import type { TextFormat } from '../../../protocol/text-rows/text-rows-to-arrow.ts';
import { cellsOf, readText, refusalOf, typesOf } from './text-rows.ts';

const INT64_MAX = '9223372036854775807';
const UINT64_MAX = '18446744073709551615';
const HUGE_FLOAT = `${Number(`${UINT64_MAX}0`)}.0`;

/** Cells of one CSV column, the type it gets, and its cells as JSON. */
const csvColumns: [string, string[], string, string[]][] = [
  ['whole numbers', ['1', '-2', '+3', '007', ' 4 '], 'int64', ['1', '-2', '3', '7', '4']],
  ['whole numbers and empty cells', ['1', '', '3'], 'int64', ['1', 'null', '3']],
  ['int64 at its limits', [INT64_MAX, `-${INT64_MAX}`], 'int64', [INT64_MAX, `-${INT64_MAX}`]],
  ['a number beyond int64', ['1', UINT64_MAX], 'uint64', ['1', UINT64_MAX]],
  ['numbers that no integer type holds together', ['-1', UINT64_MAX], 'utf8', ['"-1"', `"${UINT64_MAX}"`]],
  ['a number beyond 64 bits', ['1', `${UINT64_MAX}0`], 'utf8', ['"1"', `"${UINT64_MAX}0"`]],
  [
    'fractions',
    ['1', '2.5', '.5', '5.', '1e3', '-1E-2'],
    'float64',
    ['1.0', '2.5', '0.5', '5.0', '1000.0', '-0.01'],
  ],
  [
    'NaN and infinities',
    ['1.5', 'nan', 'NaN', 'inf', '-Infinity'],
    'float64',
    ['1.5', 'null', 'null', 'null', 'null'],
  ],
  ['huge numbers and fractions', ['0.5', `${UINT64_MAX}0`], 'float64', ['0.5', HUGE_FLOAT]],
  ['words of truth', ['True', 'false', 'TRUE', ''], 'bool', ['true', 'false', 'true', 'null']],
  ['words and numbers', ['1', 'one'], 'utf8', ['"1"', '"one"']],
  ['words of truth and numbers', ['true', '1'], 'utf8', ['"true"', '"1"']],
  ['quoted numbers', ['"1"', '"2"'], 'int64', ['1', '2']],
  ['quoted numbers and quoted nothing', ['"1"', '""'], 'int64', ['1', 'null']],
  ['nothing but quoted nothing', ['""', ''], 'utf8', ['""', 'null']],
  ['text and quoted nothing', ['a', '""', ''], 'utf8', ['"a"', '""', 'null']],
  ['dates', ['2026-11-21', '2026-11-22'], 'utf8', ['"2026-11-21"', '"2026-11-22"']],
  ['words that other programs take for null', ['NA', 'null', '1'], 'utf8', ['"NA"', '"null"', '"1"']],
  ['no values', ['', ''], 'null', ['null', 'null']],
  ['almost numbers', ['1e', '1'], 'utf8', ['"1e"', '"1"']],
  ['lonely signs', ['-', '1'], 'utf8', ['"-"', '"1"']],
];

const jsonColumns: [string, string[], string, string[]][] = [
  ['whole numbers', ['1', '-2', 'null'], 'int64', ['1', '-2', 'null']],
  [
    'whole numbers with all digits',
    ['9007199254740993', INT64_MAX],
    'int64',
    ['9007199254740993', INT64_MAX],
  ],
  ['numbers written with a point', ['17.0', '1'], 'float64', ['17.0', '1.0']],
  ['numbers with an exponent', ['1e2', '-2.5E-1'], 'float64', ['100.0', '-0.25']],
  ['a number beyond int64', ['1', UINT64_MAX], 'uint64', ['1', UINT64_MAX]],
  ['a number beyond 64 bits', [`${UINT64_MAX}0`], 'float64', [HUGE_FLOAT]],
  ['booleans', ['true', 'false', 'null'], 'bool', ['true', 'false', 'null']],
  ['texts', ['"a"', '""', '"1"', '"2026-11-21"'], 'utf8', ['"a"', '""', '"1"', '"2026-11-21"']],
  ['texts with escapes', ['"\\u00e9\\ud83d\\ude00\\n\\"\\/"'], 'utf8', ['"é😀\\n\\"/"']],
  ['lists', ['[1, 2]', '[]', 'null', '[3.5]'], 'list<float64>', ['[1.0,2.0]', '[]', 'null', '[3.5]']],
  ['empty lists', ['[]'], 'list<null>', ['[]']],
  [
    'objects of several names',
    ['{"a": 1}', '{"b": "x", "a": null}', '{}'],
    'struct<a: int64, b: utf8>',
    ['{"a":1,"b":null}', '{"a":null,"b":"x"}', '{"a":null,"b":null}'],
  ],
  [
    'lists of objects with lists',
    ['[{"a": [1]}, null, {"a": [null, 2]}]'],
    'list<struct<a: list<int64>>>',
    ['[{"a":[1]},null,{"a":[null,2]}]'],
  ],
  ['no values', ['null', 'null'], 'null', ['null', 'null']],
];

describe('types of new columns', () => {
  test.each(csvColumns)('CSV: %s', (_, cells, type, expected) => {
    const table = readText('csv', `a,b\n${cells.map((cell) => `${cell},x\n`).join('')}`);
    expect([typesOf(table).a, cellsOf(table).a]).toEqual([type, expected]);
  });

  const layouts: [string, TextFormat, (cells: string[]) => string][] = [
    ['an array of records', 'json', (cells) => `[${cells.map((cell) => `{"a":${cell},"b":1}`).join(',')}]`],
    [
      'an object of columns',
      'json',
      (cells) => `{"a":[${cells.join(',')}],"b":[${cells.map(() => 1).join(',')}]}`,
    ],
    ['a record a line', 'ndjson', (cells) => cells.map((cell) => `{"b": 1, "a" : ${cell} }\r\n`).join('\n')],
  ];
  describe.each(layouts)('JSON as %s', (_, format, layOut) => {
    test.each(jsonColumns)('%s', (_name, cells, type, expected) => {
      const table = readText(format, layOut(cells));
      expect([typesOf(table).a, cellsOf(table).a]).toEqual([type, expected]);
    });

    test.each([
      [['1', '"one"'], 'row 2'],
      [['"1"', 'null', '1'], 'row 3'],
      [['true', '1'], 'row 2'],
      [['[1]', '[1, "a"]'], 'row 2'],
      [['[1]', '{"a": 1}'], 'row 2'],
      [['{"x": 1}', '{"x": {"y": 1}}'], 'row 2'],
    ])('a column of several kinds, %s, is refused with its name and row', (cells, row) => {
      const refusal = refusalOf(() => readText(format, layOut(cells)));
      expect(refusal).toMatch(/^bad_value: Column "a", /);
      expect(refusal).toContain(`${row} (counting from 1`);
    });
  });

  const many = 40_000;
  test.each([
    ['csv', '1.5', 'float64', '1.5'],
    ['csv', 'x', 'utf8', '"x"'],
    ['csv', UINT64_MAX, 'uint64', UINT64_MAX],
    ['ndjson', '1.5', 'float64', '1.5'],
    ['ndjson', UINT64_MAX, 'uint64', UINT64_MAX],
  ] as const)('are those of all rows, in %s with %s only in the last of them', (format, last, type, cell) => {
    const rows = Array.from({ length: many }, (_, i) => (i === many - 1 ? last : String(i)));
    const text = format === 'csv' ? `a\n${rows.join('\n')}` : rows.map((row) => `{"a":${row}}`).join('\n');
    const table = readText(format, text);
    const cells = cellsOf(table).a!;
    expect([typesOf(table).a, cells.length, cells.at(-1)]).toEqual([type, many, cell]);
    expect(cells[12_345]).toBe({ float64: '12345.0', utf8: '"12345"', uint64: '12345' }[type]);
  });

  test('columns come in the order in which they are first seen, and are null before', () => {
    const table = readText('ndjson', '{"b":1}\n{"a":2,"b":3}\n{"c":null}\n');
    expect(cellsOf(table)).toEqual({
      b: ['1', '3', 'null'],
      a: ['null', '2', 'null'],
      c: ['null', 'null', 'null'],
    });
  });

  test('a column that first comes after many rows is null in them', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => (i < 4999 ? `{"a":${i}}` : '{"b":"x","a":1}'));
    const { a, b } = cellsOf(readText('json', `[${rows.join(',')}]`));
    expect([a!.length, b!.filter((cell) => cell !== 'null'), b!.at(-1)]).toEqual([5000, ['"x"'], '"x"']);
  });

  test('rows to be added leave out columns without a value, but never a key, nor all', () => {
    const row = '{"a":1,"b":null,"k":null}';
    expect(typesOf(readText('ndjson', row, { neverLeftOut: ['k'] }))).toEqual({ a: 'int64', k: 'null' });
    expect(typesOf(readText('ndjson', row, { neverLeftOut: null }))).toMatchObject({ b: 'null' });
    expect(typesOf(readText('ndjson', '{"a":null}', { neverLeftOut: [] }))).toEqual({ a: 'null' });
  });
});
