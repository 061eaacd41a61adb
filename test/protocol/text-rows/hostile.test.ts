import { describe, expect, test } from 'vitest';
import { cellsOf, readText, refusalOf, typesOf } from './text-rows.ts';

describe('hostile bodies', () => {
  const many = 1_000_000;
  test('a header of a million columns is too_large', () => {
    const csv = `${Array.from({ length: many }, (_, i) => `c${i}`).join(',')}\n`;
    expect(refusalOf(() => readText('csv', csv))).toMatch(/^too_large: .*10000 columns/);
  });

  test('an object of a million names is too_large, as a record and as columns', () => {
    const names = Array.from({ length: many }, (_, i) => `"c${i}"`);
    expect(refusalOf(() => readText('json', `[{${names.map((name) => `${name}:1`).join(',')}}]`))).toMatch(
      /^too_large/,
    );
    expect(refusalOf(() => readText('json', `{${names.map((name) => `${name}:[1]`).join(',')}}`))).toMatch(
      /^too_large/,
    );
    expect(
      refusalOf(() => readText('json', `[{"a":{${names.map((name) => `${name}:1`).join(',')}}}]`)),
    ).toMatch(/^too_large/);
  });

  test.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('%s nested a hundred thousand levels deep are too_large', (_, open, close) => {
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    for (const body of [`[{"a":${deep}}]`, `{"a":[${deep}]}`])
      expect(refusalOf(() => readText('json', body))).toMatch(/^too_large: .*64 levels/);
    expect(refusalOf(() => readText('json', open.repeat(100_000)))).toMatch(/^(too_large|bad_body)/);
  });

  test('lists nested as deep as may be are taken', () => {
    const deep = `${'['.repeat(63)}1${']'.repeat(63)}`;
    expect(cellsOf(readText('json', `[{"a":${deep}}]`)).a).toEqual([deep]);
    expect(refusalOf(() => readText('json', `[{"a":[${deep}]}]`))).toMatch(/^too_large/);
  });

  test('empty rows do not unfold to more than may be', () => {
    const wide = `{${Array.from({ length: 5000 }, (_, i) => `"c${i}":1`).join(',')}}`;
    const body = `[${wide}${',{}'.repeat(200_000)}]`;
    expect(refusalOf(() => readText('json', body))).toMatch(/^too_large: .*empty cells/);
  });

  test('names of JavaScript’s own are columns like any other', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'];
    const record = `{${names.map((name, i) => `"${name}":${i}`).join(',')},"n":{"__proto__":{"polluted":true}}}`;
    for (const body of [`[${record}]`, `{${names.map((name, i) => `"${name}":[${i}]`).join(',')}}`]) {
      const table = readText('json', body);
      expect(table.fields.slice(0, names.length).map(({ name }) => name)).toEqual(names);
    }
    expect(Object.keys(typesOf(readText('csv', `${names.join(',')}\n1,2,3,4,5\n`)))).toContain('constructor');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('a number of a million digits is decided quickly', () => {
    const digits = '9'.repeat(many);
    expect(typesOf(readText('csv', `a\n${digits}\n`))).toEqual({ a: 'utf8' });
    expect(refusalOf(() => readText('json', `[{"a":${digits}}]`))).toMatch(/^bad_value/);
    const fields = [
      {
        name: 'a',
        type: { kind: 'decimal', precision: 38, scale: 2, bits: 128 } as const,
        nullable: true,
        metadata: new Map<string, string>(),
      },
    ];
    for (const cell of [digits, `1e${digits}`, `0.${digits}`])
      expect(refusalOf(() => readText('csv', `a\n${cell}\n`, { fields }))).toMatch(/^bad_value/);
  });
});
