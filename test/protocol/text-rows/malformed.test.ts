import { describe, expect, test } from 'vitest';
import type { TextFormat } from '../../../protocol/text-rows/text-rows-to-arrow.ts';
import { cellsOf, readText, refusalOf, typesOf } from './text-rows.ts';

/** What is refused as `bad_body`, and what its detail says. */
const malformed: [string, TextFormat, string | Uint8Array, RegExp][] = [
  ['an empty body', 'csv', '', /empty/],
  ['an empty body', 'json', '', /empty/],
  ['an empty body', 'ndjson', '', /empty/],
  ['a byte order mark alone', 'json', '\ufeff', /empty/],
  ['blank lines alone', 'csv', '\n\r\n', /no header/],
  ['a quote that is not closed', 'csv', 'a,b\n1,"x\n2,y\n', /row 1 .* byte 6/],
  ['a quote in the header that is not closed', 'csv', '"a,b\n1,2\n', /header/],
  ['text after a closing quote', 'csv', 'a,b\n1,"x"y\n', /row 1 .* closing quote/],
  ['a row that is too short', 'csv', 'a,b\n1,2\n3\n', /row 2 .* 2 cells/],
  ['a row that is too long', 'csv', 'a,b\n1,2,3\n', /row 1 .* 2 cells/],
  ['no UTF-8', 'csv', Uint8Array.of(0x61, 0x0a, 0xc3, 0x28), /UTF-8 at byte 2/],
  ['UTF-8 cut short', 'json', Uint8Array.of(0x5b, 0x22, 0xe2, 0x82), /UTF-8 at byte 2/],
  ['a value alone', 'json', '17', /expected an array/],
  ['something after the array', 'json', '[{"a":1}] x', /byte 10/],
  ['an array that is not closed', 'json', '[{"a":1}', /byte 8/],
  ['an object that is not closed', 'json', '[{"a":1', /byte 7/],
  ['a list closed by a brace', 'json', '[{"a":[1}}]', /byte/],
  ['a comma too many', 'json', '[{"a":1,}]', /name in quotes/],
  ['a comma too many between records', 'json', '[{"a":1},]', /row 2 .* not an object/],
  ['a record that is none', 'json', '[{"a":1}, 2]', /row 2 .* not an object/],
  ['a name twice', 'json', '[{"a":1,"a":2}]', /"a" twice/],
  ['a name twice, once escaped', 'json', '[{"a":1,"\\u0061":2}]', /"a" twice/],
  ['a name twice', 'json', '{"a":[1],"a":[2]}', /"a" twice/],
  ['columns of two lengths', 'json', '{"a":[1,2],"b":[1]}', /"a" and "b" .* length/],
  ['a column that is no array', 'json', '{"a":1}', /"a" is not an array; send an array of records/],
  ['a number with a leading zero', 'json', '[{"a":01}]', /begin with 0/],
  ['a number without digits after its point', 'json', '[{"a":1.}]', /digit/],
  ['a bare word', 'json', '[{"a":nul}]', /expected a value/],
  ['NaN', 'json', '[{"a":NaN}]', /NaN .* null/],
  ['a text with a line break', 'json', '[{"a":"x\ny"}]', /control character/],
  ['no such escape', 'json', '[{"a":"\\x41"}]', /no such escape/],
  ['a short unicode escape', 'json', '[{"a":"\\u12"}]', /hexadecimal/],
  ['single quotes', 'json', "[{'a':1}]", /name in quotes/],
  ['a line that is no object', 'ndjson', '{"a":1}\n\n[1]\n', /line 3/],
  ['two objects in a line', 'ndjson', '{"a":1} {"a":2}\n', /line 1/],
  ['an object over two lines', 'ndjson', '{"a":1}\n{"a":\n2}\n', /line 2/],
  ['rows without columns', 'json', '[{},{}]', /no columns/],
];

describe('bodies that do not parse', () => {
  test.each(malformed)('%s in %s is bad_body, with the place', (_, format, text, detail) => {
    const refusal = refusalOf(() => readText(format, text));
    expect(refusal).toMatch(/^bad_body: /);
    expect(refusal).toMatch(detail);
  });

  test('every beginning of a good body is refused or is a good body, and never anything else', () => {
    const bodies: [TextFormat, string][] = [
      ['json', '[{"a":[{"b":"\\u00e9"},{}],"c":-1.5e+3},{"a":null,"d":true}]'],
      ['json', '{"a":["x","y\\n"],"b":[false,null]}'],
      ['ndjson', '{"a":{"b":[1,2]}}\n{"a":{"b":[]}}\n'],
      ['csv', 'a,"b ""c"""\r\n1,"x, y"\r\n"2",\r\n'],
    ];
    for (const [format, text] of bodies) {
      expect(refusalOf(() => readText(format, text))).toBe('taken');
      for (let length = 0; length < text.length; length++) {
        expect(refusalOf(() => readText(format, text.slice(0, length)))).toMatch(
          /^(taken$|bad_body: |bad_value: )/,
        );
      }
    }
  });
});

describe('bodies that do parse', () => {
  test.each([
    ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['LF', 'a,b\n1,x\n2,y\n'],
    ['no line break at the end', 'a,b\n1,x\n2,y'],
    ['blank lines', '\na,b\n\n1,x\r\n\n2,y\n\n'],
    ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
    ['quotes all over', '"a","b"\n"1","x"\n"2","y"'],
  ])('CSV with %s', (_, text) => {
    expect(cellsOf(readText('csv', text))).toEqual({ a: ['1', '2'], b: ['"x"', '"y"'] });
  });

  test('a quote inside of a cell that does not begin with one is text', () => {
    expect(cellsOf(readText('csv', 'a,b\n5" pipe,1\n')).a).toEqual(['"5\\" pipe"']);
  });

  test('a CSV header alone makes columns without rows, in the types that the table has', () => {
    const fields = [{ name: 'b', type: { kind: 'bool' }, nullable: true, metadata: new Map() }] as const;
    const table = readText('csv', 'a,b\n', { fields });
    expect([table.rowCount, typesOf(table)]).toEqual([0, { a: 'null', b: 'bool' }]);
  });

  test.each(['[]', ' [ ] ', '{}'])('%s is no rows, of the columns that the table has', (text) => {
    const fields = [{ name: 'b', type: { kind: 'bool' }, nullable: true, metadata: new Map() }] as const;
    const table = readText('json', text, { fields });
    expect([table.rowCount, typesOf(table)]).toEqual([0, { b: 'bool' }]);
  });

  test('JSON with white space everywhere, and names with escapes', () => {
    const text = ' [ { "a" : 1 , "\\u00e9\\"" : [ 1 , 2 ] } ,\r\n\t{ } ] ';
    expect(cellsOf(readText('json', text))).toEqual({ a: ['1', 'null'], 'é"': ['[1,2]', 'null'] });
  });
});
