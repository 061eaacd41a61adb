/**
 * JavaScript values to one Arrow IPC stream. The one place of the project that imports the library `apache-arrow`.
 *
 * The stream has one record batch with plain (not dictionary) columns, every field nullable. Rows become columns by the keys of
 * all rows in first-seen order; a key that a row lacks is null. The types of columns: {@link inferType}.
 */
import {
  type DataType as ArrowType,
  Binary,
  Bool,
  Data,
  DateDay,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Timestamp,
  TimeUnit,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import { TablecastError } from '../errors.ts';
import { buildColumn, type ColumnBuffers } from './column-buffers.ts';
import type { DataType } from './data-type.ts';
import { inferType, typedArrayType } from './infer-type.ts';
import { parseTypeName } from './parse-type-name.ts';

export type Row = Readonly<Record<string, unknown>>;
/** Column names to values, all of one length. */
export type Columns = Readonly<Record<string, ArrayLike<unknown>>>;
/** Rows, columns, or a table or record batch of the library `apache-arrow`. */
export type Values = readonly Row[] | Columns | Table | RecordBatch;

/** Shown to people beside or instead of the column's name. */
export interface ColumnMetadata {
  readonly label?: string;
  readonly unit?: string;
  readonly format?: string;
}

/** Both by column name; they say nothing of tables and record batches, which have types and metadata of their own. */
export interface FromValuesOptions {
  /** Type names as in {@link parseTypeName}; columns without one are inferred. Where there are no rows, these are the columns. */
  readonly types?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, ColumnMetadata>>;
}

/**
 * @throws TablecastError `type_mismatch` where a column's values are of two types, `bad_value` where one does not fit the type that
 * `types` names or columns differ in length, `bad_parameter` for an unknown type name
 */
export function fromValues(values: Values, options: FromValuesOptions = {}): Uint8Array {
  if (values instanceof Table) return tableToIPC(values, 'stream');
  if (values instanceof RecordBatch) return tableToIPC(new Table([values]), 'stream');
  if (isForeignTable(values)) {
    throw new TablecastError(
      'bad_value',
      'The table is of another copy of apache-arrow; pass what its tableToIPC() gives.',
    );
  }
  const columns = isRows(values) ? columnsOf(values, options) : Object.entries(values);
  const rowCount = isRows(values) ? values.length : lengthOf(columns);
  const fields: Field[] = [];
  const children: Data[] = [];
  for (const [name, cells] of columns) {
    const type = typeOf(name, cells, options);
    const buffers = buildColumn(cells, type, name);
    const arrowType = toArrowType(type);
    fields.push(new Field(name, arrowType, true, metadataOf(options.metadata?.[name])));
    children.push(toData(arrowType, buffers));
  }
  const struct = new Data(new Struct(fields), 0, rowCount, 0, {}, children);
  const batch = new RecordBatch(new Schema(fields), struct);
  return tableToIPC(new Table([batch]), 'stream');
}

function isRows(values: readonly Row[] | Columns): values is readonly Row[] {
  return Array.isArray(values);
}

function isForeignTable(values: object): boolean {
  return (
    'schema' in values &&
    typeof values.schema === 'object' &&
    values.schema !== null &&
    'fields' in values.schema
  );
}

type NamedColumns = readonly (readonly [name: string, cells: ArrayLike<unknown>])[];

function columnsOf(rows: readonly Row[], options: FromValuesOptions): NamedColumns {
  const columns = new Map<string, unknown[]>();
  if (rows.length === 0) for (const name of Object.keys(options.types ?? {})) columns.set(name, []);
  rows.forEach((row, index) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new TablecastError('bad_value', `Row ${index} is not an object of column names and values.`);
    }
    for (const name of Object.keys(row)) {
      let cells = columns.get(name);
      if (cells === undefined) {
        cells = new Array<unknown>(rows.length);
        columns.set(name, cells);
      }
      cells[index] = row[name];
    }
  });
  return [...columns];
}

function lengthOf(columns: NamedColumns): number {
  let first: { name: string; length: number } | undefined;
  for (const [name, cells] of columns) {
    if (!Array.isArray(cells) && typedArrayType(cells) === null) {
      throw new TablecastError(
        'bad_value',
        `Column ${JSON.stringify(name)} is neither an array nor a typed array.`,
      );
    }
    first ??= { name, length: cells.length };
    if (cells.length !== first.length) {
      const [a, b] = [JSON.stringify(first.name), JSON.stringify(name)];
      throw new TablecastError(
        'bad_value',
        `Column ${a} has ${first.length} values and column ${b} has ${cells.length}.`,
      );
    }
  }
  return first?.length ?? 0;
}

function typeOf(name: string, cells: ArrayLike<unknown>, options: FromValuesOptions): DataType {
  const named = options.types?.[name];
  return named === undefined ? (typedArrayType(cells) ?? inferType(cells, name)) : parseTypeName(named);
}

function metadataOf(metadata: ColumnMetadata | undefined): Map<string, string> {
  return new Map(Object.entries(metadata ?? {}));
}

function toData(type: ArrowType, column: ColumnBuffers): Data {
  const children = column.children.map((child, i) => toData(type.children[i]!.type, child));
  // Indexes of the library's BufferType: offsets, values, validity.
  const buffers = {
    ...(column.offsets && { 0: column.offsets }),
    ...(column.values && { 1: column.values }),
    ...(column.validity && { 2: column.validity }),
  };
  return new Data(type, 0, column.length, column.nullCount, buffers, children);
}

const TIME_UNITS = {
  s: TimeUnit.SECOND,
  ms: TimeUnit.MILLISECOND,
  us: TimeUnit.MICROSECOND,
  ns: TimeUnit.NANOSECOND,
} as const;

function toArrowType(type: DataType): ArrowType {
  switch (type.kind) {
    case 'null':
      return new Null();
    case 'bool':
      return new Bool();
    case 'utf8':
      return new Utf8();
    case 'binary':
      return new Binary();
    case 'int':
      return toArrowInt(type.bits, type.signed);
    case 'float':
      return type.bits === 32 ? new Float32() : new Float64();
    case 'date':
      return new DateDay();
    case 'timestamp':
      return new Timestamp(TIME_UNITS[type.unit], type.timezone);
    case 'list':
      return new List(new Field(type.child.name, toArrowType(type.child.type), true));
    case 'struct':
      return new Struct(type.children.map((child) => new Field(child.name, toArrowType(child.type), true)));
    default:
      throw new TablecastError('internal', `Columns of type ${type.kind} are not built from values.`);
  }
}

function toArrowInt(bits: 8 | 16 | 32 | 64, signed: boolean): ArrowType {
  switch (bits) {
    case 8:
      return signed ? new Int8() : new Uint8();
    case 16:
      return signed ? new Int16() : new Uint16();
    case 32:
      return signed ? new Int32() : new Uint32();
    case 64:
      return signed ? new Int64() : new Uint64();
  }
}
