import { Builder } from 'flatbuffers';
import type { DataType, Field, TimeUnit } from './data-type.ts';
import { HEADER, METADATA_V5 } from './ipc-message.ts';

const UNITS: Record<TimeUnit, number> = { s: 0, ms: 1, us: 2, ns: 3 };
const INTERVALS = { year_month: 0, day_time: 1, month_day_nano: 2 } as const;

/** The metadata of a schema message (`Schema.fbs`, `Message.fbs`): the fields in their table layouts, little-endian, V5. */
export function schemaMetadata(fields: readonly Field[]): Uint8Array {
  const builder = new Builder(1024);
  const fieldsVector = offsetVector(
    builder,
    fields.map((field) => writeField(builder, field)),
  );
  builder.startObject(4);
  builder.addFieldOffset(1, fieldsVector, 0);
  const schema = builder.endObject();
  return finishMessage(builder, HEADER.schema, schema, 0);
}

/** Wraps a header table into a `Message`; the numeric fields are always written, so that they can be patched in place. */
export function finishMessage(
  builder: Builder,
  headerType: number,
  header: number,
  bodyBytes: number,
): Uint8Array {
  builder.forceDefaults(true);
  builder.startObject(5);
  builder.addFieldInt64(3, BigInt(bodyBytes), 0n);
  builder.addFieldOffset(2, header, 0);
  builder.addFieldInt16(0, METADATA_V5, 0);
  builder.addFieldInt8(1, headerType, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

function offsetVector(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4);
  for (let i = offsets.length - 1; i >= 0; i--) builder.addOffset(offsets[i]!);
  return builder.endVector();
}

function writeField(builder: Builder, field: Field): number {
  const name = builder.createString(field.name);
  const children = offsetVector(
    builder,
    childrenOf(field.type).map((child) => writeField(builder, child)),
  );
  const metadata = offsetVector(
    builder,
    [...field.metadata].map(([key, value]) => {
      const keyText = builder.createString(key);
      const valueText = builder.createString(value);
      builder.startObject(2);
      builder.addFieldOffset(0, keyText, 0);
      builder.addFieldOffset(1, valueText, 0);
      return builder.endObject();
    }),
  );
  const { code, table } = writeType(builder, field.type);
  builder.startObject(7);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt8(1, field.nullable ? 1 : 0, 0);
  builder.addFieldInt8(2, code, 0);
  builder.addFieldOffset(3, table, 0);
  builder.addFieldOffset(5, children, 0);
  if (field.metadata.size > 0) builder.addFieldOffset(6, metadata, 0);
  return builder.endObject();
}

export function childrenOf(type: DataType): readonly Field[] {
  switch (type.kind) {
    case 'list':
    case 'fixed_size_list':
    case 'map':
      return [type.child];
    case 'struct':
    case 'union':
      return type.children;
    default:
      return [];
  }
}

/** The `Type` union: its number and its table. */
function writeType(builder: Builder, type: DataType): { code: number; table: number } {
  switch (type.kind) {
    case 'null':
      return { code: 1, table: object(builder) };
    case 'int':
      return { code: 2, table: object(builder, ['int32', type.bits], ['bool', type.signed ? 1 : 0]) };
    case 'float':
      return { code: 3, table: object(builder, ['int16', { 16: 0, 32: 1, 64: 2 }[type.bits]]) };
    case 'binary':
      return { code: 4, table: object(builder) };
    case 'utf8':
      return { code: 5, table: object(builder) };
    case 'bool':
      return { code: 6, table: object(builder) };
    case 'decimal':
      return {
        code: 7,
        table: object(builder, ['int32', type.precision], ['int32', type.scale], ['int32', type.bits]),
      };
    case 'date':
      return { code: 8, table: object(builder, ['int16', type.unit === 'day' ? 0 : 1]) };
    case 'time':
      return {
        code: 9,
        table: object(builder, ['int16', UNITS[type.unit]], ['int32', UNITS[type.unit] < 2 ? 32 : 64]),
      };
    case 'timestamp': {
      const timezone = type.timezone === null ? 0 : builder.createString(type.timezone);
      return { code: 10, table: object(builder, ['int16', UNITS[type.unit]], ['offset', timezone]) };
    }
    case 'interval':
      return { code: 11, table: object(builder, ['int16', INTERVALS[type.unit]]) };
    case 'list':
      return { code: 12, table: object(builder) };
    case 'struct':
      return { code: 13, table: object(builder) };
    case 'union': {
      builder.startVector(4, type.typeIds.length, 4);
      for (let i = type.typeIds.length - 1; i >= 0; i--) builder.addInt32(type.typeIds[i]!);
      const typeIds = builder.endVector();
      return { code: 14, table: object(builder, ['int16', 1], ['offset', typeIds]) };
    }
    case 'fixed_size_binary':
      return { code: 15, table: object(builder, ['int32', type.byteWidth]) };
    case 'fixed_size_list':
      return { code: 16, table: object(builder, ['int32', type.size]) };
    case 'map':
      return { code: 17, table: object(builder, ['bool', type.keysSorted ? 1 : 0]) };
    case 'duration':
      return { code: 18, table: object(builder, ['int16', UNITS[type.unit]]) };
  }
}

type Slot = readonly ['int32' | 'int16' | 'bool' | 'offset', number];

/** A table of these fields in slot order; every field is written, for Arrow's defaults are not all zero. */
function object(builder: Builder, ...slots: Slot[]): number {
  builder.forceDefaults(true);
  builder.startObject(slots.length);
  slots.forEach(([kind, value], slot) => {
    if (kind === 'int32') builder.addFieldInt32(slot, value, 0);
    else if (kind === 'int16') builder.addFieldInt16(slot, value, 0);
    else if (kind === 'bool') builder.addFieldInt8(slot, value, 0);
    else if (value !== 0) builder.addFieldOffset(slot, value, 0);
  });
  builder.forceDefaults(false);
  return builder.endObject();
}
