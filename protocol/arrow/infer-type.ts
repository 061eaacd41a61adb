import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type DataType, type Field, typeName } from './data-type.ts';

const NULL: DataType = { kind: 'null' };
const BOOL: DataType = { kind: 'bool' };
const UTF8: DataType = { kind: 'utf8' };
const BINARY: DataType = { kind: 'binary' };
const FLOAT64: DataType = { kind: 'float', bits: 64 };
const INT64: DataType = { kind: 'int', bits: 64, signed: true };
const TIMESTAMP: DataType = { kind: 'timestamp', unit: 'ms', timezone: 'UTC' };

/**
 * The type that holds all of a column's JavaScript values; `null` and `undefined` fit every type, and alone give `null`.
 *
 * boolean → bool, number → float64 (integers too, so that a column's type does not depend on the values that a batch happens to
 * have), bigint → int64, string → utf8, Date → timestamp[ms, UTC], Uint8Array → binary, other typed arrays and arrays → list,
 * plain objects → struct.
 *
 * @throws TablecastError `type_mismatch` naming column and row where values of two types meet, or one has no Arrow type
 */
export function inferType(values: ArrayLike<unknown>, column: string): DataType {
  let type = NULL;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined) continue;
    const next = typeOfValue(value, 0);
    if (next === type) continue;
    if (typeof next === 'string') throw mismatch(column, row, next);
    const merged = merge(type, next);
    if (merged === null)
      throw mismatch(column, row, `holds ${typeName(next)} where rows before it hold ${typeName(type)}`);
    type = merged;
  }
  return type;
}

/** The element type of a typed array, `null` for any other value. */
export function typedArrayType(value: unknown): DataType | null {
  if (!ArrayBuffer.isView(value)) return null;
  if (value instanceof Float64Array) return FLOAT64;
  if (value instanceof Float32Array) return { kind: 'float', bits: 32 };
  if (value instanceof BigInt64Array) return INT64;
  if (value instanceof BigUint64Array) return { kind: 'int', bits: 64, signed: false };
  if (value instanceof Int32Array) return { kind: 'int', bits: 32, signed: true };
  if (value instanceof Uint32Array) return { kind: 'int', bits: 32, signed: false };
  if (value instanceof Int16Array) return { kind: 'int', bits: 16, signed: true };
  if (value instanceof Uint16Array) return { kind: 'int', bits: 16, signed: false };
  if (value instanceof Int8Array) return { kind: 'int', bits: 8, signed: true };
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray)
    return { kind: 'int', bits: 8, signed: false };
  return null;
}

function mismatch(column: string, row: number, what: string): TablecastError {
  return new TablecastError('type_mismatch', `Column ${JSON.stringify(column)}, row ${row}: ${what}.`);
}

/** The type of one value, or what is wrong with it. */
function typeOfValue(value: unknown, depth: number): DataType | string {
  switch (typeof value) {
    case 'number':
      return FLOAT64;
    case 'string':
      return UTF8;
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT64;
    case 'object':
      return value === null ? NULL : typeOfObject(value, depth);
    default:
      return value === undefined ? NULL : `a ${typeof value} has no Arrow type`;
  }
}

function typeOfObject(value: object, depth: number): DataType | string {
  if (value instanceof Date) return TIMESTAMP;
  if (value instanceof Uint8Array) return BINARY;
  if (depth >= LIMITS.maxNestingDepth) return `nests deeper than ${LIMITS.maxNestingDepth} levels`;
  const element = typedArrayType(value);
  if (element !== null) return listOf(element);
  if (Array.isArray(value)) return typeOfList(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return `a ${value.constructor.name} has no Arrow type`;
  const children: Field[] = [];
  for (const [name, child] of Object.entries(value)) {
    const type = typeOfValue(child, depth + 1);
    if (typeof type === 'string') return type;
    children.push(fieldOf(name, type));
  }
  return { kind: 'struct', children };
}

function typeOfList(values: readonly unknown[], depth: number): DataType | string {
  let element = NULL;
  for (const value of values) {
    const next = typeOfValue(value, depth + 1);
    if (typeof next === 'string') return next;
    const merged = merge(element, next);
    if (merged === null) return `a list holds both ${typeName(element)} and ${typeName(next)}`;
    element = merged;
  }
  return listOf(element);
}

function merge(a: DataType, b: DataType): DataType | null {
  if (a === b || b.kind === 'null') return a;
  if (a.kind === 'null') return b;
  if (a.kind === 'list' && b.kind === 'list') {
    const element = merge(a.child.type, b.child.type);
    return element === null ? null : listOf(element);
  }
  if (a.kind === 'struct' && b.kind === 'struct') return mergeStructs(a.children, b.children);
  if (a.kind === 'int' && b.kind === 'int') return a.bits === b.bits && a.signed === b.signed ? a : null;
  return a.kind === 'float' && b.kind === 'float' && a.bits === b.bits ? a : null;
}

function mergeStructs(a: readonly Field[], b: readonly Field[]): DataType | null {
  const types = new Map(a.map((field) => [field.name, field.type]));
  for (const { name, type } of b) {
    const merged = merge(types.get(name) ?? NULL, type);
    if (merged === null) return null;
    types.set(name, merged);
  }
  return { kind: 'struct', children: Array.from(types, ([name, type]) => fieldOf(name, type)) };
}

function listOf(type: DataType): DataType {
  return { kind: 'list', child: fieldOf('item', type) };
}

function fieldOf(name: string, type: DataType): Field {
  return { name, type, nullable: true, metadata: new Map() };
}
