import { expect } from 'vitest';
import { cellJson, cellText } from '../../protocol/arrow/cell-text.ts';
import type { DataType } from '../../protocol/arrow/data-type.ts';
import type { IpcTable } from '../../protocol/arrow/read-ipc.ts';
import { difference, type ExpectedTable, parseKeepingDigits } from './integration-json.ts';

/** Cells of all batches, column by column. */
export function cells<T>(
  table: IpcTable,
  cellOf: (type: DataType, vector: IpcTable['batches'][number]['columns'][number], row: number) => T,
): T[][] {
  return table.fields.map((field, i) =>
    table.batches.flatMap(({ rowCount, columns }) =>
      Array.from({ length: rowCount }, (_, row) => cellOf(field.type, columns[i], row)),
    ),
  );
}

/** All cells are the ones expected, as JSON and as text. */
export function expectSameCells(table: IpcTable, expected: ExpectedTable): void {
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
