import {
  type DataType,
  Float64,
  Int32,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';

export type Cell = string | number | bigint | boolean | null;
export type PlainRow = Readonly<Record<string, Cell>>;

/** How another program would make a message: with the library apache-arrow alone, none of the project's code. */
export interface ArrowMessageOptions {
  /** Arrow types of columns by name; the others are float64, or utf8 where their first value is text. */
  readonly types?: Readonly<Record<string, DataType>>;
  readonly format?: 'stream' | 'file';
}

export function arrowOf(rows: readonly PlainRow[], options: ArrowMessageOptions = {}): Uint8Array {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns: Record<string, Vector> = {};
  for (const name of names) {
    const values = rows.map((row) => row[name] ?? null);
    const isText = values.some((value) => typeof value === 'string');
    const type = options.types?.[name] ?? (isText ? new Utf8() : new Float64());
    columns[name] = vectorFromArray(values, type);
  }
  return tableToIPC(new Table(columns), options.format ?? 'stream');
}

export const int32 = (): DataType => new Int32();

/** The frames of a bus message: two, or three with a header; a text is sent as the header that it is, valid or not. */
export function busMessage(
  table: string | Uint8Array,
  arrow: Uint8Array | readonly PlainRow[],
  header?: object | string,
): (string | Uint8Array)[] {
  const bytes = arrow instanceof Uint8Array ? arrow : arrowOf(arrow);
  if (header === undefined) return [table, bytes];
  return [table, typeof header === 'string' ? header : JSON.stringify(header), bytes] as (
    | string
    | Uint8Array
  )[];
}

export interface ReadTable {
  readonly columns: readonly string[];
  readonly rows: readonly PlainRow[];
}

/** What the library apache-arrow reads in a stream or file. */
export function readArrow(bytes: Uint8Array): ReadTable {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map((field) => field.name);
  const vectors = columns.map((_, i) => table.getChildAt(i));
  const rows = Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map((name, i) => [name, (vectors[i]?.get(row) ?? null) as Cell])),
  );
  return { columns, rows };
}
