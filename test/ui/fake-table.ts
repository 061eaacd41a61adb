import type { DataType, Field } from '../../protocol/arrow/data-type.ts';
import type { TableReader } from '../../ui/table-reader.ts';

export type FakeValue = number | bigint | string | boolean | null;

export interface FakeColumn {
  readonly name: string;
  readonly type: DataType;
  readonly values: readonly FakeValue[];
  readonly unit?: string;
}

export const float: DataType = { kind: 'float', bits: 64 };
export const int: DataType = { kind: 'int', bits: 64, signed: true };
export const utf8: DataType = { kind: 'utf8' };
export const time: DataType = { kind: 'timestamp', unit: 'ms', timezone: 'UTC' };

/** A table of plain values, read as grids and charts read a live one. */
export function fakeTable(columns: readonly FakeColumn[], key: readonly string[] | null = null): TableReader {
  const fields = columns.map(
    ({ name, type, unit }): Field => ({
      name,
      type,
      nullable: true,
      metadata: new Map(unit === undefined ? [] : [['unit', unit]]),
    }),
  );
  const at = (row: number, column: number): FakeValue => columns[column]!.values[row] ?? null;
  return {
    fields,
    key,
    rowCount: columns[0]?.values.length ?? 0,
    value: at,
    text: (row, column) => (at(row, column) === null ? null : String(at(row, column))),
    numbers: (column, start, end) =>
      Float64Array.from({ length: end - start }, (_, i) => {
        const value = at(start + i, column);
        return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
      }),
  };
}
