import {
  Bool,
  type DataType,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { ColumnType, ModelPublication } from './table-model.ts';

/** The publication's rows as another program would send them, by the library apache-arrow alone. */
export function arrowOfPublication(publication: ModelPublication): Uint8Array {
  const { columns, rows } = publication;
  const dictionary = rows.length % 5 === 2;
  const vectors = columns.map(({ name, type }, i) => [
    name,
    vectorFromArray(
      rows.map((row) => row[i] ?? null),
      typeOf(type, dictionary),
    ),
  ]);
  return tableToIPC(new Table(Object.fromEntries(vectors)), rows.length % 2 === 0 ? 'stream' : 'file');
}

export function headerOfPublication({ op, key, commit, retention }: ModelPublication): Uint8Array {
  return Buffer.from(JSON.stringify({ op, key, commit, retention }));
}

function typeOf(type: ColumnType, dictionary: boolean): DataType {
  switch (type) {
    case 'utf8':
      return dictionary ? new Dictionary(new Utf8(), new Int32()) : new Utf8();
    case 'int32':
      return new Int32();
    case 'float64':
      return new Float64();
    case 'int64':
      return new Int64();
    case 'bool':
      return new Bool();
  }
}
