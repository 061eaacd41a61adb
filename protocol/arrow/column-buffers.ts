import { TablecastError } from '../errors.ts';
import { type DataType, type TimeUnit, typeName } from './data-type.ts';

export type FixedValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** One column as the Arrow format lays it out; `validity` is absent where no value is missing. */
export interface ColumnBuffers {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array | undefined;
  readonly offsets: Int32Array | undefined;
  readonly values: FixedValues | undefined;
  readonly children: readonly ColumnBuffers[];
}

type Cells = ArrayLike<unknown>;
type Fail = (row: number) => TablecastError;

/**
 * JavaScript values as a column of `type`. Times take a Date or a number of Unix milliseconds, and a bigint in the type's own unit;
 * 64-bit integers take a bigint or a safe integer; `null` and `undefined` are missing values.
 *
 * @throws TablecastError `bad_value` naming column and row of a value that does not fit
 */
export function buildColumn(cells: Cells, type: DataType, column: string): ColumnBuffers {
  const fail: Fail = (row) => {
    const value = cells[row];
    const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 64)) : String(value).slice(0, 64);
    const what = `${shown} (${typeof value}) does not fit the type ${typeName(type)}`;
    return new TablecastError('bad_value', `Column ${JSON.stringify(column)}, row ${row}: ${what}.`);
  };
  const { validity, nullCount } = validityOf(cells);
  const common = {
    length: cells.length,
    nullCount,
    validity,
    offsets: undefined,
    values: undefined,
    children: [],
  };
  switch (type.kind) {
    case 'null':
      if (nullCount < cells.length)
        throw fail(Array.from(cells).findIndex((cell) => cell !== null && cell !== undefined));
      return { ...common, nullCount: cells.length, validity: undefined };
    case 'bool':
      return { ...common, values: boolBits(cells, fail) };
    case 'int':
    case 'float':
    case 'date':
    case 'timestamp':
      return { ...common, values: fixedValues(cells, type, fail) };
    case 'utf8':
    case 'binary':
      return { ...common, ...byteValues(cells, type.kind, fail) };
    case 'list':
      return { ...common, ...listValues(cells, type.child.type, column, fail) };
    case 'struct':
      return {
        ...common,
        children: type.children.map(({ name, type: child }) => {
          const values = Array.from(
            cells,
            (cell) => (cell as Record<string, unknown> | null | undefined)?.[name],
          );
          return buildColumn(values, child, `${column}.${name}`);
        }),
      };
    default:
      throw new TablecastError('internal', `Columns of type ${type.kind} are not built from values.`);
  }
}

function validityOf(cells: Cells): { validity: Uint8Array | undefined; nullCount: number } {
  if (ArrayBuffer.isView(cells)) return { validity: undefined, nullCount: 0 };
  const bits = new Uint8Array((cells.length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] === null || cells[i] === undefined) nullCount++;
    else bits[i >> 3]! |= 1 << (i & 7);
  }
  return { validity: nullCount === 0 ? undefined : bits, nullCount };
}

function boolBits(cells: Cells, fail: Fail): Uint8Array {
  const bits = new Uint8Array((cells.length + 7) >> 3);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (cell === null || cell === undefined) continue;
    if (typeof cell !== 'boolean') throw fail(i);
    if (cell) bits[i >> 3]! |= 1 << (i & 7);
  }
  return bits;
}

type FixedType = Extract<DataType, { kind: 'int' | 'float' | 'date' | 'timestamp' }>;

function fixedValues(cells: Cells, type: FixedType, fail: Fail): FixedValues {
  const values = emptyValues(type, cells.length);
  if (ArrayBuffer.isView(cells) && cells.constructor === values.constructor)
    return cells as unknown as FixedValues;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (cell === null || cell === undefined) continue;
    const value = fixedValue(cell, type);
    if (value === null) throw fail(i);
    values[i] = value;
    // A typed array wraps what is out of its range.
    if (type.kind === 'int' && values[i] !== value) throw fail(i);
  }
  return values;
}

function emptyValues(type: FixedType, length: number): FixedValues {
  switch (type.kind) {
    case 'float':
      return type.bits === 32 ? new Float32Array(length) : new Float64Array(length);
    case 'date':
      return new Int32Array(length);
    case 'timestamp':
      return new BigInt64Array(length);
    case 'int':
      if (type.bits === 64) return type.signed ? new BigInt64Array(length) : new BigUint64Array(length);
      if (type.bits === 32) return type.signed ? new Int32Array(length) : new Uint32Array(length);
      if (type.bits === 16) return type.signed ? new Int16Array(length) : new Uint16Array(length);
      return type.signed ? new Int8Array(length) : new Uint8Array(length);
  }
}

const MS_PER_DAY = 86_400_000;

/** The value as its typed array takes it; null where it does not fit. */
function fixedValue(cell: unknown, type: FixedType): number | bigint | null {
  switch (type.kind) {
    case 'float':
      return typeof cell === 'number' ? cell : null;
    case 'int':
      if (type.bits === 64)
        return typeof cell === 'bigint' ? cell : Number.isSafeInteger(cell) ? BigInt(cell as number) : null;
      return typeof cell === 'number' ? cell : typeof cell === 'bigint' ? Number(cell) : null;
    case 'date': {
      const ms = unixMs(cell);
      return ms === null ? null : Math.floor(ms / MS_PER_DAY);
    }
    case 'timestamp': {
      if (typeof cell === 'bigint') return cell;
      const ms = unixMs(cell);
      return ms === null ? null : fromMs(ms, type.unit);
    }
  }
}

function unixMs(cell: unknown): number | null {
  const ms = cell instanceof Date ? cell.getTime() : cell;
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : null;
}

function fromMs(ms: number, unit: TimeUnit): bigint {
  switch (unit) {
    case 's':
      return BigInt(Math.floor(ms / 1000));
    case 'ms':
      return BigInt(Math.floor(ms));
    case 'us':
      return BigInt(Math.floor(ms * 1000));
    case 'ns':
      return BigInt(Math.floor(ms * 1000)) * 1000n;
  }
}

const encoder = new TextEncoder();
const EMPTY = new Uint8Array(0);

function byteValues(
  cells: Cells,
  kind: 'utf8' | 'binary',
  fail: Fail,
): { offsets: Int32Array; values: Uint8Array } {
  const parts = Array.from(cells, (cell, row) => {
    if (cell === null || cell === undefined) return EMPTY;
    if (kind === 'utf8' && typeof cell === 'string') return encoder.encode(cell);
    if (kind === 'binary' && cell instanceof Uint8Array) return cell;
    throw fail(row);
  });
  const offsets = new Int32Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i]! + part.length;
  });
  const values = new Uint8Array(offsets[parts.length]!);
  parts.forEach((part, i) => {
    values.set(part, offsets[i]!);
  });
  return { offsets, values };
}

function listValues(
  cells: Cells,
  element: DataType,
  column: string,
  fail: Fail,
): Pick<ColumnBuffers, 'offsets' | 'children'> {
  const offsets = new Int32Array(cells.length + 1);
  const elements: unknown[] = [];
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (Array.isArray(cell) || ArrayBuffer.isView(cell))
      for (const value of cell as Iterable<unknown>) elements.push(value);
    else if (cell !== null && cell !== undefined) throw fail(row);
    offsets[row + 1] = elements.length;
  }
  return { offsets, children: [buildColumn(elements, element, `${column}[]`)] };
}
