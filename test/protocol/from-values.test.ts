import { Table, tableFromIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { typeName } from '../../protocol/arrow/data-type.ts';
import { type FromValuesOptions, fromValues, type Values } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';

/** What an Arrow reader sees: type names, and values by the library's own decoder. */
function decoded(values: Values, options?: FromValuesOptions) {
  const bytes = fromValues(values, options);
  const table = tableFromIPC(bytes);
  const types = Object.fromEntries(readIpc(bytes).fields.map((field) => [field.name, typeName(field.type)]));
  const rows = table.toArray().map((row) => row?.toJSON());
  return { types, rows, table };
}

function failure(values: Values, options?: FromValuesOptions): TablecastError {
  try {
    fromValues(values, options);
  } catch (thrown) {
    if (thrown instanceof TablecastError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

const DAY = new Date('2026-11-21T10:00:00.123Z');

describe('inferred types', () => {
  const cases: [string, unknown[], string, unknown[]?][] = [
    ['booleans', [true, false, null, true, true, true, true, true, false], 'bool'],
    ['numbers, whole or not', [1, 2.5, null, Number.MAX_VALUE], 'float64'],
    ['bigints', [1n, -(2n ** 63n), null], 'int64'],
    ['text', ['a', '', 'é漢😀', null], 'utf8'],
    ['dates', [DAY, null, new Date(-1)], 'timestamp[ms, UTC]', [DAY.getTime(), null, -1]],
    ['bytes', [new Uint8Array([1, 2]), null, new Uint8Array()], 'binary'],
    ['only missing values', [null, undefined, null], 'null', [null, null, null]],
  ];
  test.each(cases)('%s', (_name, cells, type, expected = cells) => {
    const { types, rows } = decoded({ x: cells });
    expect(types).toEqual({ x: type });
    expect(rows.map((row) => row?.x)).toEqual(expected);
  });

  test('typed arrays keep their types', () => {
    const { types, rows } = decoded({
      a: Int8Array.of(-1, 2),
      b: Uint16Array.of(1, 65535),
      c: Float32Array.of(0.5, -1),
      d: BigUint64Array.of(0n, 2n ** 64n - 1n),
      e: Uint8ClampedArray.of(0, 255),
    });
    expect(types).toEqual({ a: 'int8', b: 'uint16', c: 'float32', d: 'uint64', e: 'uint8' });
    expect(rows[1]).toEqual({ a: 2, b: 65535, c: -1, d: 2n ** 64n - 1n, e: 255 });
  });

  test('nested arrays become lists and plain objects become structs', () => {
    const { types, rows } = decoded([
      { l: [1, null, 2], s: { a: 1 } },
      { l: null, s: { b: ['x'] } },
      { l: [] },
    ]);
    expect(types).toEqual({ l: 'list<float64>', s: 'struct<a: float64, b: list<utf8>>' });
    expect(JSON.parse(JSON.stringify(rows))).toEqual([
      { l: [1, null, 2], s: { a: 1, b: null } },
      { l: null, s: { a: null, b: ['x'] } },
      { l: [], s: null },
    ]);
  });
});

describe('rows and columns', () => {
  test('columns are the keys of all rows in first-seen order, and a missing field is null', () => {
    const { rows, table } = decoded([
      { b: 1, '2': 'x' },
      { a: true, '1': 'y', b: 2 },
    ]);
    expect(table.schema.fields.map((field) => field.name)).toEqual(['2', 'b', '1', 'a']);
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { b: 1, '2': 'x', a: null, '1': null },
      { a: true, '1': 'y', b: 2, '2': null },
    ]);
  });

  test('no rows and no columns are still a valid stream', () => {
    for (const values of [[], {}]) {
      expect(decoded(values)).toMatchObject({ types: {}, rows: [] });
    }
  });

  test('without rows the columns are those that types name', () => {
    expect(decoded([], { types: { pid: 'int32', name: 'utf8' } })).toMatchObject({
      types: { pid: 'int32', name: 'utf8' },
      rows: [],
    });
  });

  test('rows that have no fields are counted', () => {
    expect(readIpc(fromValues([{}, {}])).batches.map((batch) => batch.rowCount)).toEqual([2]);
  });

  test('label, unit and format become field metadata', () => {
    const { table } = decoded([{ x: 1 }], { metadata: { x: { label: 'Load', unit: '%' } } });
    expect(Object.fromEntries(table.schema.fields[0]!.metadata)).toEqual({ label: 'Load', unit: '%' });
  });

  test('tables and record batches of the library pass as they are', () => {
    const table = new Table({ x: vectorFromArray([1, 2]), t: vectorFromArray(['a', 'b'], new Utf8()) });
    const expected = [
      { x: 1, t: 'a' },
      { x: 2, t: 'b' },
    ];
    expect(decoded(table).rows).toEqual(expected);
    expect(decoded(table.batches[0]!).rows).toEqual(expected);
  });

  test('the stream is one schema and one batch with plain columns', () => {
    const bytes = fromValues([{ t: 'a' }, { t: 'a' }]);
    expect(readIpc(bytes).batches).toHaveLength(1);
    expect(String(tableFromIPC(bytes).schema.fields[0]!.type)).toBe('Utf8');
  });
});

describe('types that are given', () => {
  const cases: [type: string, cells: unknown[], expected: unknown[]][] = [
    ['int8', [-128, 127, null], [-128, 127, null]],
    ['uint32', [2 ** 32 - 1], [2 ** 32 - 1]],
    ['int64', [1, 2n, Number.MAX_SAFE_INTEGER], [1n, 2n, BigInt(Number.MAX_SAFE_INTEGER)]],
    ['float32', [0.5, Number.NaN], [0.5, Number.NaN]],
    ['utf8', [null, null], [null, null]],
    ['bool', [true], [true]],
    ['timestamp[ms, UTC]', [1000, DAY, 5n], [1000, DAY.getTime(), 5]],
    ['timestamp[s]', [1999], [1000]],
    ['timestamp[ns, Europe/Rome]', [DAY], [DAY.getTime()]],
    ['date32', [DAY], [Date.UTC(2026, 10, 21)]],
  ];
  test.each(cases)('%s', (type, cells, expected) => {
    const { types, rows } = decoded({ x: cells }, { types: { x: type } });
    expect(types).toEqual({ x: type });
    expect(rows.map((row) => row?.x)).toEqual(expected);
  });

  test('a column of lists', () => {
    const { types } = decoded([{ x: [1, 2] }, { x: Int32Array.of(3) }], { types: { x: 'list<int32>' } });
    expect(types).toEqual({ x: 'list<int32>' });
  });
});

describe('values that do not fit are refused with a code, column and row', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const cases: [string, Values, FromValuesOptions, string, RegExp][] = [
    ['two types', { x: [1, null, 'a'] }, {}, 'type_mismatch', /Column "x", row 2: .*utf8.*float64/],
    ['number and bigint', { x: [1, 2n] }, {}, 'type_mismatch', /row 1/],
    ['a function', { x: [() => 1] }, {}, 'type_mismatch', /Column "x", row 0: a function/],
    ['a class of its own', { x: [new Map()] }, {}, 'type_mismatch', /a Map has no Arrow type/],
    ['a list of two types', { x: [[1, 'a']] }, {}, 'type_mismatch', /Column "x", row 0/],
    ['an object that contains itself', { x: [cyclic] }, {}, 'type_mismatch', /nests deeper/],
    ['out of range', { x: [1, 300] }, { types: { x: 'uint8' } }, 'bad_value', /Column "x", row 1: 300/],
    ['a fraction', { x: [0.5] }, { types: { x: 'int32' } }, 'bad_value', /row 0/],
    ['an unsafe integer', { x: [2 ** 60] }, { types: { x: 'int64' } }, 'bad_value', /row 0/],
    ['text for a number', { x: ['1'] }, { types: { x: 'float64' } }, 'bad_value', /"1" \(string\)/],
    ['an invalid date', { x: [new Date(Number.NaN)] }, {}, 'bad_value', /row 0/],
    ['a value in a null column', { x: [null, 1] }, { types: { x: 'null' } }, 'bad_value', /row 1/],
    [
      'columns of two lengths',
      { a: [1], b: [1, 2] },
      {},
      'bad_value',
      /"a" has 1 values and column "b" has 2/,
    ],
    ['an unknown type name', { x: [1] }, { types: { x: 'int7' } }, 'bad_parameter', /int7/],
  ];
  test.each(cases)('%s', (_name, values, options, code, detail) => {
    const error = failure(values, options);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(detail);
  });
});
