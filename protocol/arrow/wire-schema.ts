import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { DataType, Field, TimeUnit } from './data-type.ts';
import { distinctNames } from './distinct-names.ts';
import type { FlatTable } from './flat-table.ts';

/**
 * A field as one message lays it out: the logical field, and the ways in which its bytes differ from a table's layout.
 */
export interface WireField {
  /** The logical field: a dictionary's or run-end encoding's values, whatever the offsets' width. */
  readonly field: Field;
  readonly encoding: 'plain' | 'view' | 'run_end' | 'sparse';
  /** 64-bit offsets (and sizes) instead of 32-bit ones. */
  readonly large: boolean;
  readonly dictionary: {
    readonly id: number;
    readonly index: { readonly bits: number; readonly signed: boolean };
  } | null;
  /** For `run_end` the run ends and the values; otherwise the type's children. */
  readonly children: readonly WireField[];
}

/** A value of the widest decimal has 77 digits; a text with as many zeros as a scale may say would not end. */
const MAX_DECIMAL_SCALE = 128;
const TIME_UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];

/**
 * The schema of a stream or file (`Schema.fbs`); names that come again are made distinct.
 *
 * @throws TablecastError `arrow_unsupported`, `arrow_invalid`, `too_large`
 */
export function readSchema(schema: FlatTable): WireField[] {
  if (schema.int16(0) !== 0) {
    throw new TablecastError('arrow_unsupported', 'The Arrow data is big-endian; write it little-endian.');
  }
  const fields = schema.tables(1);
  if (fields.length > LIMITS.maxColumns) {
    throw new TablecastError(
      'too_large',
      `The schema has ${fields.length} columns, the limit is ${LIMITS.maxColumns}.`,
    );
  }
  return renamed(fields.map((field) => readField(field, 1)));
}

/** Columns meet by name, and so do what JSON calls an object's members: no two have one name. */
function renamed(fields: readonly WireField[]): WireField[] {
  const names = distinctNames(fields.map(({ field }) => field.name));
  return fields.map((wire, i) => {
    const name = names[i]!;
    return name === wire.field.name ? wire : { ...wire, field: { ...wire.field, name } };
  });
}

function readField(table: FlatTable, depth: number): WireField {
  const name = table.text(0) ?? '';
  if (depth > LIMITS.maxNestingDepth) {
    throw new TablecastError(
      'too_large',
      `The column "${name}" is nested deeper than ${LIMITS.maxNestingDepth} levels.`,
    );
  }
  const typeCode = table.uint8(2);
  const own = table.tables(5).map((child) => readField(child, depth + 1));
  const children = typeCode === 13 ? renamed(own) : own;
  const nullable = table.bool(1);
  const metadata = new Map(table.tables(6).map((pair) => [pair.text(0) ?? '', pair.text(1) ?? '']));
  if (typeCode === 22) {
    const values = childOf(children, 1, 2, name);
    const field: Field = { name, type: values.field.type, nullable: values.field.nullable, metadata };
    return { field, encoding: 'run_end', large: false, dictionary: null, children };
  }
  const type = readType(typeCode, table.table(3), children, name);
  const dictionary = table.table(4);
  const index = dictionary?.table(1) ?? null;
  return {
    field: { name, type, nullable, metadata },
    encoding: encodingOf(typeCode, table.table(3)),
    large: (typeCode >= 19 && typeCode <= 21) || typeCode === 26,
    dictionary:
      dictionary === null
        ? null
        : {
            id: dictionary.int64(0),
            index:
              index === null ? { bits: 32, signed: true } : { bits: index.int32(0), signed: index.bool(1) },
          },
    children,
  };
}

function encodingOf(typeCode: number, type: FlatTable | null): WireField['encoding'] {
  if (typeCode >= 23 && typeCode <= 26) return 'view';
  return typeCode === 14 && type?.int16(0) === 0 ? 'sparse' : 'plain';
}

