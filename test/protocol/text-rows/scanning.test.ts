import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float16 } from '../../../protocol/arrow/cell-value.ts';
import { ByteSource } from '../../../protocol/text-rows/byte-source.ts';
import { CsvRows } from '../../../protocol/text-rows/csv-rows.ts';
import { toFloat16 } from '../../../protocol/text-rows/float-column.ts';
import { invalidUtf8At } from '../../../protocol/text-rows/invalid-utf8.ts';
import { parseBase64 } from '../../../protocol/text-rows/parse-base64.ts';
import { cellsOf, readText } from './text-rows.ts';

const text = fc.string({ unit: 'grapheme' });
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('scanning agrees with the platform', () => {
  test('on what is UTF-8', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const isValid = (bytes: Uint8Array) => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 6, min: 0x70 }),
      fc.string({ unit: 'binary', maxLength: 12 }).map((value) => new TextEncoder().encode(value)),
    );
    fc.assert(
      fc.property(fc.array(pieces), fc.nat(7), (parts, offset) => {
        const bytes = Uint8Array.from([...new Uint8Array(offset), ...parts.flatMap((part) => [...part])]);
        const part = bytes.subarray(offset);
        expect(invalidUtf8At(part) < 0).toBe(isValid(part));
      }),
      { numRuns: 500 },
    );
  });

  test('on every number that JSON writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (numbers) => {
          const rows = numbers.map((value) => `{"a":${Object.is(value, -0) ? '-0.0' : value}}`);
          const { batches } = readText('ndjson', `{"a":0.5}\n${rows.join('\n')}`);
          const [column] = batches[0]!.columns;
          if (column?.layout !== 'fixed') throw new Error('not a fixed column');
          const found = new Float64Array(column.bytes.slice().buffer);
          numbers.forEach((value, i) => {
            expect(found[i + 1]).toBe(value);
          });
        },
      ),
    );
  });

  test('on integers of 64 bits', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { minLength: 1 }), (values) => {
        const cells = cellsOf(readText('csv', `a\n${values.join('\n')}`)).a;
        expect(cells).toEqual(values.map(String));
      }),
    );
  });

  test('on JSON texts, whatever is in them', () => {
    const texts = fc.array(fc.tuple(text, fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(texts, (values) => {
        const escaped = (value: string) =>
          `"${[...value]
            .map((letter) =>
              [...letter]
                .flatMap((_, i) => [letter.charCodeAt(i), letter.charCodeAt(i + 1)])
                .filter((code) => !Number.isNaN(code))
                .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
                .join(''),
            )
            .join('')}"`;
        const body = values.map(
          ([value, escapes]) => `{"a":${escapes ? escaped(value) : JSON.stringify(value)}}`,
        );
        const cells = cellsOf(readText('json', `[${body.join(',')}]`)).a!;
        expect(cells.map((cell) => JSON.parse(cell))).toEqual(values.map(([value]) => value));
      }),
    );
  });

  test('on base64 of any bytes, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const padded = Buffer.from(bytes).toString('base64');
        expect(parseBase64(padded)).toEqual(bytes);
        expect(parseBase64(padded.replace(/=+$/, ''))).toEqual(bytes);
      }),
    );
  });

  test('on float16: every one of them is its own nearest', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16(bits);
      if (!Number.isNaN(value)) expect(toFloat16(value)).toBe(bits);
    }
    expect([toFloat16(65519.99), toFloat16(65520), toFloat16(2 ** -25), toFloat16(2.1 ** -25)]).toEqual([
      0x7bff, 0x7c00, 0, 0,
    ]);
  });
});

describe('CSV', () => {
  test('of any texts gives them back, with any line ends and with needless quotes', () => {
    const rows = fc.array(fc.tuple(text, text), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), (cells, lineEnd, endsLine) => {
        const lines = cells.map((row) => row.map(quoted).join(','));
        const csv = `"a","b"${lineEnd}"x","y"${lineEnd}${lines.join(lineEnd)}${endsLine ? lineEnd : ''}`;
        const { a, b } = cellsOf(readText('csv', csv));
        expect(a!.slice(1).map((cell) => JSON.parse(cell))).toEqual(cells.map(([first]) => first));
        expect(b!.slice(1).map((cell) => JSON.parse(cell))).toEqual(cells.map(([, second]) => second));
      }),
    );
  });

  test('in pieces cut anywhere gives the rows of the whole', () => {
    const bytes = new TextEncoder().encode('a,b\r\n1,"x ""y"""\r\n\n22,\r\n"3","a\nb"\r\n4,z');
    const headerEnd = 5;
    const whole = rowsOf(new CsvRows(new ByteSource(bytes)));
    expect(whole).toEqual([
      ['1', 'x "y"'],
      ['22', ''],
      ['3', 'a\nb'],
      ['4', 'z'],
    ]);
    for (let cut = headerEnd; cut <= bytes.length; cut++) {
      const first = new CsvRows(new ByteSource(bytes.subarray(0, cut)), { isLast: false });
      const begun = rowsOf(first);
      const rest = new CsvRows(new ByteSource(bytes.subarray(first.at)), { names: first.names });
      expect([...begun, ...rowsOf(rest)], `cut at ${cut}`).toEqual(whole);
    }
  });
});

function rowsOf(source: CsvRows): string[][] {
  const rows: string[][] = [];
  for (let block = source.next(); block !== null; block = source.next()) {
    for (let row = 0; row < block.rowCount; row++) rows.push(block.columns.map((cells) => cells.textOf(row)));
  }
  return rows;
}
