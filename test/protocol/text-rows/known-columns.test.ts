import { describe, expect, test } from 'vitest';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { cellsOf, fieldOf, readText, refusalOf, typesOf } from './text-rows.ts';

const int = (bits: 8 | 16 | 32 | 64, signed = true): DataType => ({ kind: 'int', bits, signed });
const float = (bits: 16 | 32 | 64): DataType => ({ kind: 'float', bits });
const decimal = (precision: number, scale: number, bits: 32 | 64 | 128 | 256 = 128): DataType => ({
  kind: 'decimal',
  precision,
  scale,
  bits,
});
const timestamp = (unit: 's' | 'ms' | 'us' | 'ns', timezone: string | null = null): DataType => ({
  kind: 'timestamp',
  unit,
  timezone,
});
const list = (type: DataType): DataType => ({ kind: 'list', child: fieldOf('item', type) });
const pairs: DataType = {
  kind: 'struct',
  children: [fieldOf('key', { kind: 'utf8' }), fieldOf('value', int(32))],
};
const map: DataType = { kind: 'map', child: fieldOf('entries', pairs), keysSorted: false };
const fixedList: DataType = { kind: 'fixed_size_list', child: fieldOf('item', int(8)), size: 2 };
const utf8: DataType = { kind: 'utf8' };
const union: DataType = { kind: 'union', typeIds: [0], children: [fieldOf('a', utf8)] };
const DECIMAL256_MAX = '9'.repeat(76);

/** A column's type, cells of JSON that fit it, and what they are as JSON again. */
const fitting: [DataType, string, string][] = [
  [int(8), '-128', '-128'],
  [int(8), '127', '127'],
  [int(8, false), '255', '255'],
  [int(16), '-32768', '-32768'],
  [int(16, false), '65535', '65535'],
  [int(32), '-2147483648', '-2147483648'],
  [int(32, false), '4294967295', '4294967295'],
  [int(64), '-9223372036854775808', '-9223372036854775808'],
  [int(64, false), '18446744073709551615', '18446744073709551615'],
  [int(64), '5.0', '5'],
  [int(64), '1e3', '1000'],
  [int(64), '"9007199254740993"', '9007199254740993'],
  [int(64), '-0', '0'],
  [float(64), '0.1', '0.1'],
  [float(64), '5e-324', '5e-324'],
  [float(64), '17', '17.0'],
  [float(64), '123456789.123456789', '123456789.12345679'],
  [float(64), '"NaN"', 'null'],
  [float(32), '0.1', '0.1'],
  [float(32), '3.4028234663852886e38', '3.4028235e+38'],
  [float(16), '65504', '65500.0'],
  [float(16), '0.1', '0.1'],
  [{ kind: 'bool' }, 'true', 'true'],
  [{ kind: 'bool' }, '"False"', 'false'],
  [utf8, '"x"', '"x"'],
  [decimal(10, 2), '"12.50"', '"12.50"'],
  [decimal(10, 2), '12.5', '"12.50"'],
  [decimal(10, 2), '-0.05', '"-0.05"'],
  [decimal(10, 2), '1.2500', '"1.25"'],
  [decimal(10, 2), '1e2', '"100.00"'],
  [decimal(9, 2, 32), '"-1234567.89"', '"-1234567.89"'],
  [decimal(18, 0, 64), '"-999999999999999999"', '"-999999999999999999"'],
  [decimal(76, 0, 256), `"-${DECIMAL256_MAX}"`, `"-${DECIMAL256_MAX}"`],
  [decimal(76, 76, 256), `"0.${DECIMAL256_MAX}"`, `"0.${DECIMAL256_MAX}"`],
  [decimal(5, -2), '"1200"', '"1200"'],
  [{ kind: 'date', unit: 'day' }, '"2024-02-29"', '"2024-02-29"'],
  [{ kind: 'date', unit: 'day' }, '"-000001-03-01"', '"-000001-03-01"'],
  [{ kind: 'date', unit: 'ms' }, '"1969-12-31"', '"1969-12-31"'],
  [{ kind: 'time', unit: 's' }, '"09:30:00"', '"09:30:00"'],
  [{ kind: 'time', unit: 'ns' }, '"23:59:59.999999999"', '"23:59:59.999999999"'],
  [{ kind: 'time', unit: 'ms' }, '"09:30"', '"09:30:00.000"'],
  [timestamp('ns'), '"2026-11-21T09:30:00.123456789"', '"2026-11-21T09:30:00.123456789"'],
  [timestamp('us'), '"2026-11-21 09:30:00"', '"2026-11-21T09:30:00.000000"'],
  [timestamp('s'), '"1969-12-31T23:59:59"', '"1969-12-31T23:59:59"'],
  [timestamp('s'), '"2026-11-21"', '"2026-11-21T00:00:00"'],
  [timestamp('ms', 'UTC'), '"2026-11-21T09:30:00.5Z"', '"2026-11-21T09:30:00.500Z"'],
  [timestamp('ms', 'UTC'), '"2026-11-21T09:30:00+05:30"', '"2026-11-21T04:00:00.000Z"'],
  [timestamp('s', 'Europe/Oslo'), '"2026-07-01T00:00:00-0330"', '"2026-07-01T05:30:00+02:00"'],
  [{ kind: 'duration', unit: 'ms' }, '"PT1.5S"', '"PT1.500S"'],
  [{ kind: 'duration', unit: 's' }, '"-P1DT2H3M4S"', '"-PT93784S"'],
  [{ kind: 'binary' }, '"3q2+7w=="', '"3q2+7w=="'],
  [{ kind: 'binary' }, '""', '""'],
  [{ kind: 'fixed_size_binary', byteWidth: 4 }, '"3q2+7w"', '"3q2+7w=="'],
  [
    { kind: 'interval', unit: 'month_day_nano' },
    '{"months":1,"days":-2,"nanoseconds":9007199254740993}',
    '{"months":1,"days":-2,"nanoseconds":9007199254740993}',
  ],
  [{ kind: 'interval', unit: 'day_time' }, '{"days":1,"milliseconds":2}', '{"days":1,"milliseconds":2}'],
  [list(decimal(5, 1)), '["1.5", 2, null]', '["1.5","2.0",null]'],
  [list(timestamp('s')), '["2026-11-21T09:30:00"]', '["2026-11-21T09:30:00"]'],
  [fixedList, '[1, -1]', '[1,-1]'],
  [map, '[["a", 1], ["b", null]]', '[["a",1],["b",null]]'],
  [map, '[]', '[]'],
  [pairs, '{"value": 1}', '{"key":null,"value":1}'],
  [{ kind: 'null' }, 'null', 'null'],
];

