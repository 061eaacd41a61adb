import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Table, tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { cellJson, cellText } from '../../protocol/arrow/cell-text.ts';
import { type CellValue, cellValue } from '../../protocol/arrow/cell-value.ts';
import { type DataType, typeName } from '../../protocol/arrow/data-type.ts';
import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import {
  difference,
  type ExpectedTable,
  parseKeepingDigits,
  readIntegrationJson,
} from '../support/integration-json.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../shared/arrow-golden');
const TAKEN = ['cpp-21.0.0', '4.0.0-shareddict'];
const COMPRESSED = '2.0.0-compression';
const isThere = existsSync(FOLDER);
if (!isThere) console.log('Skipped: the golden Arrow files (../shared/arrow-golden) are not here.');

interface GoldenCase {
  readonly name: string;
  readonly stream: Uint8Array;
  readonly file: Uint8Array;
  readonly json: () => string;
}

function goldenCases(folder: string): GoldenCase[] {
  if (!isThere) return [];
  const at = path.join(FOLDER, folder);
  const names = readdirSync(at).filter((name) => name.endsWith('.stream'));
  return names.map((file) => {
    const stem = path.join(at, file.slice(0, -'.stream'.length));
    return {
      name: `${folder}/${path.basename(stem)}`,
      stream: readFileSync(`${stem}.stream`),
      file: readFileSync(`${stem}.arrow_file`),
      json: () => gunzipSync(readFileSync(`${stem}.json.gz`)).toString('utf8'),
    };
  });
}

/** Cells of all batches, column by column. */
function cells<T>(
  table: IpcTable,
  cellOf: (type: DataType, vector: IpcTable['batches'][number]['columns'][number], row: number) => T,
): T[][] {
  return table.fields.map((field, i) =>
    table.batches.flatMap(({ rowCount, columns }) =>
      Array.from({ length: rowCount }, (_, row) => cellOf(field.type, columns[i], row)),
    ),
  );
}

function expectSame(table: IpcTable, expected: ExpectedTable): void {
  const jsons = cells(table, cellJson);
  const texts = cells(table, cellText);
  const differences: string[] = [];
  expected.columns.forEach((column, i) => {
    const { name } = expected.fields[i]!;
    if (jsons[i]!.length !== column.length)
      differences.push(`${name} has ${jsons[i]!.length} rows, expected ${column.length}`);
    column.forEach((cell, row) => {
      const found = difference(cell, parseKeepingDigits(jsons[i]![row]!));
      if (found !== null) differences.push(`${name}, row ${row}: ${found}`);
      const text = texts[i]![row]!;
      if (text !== textOf(jsons[i]![row]!))
        differences.push(`${name}, row ${row}: text ${text}, JSON ${jsons[i]![row]}`);
    });
  });
  expect(differences).toEqual([]);
}

/** What a cell's text is, given its JSON: the same but for the quotes; nothing golden is NaN or infinite. */
function textOf(json: string): string | null {
  const value: unknown = json.startsWith('"') ? JSON.parse(json) : json;
  return value === 'null' ? null : String(value);
}

function written(table: IpcTable): Uint8Array {
  return new IpcWriter(table.fields).stream(table.batches);
}

/** Types of which apache-arrow gives the plain value. */
function isPlain(type: DataType): boolean {
  return (
    type.kind === 'bool' ||
    type.kind === 'utf8' ||
    type.kind === 'int' ||
    (type.kind === 'float' && type.bits > 16)
  );
}

/** What apache-arrow says of each cell: the value where it is a plain one, elsewhere only whether it is there. */
function expectLibraryAgrees(library: Table, table: IpcTable): void {
  expect(library.numRows).toBe(table.rowCount);
  const values = cells<CellValue>(table, cellValue);
  table.fields.forEach((field, i) => {
    const column = library.getChildAt(i)!;
    const theirs = Array.from({ length: table.rowCount }, (_, row): unknown => column.get(row));
    if (isPlain(field.type)) expect(theirs, field.name).toEqual(values[i]);
    else expect(theirs.map(isMissing), field.name).toEqual(values[i]!.map(isMissing));
  });
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined;
}

function codeOf(bytes: Uint8Array): string {
  try {
    readIpc(bytes);
  } catch (thrown) {
    if (thrown instanceof TablecastError) return thrown.code;
    throw thrown;
  }
  return 'taken';
}

describe.skipIf(!isThere)('golden Arrow data of the Arrow project', () => {
  const taken = TAKEN.flatMap(goldenCases);

  test('there are streams and files of both versions', () => {
    expect(taken.length).toBeGreaterThan(30);
  });

  describe.each(taken)('$name', ({ stream, file, json }) => {
    const expected = readIntegrationJson(json());

    test.each([
      ['stream', stream],
      ['file', file],
    ])('the %s has the fields and cells that its JSON says', (_, bytes) => {
      const table = readIpc(bytes);
      expect(table.fields.map(({ name }) => name)).toEqual(expected.fields.map(({ name }) => name));
      expect(table.fields.map(({ type }) => typeName(type))).toEqual(expected.typeNames);
      const metadata = table.fields.map((field) => Object.fromEntries(field.metadata));
      expect(metadata).toEqual(
        expected.fields.map((field) =>
          Object.fromEntries((field.metadata ?? []).map(({ key, value }) => [key, value])),
        ),
      );
      expectSame(table, expected);
    });

    test('written by us it is the same table again', () => {
      const table = readIpc(stream);
      const again = readIpc(written(table));
      expect(again.fields.map(({ name, nullable, metadata }) => ({ name, nullable, metadata }))).toEqual(
        table.fields.map(({ name, nullable, metadata }) => ({ name, nullable, metadata })),
      );
      expectSame(again, expected);
    });

    test('what we write is read by apache-arrow', () => {
      const table = readIpc(stream);
      expectLibraryAgrees(tableFromIPC(written(table)), table);
    });
  });

  test.each(goldenCases(COMPRESSED))(
    '$name is rejected as unsupported, as long as no codec is there',
    ({ stream, file }) => {
      expect([codeOf(stream), codeOf(file)]).toEqual(['arrow_unsupported', 'arrow_unsupported']);
    },
  );
});
