/**
 * Arrow's logical types, as tables compare and show them.
 *
 * How bytes lie in a message (dictionary or plain, small or large offsets, views, run ends, sparse unions) is no part of a type:
 * the reader brings every column into one layout per type, so equal values are equal tables.
 * Source: Arrow columnar format, `Schema.fbs`.
 */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

export type DataType =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'utf8' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'fixed_size_binary'; readonly byteWidth: number }
  | {
      readonly kind: 'decimal';
      readonly precision: number;
      readonly scale: number;
      readonly bits: 32 | 64 | 128 | 256;
    }
  | { readonly kind: 'date'; readonly unit: 'day' | 'ms' }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly timezone: string | null }
  | { readonly kind: 'duration'; readonly unit: TimeUnit }
  | { readonly kind: 'interval'; readonly unit: 'year_month' | 'day_time' | 'month_day_nano' }
  | { readonly kind: 'list'; readonly child: Field }
  | { readonly kind: 'fixed_size_list'; readonly child: Field; readonly size: number }
  | { readonly kind: 'struct'; readonly children: readonly Field[] }
  | { readonly kind: 'map'; readonly child: Field; readonly keysSorted: boolean }
  | {
      readonly kind: 'union';
      readonly typeIds: readonly number[];
      readonly children: readonly Field[];
    };

export interface Field {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Arrow field metadata; `label`, `unit` and `format` are shown to people. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The type's name for people: `int64`, `timestamp[ns, UTC]`, `decimal128(10, 2)`, `list<utf8>`. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'null':
    case 'bool':
    case 'utf8':
    case 'binary':
      return type.kind;
    case 'int':
      return `${type.signed ? 'int' : 'uint'}${type.bits}`;
    case 'float':
      return `float${type.bits}`;
    case 'fixed_size_binary':
      return `fixed_size_binary[${type.byteWidth}]`;
    case 'decimal':
      return `decimal${type.bits}(${type.precision}, ${type.scale})`;
    case 'date':
      return type.unit === 'day' ? 'date32' : 'date64';
    case 'time':
      return `time${type.unit === 's' || type.unit === 'ms' ? 32 : 64}[${type.unit}]`;
    case 'timestamp':
      return type.timezone === null ? `timestamp[${type.unit}]` : `timestamp[${type.unit}, ${type.timezone}]`;
    case 'duration':
      return `duration[${type.unit}]`;
    case 'interval':
      return `interval[${type.unit}]`;
    case 'list':
      return `list<${typeName(type.child.type)}>`;
    case 'fixed_size_list':
      return `fixed_size_list<${typeName(type.child.type)}>[${type.size}]`;
    case 'struct':
      return `struct<${type.children.map((child) => `${child.name}: ${typeName(child.type)}`).join(', ')}>`;
    case 'map': {
      const entries = type.child.type.kind === 'struct' ? type.child.type.children : [];
      return `map<${entries.map((child) => typeName(child.type)).join(', ')}>`;
    }
    case 'union':
      return `dense_union<${type.children.map((child, i) => `${type.typeIds[i]}=${child.name}: ${typeName(child.type)}`).join(', ')}>`;
  }
}

/** Whether two columns of one name may hold one another's values: types are compared by what {@link typeName} says. */
export function sameType(a: DataType, b: DataType): boolean {
  return a === b || (a.kind === b.kind && typeName(a) === typeName(b));
}

/** Bytes per value of types whose values all have one width; null where they have not. */
export function byteWidth(type: DataType): number | null {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'decimal':
      return type.bits / 8;
    case 'fixed_size_binary':
      return type.byteWidth;
    case 'date':
      return type.unit === 'day' ? 4 : 8;
    case 'time':
      return type.unit === 's' || type.unit === 'ms' ? 4 : 8;
    case 'timestamp':
    case 'duration':
      return 8;
    case 'interval':
      return type.unit === 'year_month' ? 4 : type.unit === 'day_time' ? 8 : 16;
    default:
      return null;
  }
}