const misfits: [DataType, string][] = [
  [int(8), '128'],
  [int(8, false), '-1'],
  [int(16), '32768'],
  [int(32, false), '4294967296'],
  [int(64), '9223372036854775808'],
  [int(64), '1.5'],
  [int(64), 'true'],
  [int(64), '""'],
  [int(64), '[1]'],
  [int(64), '1e400'],
  [float(64), '1e999'],
  [float(64), '"one"'],
  [float(64), 'true'],
  [float(32), '1e39'],
  [float(16), '65520'],
  [{ kind: 'bool' }, '1'],
  [{ kind: 'bool' }, '"yes"'],
  [utf8, '1'],
  [utf8, 'true'],
  [utf8, '{"a":1}'],
  [utf8, '"\\ud800"'],
  [utf8, '"\\udc00\\ud800"'],
  [decimal(10, 2), '1.234'],
  [decimal(10, 2), '"123456789.00"'],
  [decimal(10, 2), '1e9999'],
  [decimal(5, -2), '1250'],
  [{ kind: 'date', unit: 'day' }, '"2025-02-29"'],
  [{ kind: 'date', unit: 'day' }, '"21.11.2026"'],
  [{ kind: 'date', unit: 'day' }, '20000'],
  [{ kind: 'date', unit: 'day' }, '"+99999999-01-01"'],
  [{ kind: 'time', unit: 's' }, '"24:00:00"'],
  [{ kind: 'time', unit: 'ms' }, '"09:30:00.0001"'],
  [timestamp('ms'), '"2026-11-21T09:30:00.0001"'],
  [timestamp('ms'), '"2026-11-21T09:30:00Z"'],
  [timestamp('ms', 'UTC'), '"2026-11-21T09:30:00"'],
  [timestamp('ms'), '1732181400000'],
  [timestamp('ns'), '"9999-01-01T00:00:00"'],
  [timestamp('s'), '"2026-11-21T09:30:60"'],
  [{ kind: 'duration', unit: 's' }, '"1.5"'],
  [{ kind: 'duration', unit: 's' }, '"P"'],
  [{ kind: 'binary' }, '"not base64!"'],
  [{ kind: 'fixed_size_binary', byteWidth: 4 }, '"3q0="'],
  [{ kind: 'interval', unit: 'day_time' }, '{"days":1}'],
  [{ kind: 'interval', unit: 'day_time' }, '{"days":1,"weeks":2}'],
  [list(int(8)), '[1, 300]'],
  [list(int(8)), '1'],
  [fixedList, '[1]'],
  [fixedList, '[1, 300]'],
  [map, '[["a"]]'],
  [map, '[[null, 1]]'],
  [map, '{"a": 1}'],
  [pairs, '{"key": "a", "other": 1}'],
  [pairs, '[]'],
  [union, '"a"'],
  [{ kind: 'null' }, '1'],
];

