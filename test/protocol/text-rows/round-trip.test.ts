import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../../../gateway/http/read-rows.ts';
import { type DataType, typeName } from '../../../protocol/arrow/data-type.ts';
import { type IpcTable, readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { cellsOf, fieldOf, readText } from './text-rows.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../shared/arrow-golden/cpp-21.0.0');
const isThere = existsSync(FOLDER);

function written(table: IpcTable, format: 'json' | 'csv'): string {
  return [...FORMATS[format].write(table)].join('');
}

/** Written as text and read back as columns of the same types. */
function readBack(table: IpcTable, format: 'json' | 'csv'): IpcTable {
  return readText(format, written(table, format), { fields: table.fields });
}

function isUnion(type: DataType): boolean {
  return type.kind === 'union';
}

/** Without what text cannot say: unions, and two columns of one name. */
function goldenTables(): { name: string; table: IpcTable }[] {
  if (!isThere) return [];
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.stream'))
    .map((file) => ({ name: file, table: readIpc(readFileSync(path.join(FOLDER, file))) }))
    .filter(({ table: { fields } }) => new Set(fields.map(({ name }) => name)).size === fields.length)
    .filter(({ table: { fields } }) => !fields.some(({ type }) => isUnion(type)));
}

describe.skipIf(!isThere)('golden Arrow data', () => {
  describe.each(goldenTables())('$name', ({ table }) => {
    test.each(['json', 'csv'] as const)(
      'written as %s and read again has the same types and cells',
      (format) => {
        const again = readBack(table, format);
        expect(again.fields.map(({ type }) => typeName(type))).toEqual(
          table.fields.map(({ type }) => typeName(type)),
        );
        const cells = cellsOf(table);
        // Of a single text column, CSV writes null as it writes empty text.
        const isAmbiguous = format === 'csv' && table.fields.length === 1;
        const sameText = (cell: string) => (isAmbiguous && cell === 'null' ? '""' : cell);
        for (const [name, found] of Object.entries(cellsOf(again)))
          expect(found.map(sameText), name).toEqual(cells[name]!.map(sameText));
      },
    );
  });
});

const utf8: DataType = { kind: 'utf8' };
const float64: DataType = { kind: 'float', bits: 64 };

describe('our own CSV', () => {
  test('keeps empty text and null apart, and NaN and infinities of floats', () => {
    const csv = 't,f\n,NaN\n"",inf\nx,-inf\n"a ""b"", c",\n"line\nbreak",-0.0\n';
    const table = readText('csv', csv, { fields: [fieldOf('t', utf8), fieldOf('f', float64)] });
    expect(cellsOf(table).t).toEqual(['null', '""', '"x"', '"a \\"b\\", c"', '"line\\nbreak"']);
    expect(written(table, 'csv')).toBe(csv);
  });

  test('keeps columns whose names have commas, quotes, line breaks and other scripts', () => {
    const csv = '"a,b","c ""d""","e\nf",größe,列\n1,2,3,4,5\n';
    expect(written(readText('csv', csv), 'csv')).toBe(csv);
  });
});