/** The `Type` union of `Schema.fbs`, by its number. */
function readType(
  code: number,
  type: FlatTable | null,
  children: readonly WireField[],
  name: string,
): DataType {
  if (type === null) throw new TablecastError('arrow_invalid', `The column "${name}" has no type.`);
  const fields = children.map((child) => child.field);
  const only = () => childOf(children, 0, 1, name).field;
  switch (code) {
    case 1:
      return { kind: 'null' };
    case 2:
      return { kind: 'int', bits: oneOf(type.int32(0), [8, 16, 32, 64], name), signed: type.bool(1) };
    case 3:
      return { kind: 'float', bits: oneOf(16 << type.int16(0), [16, 32, 64], name) };
    case 4:
    case 19:
    case 23:
      return { kind: 'binary' };
    case 5:
    case 20:
    case 24:
      return { kind: 'utf8' };
    case 6:
      return { kind: 'bool' };
    case 7: {
      const bits = oneOf(type.int32(2, 128), [32, 64, 128, 256] as const, name);
      return { kind: 'decimal', precision: type.int32(0), scale: decimalScale(type.int32(1), name), bits };
    }
    case 8:
      return { kind: 'date', unit: type.int16(0, 1) === 0 ? 'day' : 'ms' };
    case 9:
      return { kind: 'time', unit: timeUnit(type.int16(0, 1), name) };
    case 10:
      return { kind: 'timestamp', unit: timeUnit(type.int16(0), name), timezone: type.text(1) || null };
    case 11:
      return {
        kind: 'interval',
        unit: oneOf(
          ['year_month', 'day_time', 'month_day_nano'][type.int16(0)],
          ['year_month', 'day_time', 'month_day_nano'],
          name,
        ),
      };
    case 12:
    case 21:
    case 25:
    case 26:
      return { kind: 'list', child: only() };
    case 13:
      return { kind: 'struct', children: fields };
    case 14: {
      const typeIds = type.int32s(1);
      return {
        kind: 'union',
        typeIds: typeIds.length > 0 ? typeIds : fields.map((_, i) => i),
        children: fields,
      };
    }
    case 15:
      return { kind: 'fixed_size_binary', byteWidth: notNegative(type.int32(0), name) };
    case 16:
      return { kind: 'fixed_size_list', child: only(), size: notNegative(type.int32(0), name) };
    case 17:
      return { kind: 'map', child: only(), keysSorted: type.bool(0) };
    case 18:
      return { kind: 'duration', unit: timeUnit(type.int16(0, 1), name) };
    default:
      throw new TablecastError(
        'arrow_unsupported',
        `The column "${name}" has Arrow type number ${code}, which is not known here.`,
      );
  }
}

function timeUnit(code: number, name: string): TimeUnit {
  return oneOf(TIME_UNITS[code], TIME_UNITS, name);
}

function oneOf<T>(value: number | string | undefined, allowed: readonly T[], name: string): T {
  const found = allowed.find((known) => known === value);
  if (found === undefined) {
    throw new TablecastError(
      'arrow_invalid',
      `The column "${name}" has a type parameter ${value}, which is none of ${allowed.join(', ')}.`,
    );
  }
  return found;
}

function decimalScale(scale: number, name: string): number {
  if (Math.abs(scale) <= MAX_DECIMAL_SCALE) return scale;
  throw new TablecastError(
    'arrow_unsupported',
    `The column "${name}" has decimals of scale ${scale}; scales of -${MAX_DECIMAL_SCALE} to ${MAX_DECIMAL_SCALE} are taken.`,
  );
}

function notNegative(value: number, name: string): number {
  if (value < 0) throw new TablecastError('arrow_invalid', `The column "${name}" has a negative width.`);
  return value;
}

function childOf(children: readonly WireField[], index: number, count: number, name: string): WireField {
  const child = children[index];
  if (child === undefined || children.length !== count) {
    throw new TablecastError(
      'arrow_invalid',
      `The column "${name}" has ${children.length} children, its type has ${count}.`,
    );
  }
  return child;
}