/** The same value as a CSV cell, quoted. */
function csvOf(json: string): string {
  const text = json.startsWith('"') ? String(JSON.parse(json)) : json;
  return `"${text.replaceAll('"', '""')}"`;
}

describe('columns that the table has', () => {
  test.each(fitting)('%o takes %s exactly', (type, cell, expected) => {
    const fields = [fieldOf('a', type)];
    const json = readText('json', `[{"a":null},{"a":${cell}}]`, { fields });
    expect(json.fields.map((field) => field.type)).toEqual([type]);
    expect(cellsOf(json).a).toEqual(['null', expected]);
    if (cell === 'null') return;
    const csv = readText('csv', `a,b\n,1\n${csvOf(cell)},2\n`, { fields });
    expect(cellsOf(csv).a).toEqual(['null', expected]);
  });

  test.each(misfits)('%o refuses %s with column, row and value', (type, cell) => {
    const fields = [fieldOf('a', type)];
    const refusal = refusalOf(() => readText('ndjson', `{"a":null}\n{"a":${cell}}\n`, { fields }));
    expect(refusal).toMatch(/^bad_value: Column "a", row 2 \(counting from 1, .*\): the value ".*/);
  });

  test('a value that is shown in a refusal is shortened', () => {
    const fields = [fieldOf('a', int(8))];
    const refusal = refusalOf(() => readText('csv', `a\n${'x'.repeat(100_000)}\n`, { fields }));
    expect(refusal.length).toBeLessThan(300);
  });

  test('rows are counted over all of the body', () => {
    const fields = [fieldOf('a', int(8))];
    const csv = `a,b\n${'1,2\n'.repeat(50_000)}300,2\n`;
    expect(refusalOf(() => readText('csv', csv, { fields }))).toContain('row 50001 ');
  });

  test('are nullable where a value is missing, and keep their metadata', () => {
    const metadata = new Map([['unit', 'kg']]);
    const fields = [{ name: 'a', type: int(8), nullable: false, metadata }];
    expect(readText('csv', 'a\n1\n', { fields }).fields[0]).toMatchObject({ nullable: false, metadata });
    expect(readText('csv', 'a\n1\n""\n', { fields }).fields[0]).toMatchObject({ nullable: true });
    expect(readText('ndjson', '{"a":1}\n{"b":1}\n', { fields }).fields[0]).toMatchObject({ nullable: true });
  });
});

describe('a body that replaces the table', () => {
  const types = 'preferred' as const;
  test('keeps the types of columns whose values all fit, and infers the others', () => {
    const fields = [
      fieldOf('a', int(8)),
      fieldOf('b', float(32)),
      fieldOf('c', timestamp('s')),
      fieldOf('d', int(8)),
    ];
    const text = '[{"a":1,"b":1,"c":"2026-11-21T09:30:00","d":1},{"a":300,"b":0.5,"c":"2026-11-22","d":"x"}]';
    const target = { fields: fields.slice(0, 3), types };
    const table = readText('json', text.replaceAll('"x"', '2'), target);
    expect(typesOf(table)).toEqual({ a: 'int64', b: 'float32', c: 'timestamp[s]', d: 'int64' });
    expect(cellsOf(table)).toMatchObject({ a: ['1', '300'], b: ['1.0', '0.5'] });
    const refusal = refusalOf(() => readText('json', text, { fields, types }));
    expect(refusal).toContain('Column "d", row 2');
  });

  test('may bring a column of several kinds where the table’s type takes them all', () => {
    const fields = [fieldOf('a', decimal(5, 1)), fieldOf('b', int(8))];
    const text = '[{"a":1,"b":1},{"a":"1.5","b":300}]';
    expect(typesOf(readText('json', text, { fields, types }))).toEqual({ a: 'decimal128(5, 1)', b: 'int64' });
  });
});
