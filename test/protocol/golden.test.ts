import { type Table, tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { type CellValue, cellValue } from '../../protocol/arrow/cell-value.ts';
import { type DataType, typeName } from '../../protocol/arrow/data-type.ts';
import { CONTINUATION, readMessage } from '../../protocol/arrow/ipc-message.ts';
import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { cells, expectSameCells } from '../support/expect-same-cells.ts';
import { areGoldenFilesThere, goldenCases } from '../support/golden-cases.ts';
import { readIntegrationJson } from '../support/integration-json.ts';

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

/** Before Arrow 0.15 no marker stood before a message's length, so that bodies often were not aligned to 8 bytes. */
function inOldFraming(stream: Uint8Array): Uint8Array {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const parts: Uint8Array[] = [];
  let at = 0;
  while (at < stream.length) {
    const next = readMessage(stream, at).next;
    expect(view.getUint32(at, true)).toBe(CONTINUATION);
    parts.push(stream.subarray(at + 4, next));
    at = next;
  }
  return Buffer.concat(parts);
}

describe.skipIf(!areGoldenFilesThere)('golden Arrow data of the Arrow project', () => {
  const taken = goldenCases();

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
      expectSameCells(table, expected);
    });

    test('with the framing before Arrow 0.15 it is the same table', () => {
      expectSameCells(readIpc(inOldFraming(stream)), expected);
    });

    test('written by us it is the same table again', () => {
      const table = readIpc(stream);
      const again = readIpc(written(table));
      expect(again.fields.map(({ name, nullable, metadata }) => ({ name, nullable, metadata }))).toEqual(
        table.fields.map(({ name, nullable, metadata }) => ({ name, nullable, metadata })),
      );
      expectSameCells(again, expected);
    });

    test('what we write is read by apache-arrow', () => {
      const table = readIpc(stream);
      expectLibraryAgrees(tableFromIPC(written(table)), table);
    });
  });
});
