import {
  Field as ArrowField,
  Dictionary,
  Int8,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  Vector,
} from 'apache-arrow';
import { Builder } from 'flatbuffers';

/** Small messages that claim to be large ones, each as a dishonest sender would build it. */

const STRUCT = 13;
const UTF8 = 5;

const HEADER = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** A stream that has only its schema, built by hand (`Schema.fbs`). */
function schemaStream(build: (builder: Builder) => number, endianness: 0 | 1 = 0): Uint8Array {
  return Buffer.concat([schemaMessage(build, endianness), END_OF_STREAM]);
}

function schemaMessage(build: (builder: Builder) => number, endianness: 0 | 1 = 0): Uint8Array {
  const builder = new Builder(1024);
  const fields = build(builder);
  builder.startObject(4);
  builder.addFieldInt16(0, endianness, 0);
  builder.addFieldOffset(1, fields, 0);
  return message(builder, HEADER.schema, builder.endObject());
}

/** An encapsulated message (`Message.fbs`) with its body. */
function message(
  builder: Builder,
  headerType: number,
  header: number,
  body: Uint8Array = new Uint8Array(0),
): Uint8Array {
  builder.startObject(5);
  builder.addFieldInt64(3, BigInt(body.length), 0n);
  builder.addFieldOffset(2, header, 0);
  builder.addFieldInt16(0, 4, 0);
  builder.addFieldInt8(1, headerType, 0);
  builder.finish(builder.endObject());
  const metadata = builder.asUint8Array();
  const padded = (metadata.length + 7) & ~7;
  const bytes = new Uint8Array(8 + padded + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xffffffff, true);
  view.setUint32(4, padded, true);
  bytes.set(metadata, 8);
  bytes.set(body, 8 + padded);
  return bytes;
}

function offsets(builder: Builder, all: readonly number[]): number {
  builder.startVector(4, all.length, 4);
  for (const offset of all) builder.addOffset(offset);
  return builder.endVector();
}

function field(builder: Builder, name: number, typeCode: number, children: number, metadata = 0): number {
  builder.startObject(0);
  const type = builder.endObject();
  builder.startObject(7);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt8(2, typeCode, 0);
  builder.addFieldOffset(3, type, 0);
  builder.addFieldOffset(5, children, 0);
  builder.addFieldOffset(6, metadata, 0);
  return builder.endObject();
}

/** One text column, said to be big-endian. */
export function bigEndianSchema(): Uint8Array {
  return schemaStream((builder) => {
    const name = builder.createString('x');
    return offsets(builder, [field(builder, name, UTF8, offsets(builder, []))]);
  }, 1);
}

export interface CompressedBytes {
  /** `CompressionType`: 0 is LZ4 frame, 1 ZSTD. */
  readonly codec: number;
  /** What stands before each buffer; without, how many bytes it should have. */
  readonly declaredBytes?: bigint;
  readonly rows?: number;
  /** The text, compressed; without, bytes that are no frame. */
  readonly frame?: Uint8Array;
  /** Of the column's type: text, or null, which has no buffers. */
  readonly typeCode?: number;
}

/** A stream of one text column `x` of a compressed batch: its offsets are stored as they are, its texts are the frame given. */
export function compressedBytes(options: CompressedBytes): Uint8Array {
  const { codec, rows = 1, typeCode = UTF8, frame = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) } = options;
  const schema = schemaMessage((builder) => {
    const name = builder.createString('x');
    return offsets(builder, [field(builder, name, typeCode, offsets(builder, []))]);
  });
  const declaredBytes = options.declaredBytes ?? 8n;
  const ends = Int32Array.from({ length: Math.min(rows, 100) + 1 }, (_, i) =>
    i === 0 ? 0 : Number(declaredBytes),
  );
  const stored = Buffer.concat([int64(-1n), bytesOf(ends)]);
  const body = bodyOf([new Uint8Array(0), stored, Buffer.concat([int64(declaredBytes), frame])]);
  const builder = new Builder(256);
  const batch = recordBatch(builder, rows, body.buffers, codec);
  return Buffer.concat([schema, message(builder, HEADER.recordBatch, batch, body.bytes), END_OF_STREAM]);
}

function int64(value: bigint): Uint8Array {
  return new Uint8Array(BigInt64Array.of(value).buffer);
}

/** Structs of two children that are one and the same table: as many fields as 2 to the power of `depth`. */
export function doublingSchema(depth: number): Uint8Array {
  return schemaStream((builder) => {
    const name = builder.createString('x');
    let inner = field(builder, name, UTF8, offsets(builder, []));
    for (let i = 1; i < depth; i++) inner = field(builder, name, STRUCT, offsets(builder, [inner, inner]));
    return offsets(builder, [inner]);
  });
}

/** Columns that all share one long name. */
export function sharedNameSchema(columns: number, nameBytes: number): Uint8Array {
  return schemaStream((builder) => {
    const name = builder.createString('n'.repeat(nameBytes));
    const children = offsets(builder, []);
    return offsets(
      builder,
      Array.from({ length: columns }, () => field(builder, name, UTF8, children)),
    );
  });
}

/** Columns that all share one long list of metadata. */
export function sharedMetadataSchema(columns: number, pairs: number): Uint8Array {
  return schemaStream((builder) => {
    const text = builder.createString('k');
    builder.startObject(2);
    builder.addFieldOffset(0, text, 0);
    builder.addFieldOffset(1, text, 0);
    const pair = builder.endObject();
    const metadata = offsets(
      builder,
      Array.from({ length: pairs }, () => pair),
    );
    const children = offsets(builder, []);
    return offsets(
      builder,
      Array.from({ length: columns }, (_, i) =>
        field(builder, builder.createString(`c${i}`), UTF8, children, metadata),
      ),
    );
  });
}

function streamOf(batch: RecordBatch): Uint8Array {
  return RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
}

/** Rows that all name the one long value of a dictionary; `columns` of them share it. */
export function dictionaryBomb(rows: number, valueBytes: number, columns = 1): Uint8Array {
  const value = new Uint8Array(valueBytes).fill(0x61);
  const dictionary = new Vector([
    makeData({ type: new Utf8(), length: 1, valueOffsets: Int32Array.of(0, valueBytes), data: value }),
  ]);
  const type = new Dictionary(new Utf8(), new Int8(), 7);
  const children = Array.from({ length: columns }, () =>
    makeData({ type, length: rows, data: new Int8Array(rows), dictionary }),
  );
  const fields = children.map((_, i) => new ArrowField(`c${i}`, type, true));
  return streamOf(
    new RecordBatch(new Schema(fields), makeData({ type: new Struct(fields), length: rows, children })),
  );
}

/** A stream of one text column of a dictionary that comes in parts, each but the first a delta; row i names value i. */
export function dictionaryInParts(parts: readonly (readonly string[])[]): Uint8Array {
  const schema = new Builder(256);
  schema.startObject(0);
  const type = schema.endObject();
  schema.startObject(4);
  schema.addFieldInt64(0, 0n, -1n);
  const dictionary = schema.endObject();
  const name = schema.createString('c');
  const children = offsets(schema, []);
  schema.startObject(7);
  schema.addFieldOffset(0, name, 0);
  schema.addFieldInt8(1, 1, 0);
  schema.addFieldInt8(2, UTF8, 0);
  schema.addFieldOffset(3, type, 0);
  schema.addFieldOffset(4, dictionary, 0);
  schema.addFieldOffset(5, children, 0);
  const fields = offsets(schema, [schema.endObject()]);
  schema.startObject(4);
  schema.addFieldOffset(1, fields, 0);
  const messages = [message(schema, HEADER.schema, schema.endObject())];
  parts.forEach((texts, i) => {
    messages.push(dictionaryBatch(texts, i > 0));
  });
  const rows = parts.reduce((sum, texts) => sum + texts.length, 0);
  const body = bodyOf([new Uint8Array(0), bytesOf(Int32Array.from({ length: rows }, (_, row) => row))]);
  const builder = new Builder(256);
  messages.push(message(builder, HEADER.recordBatch, recordBatch(builder, rows, body.buffers), body.bytes));
  return Buffer.concat([...messages, END_OF_STREAM]);
}

function dictionaryBatch(texts: readonly string[], isDelta: boolean): Uint8Array {
  const encoded = texts.map((text) => Buffer.from(text));
  const ends = new Int32Array(texts.length + 1);
  encoded.forEach((text, i) => {
    ends[i + 1] = ends[i]! + text.length;
  });
  const body = bodyOf([new Uint8Array(0), bytesOf(ends), Buffer.concat(encoded)]);
  const builder = new Builder(256);
  const data = recordBatch(builder, texts.length, body.buffers);
  builder.startObject(3);
  builder.addFieldInt64(0, 0n, -1n);
  builder.addFieldOffset(1, data, 0);
  builder.addFieldInt8(2, isDelta ? 1 : 0, 0);
  return message(builder, HEADER.dictionaryBatch, builder.endObject(), body.bytes);
}

/** A record batch of one column of one node; `codec` says how its buffers are compressed. */
function recordBatch(
  builder: Builder,
  rows: number,
  buffers: readonly (readonly [number, number])[],
  codec?: number,
): number {
  const pairs = (all: readonly (readonly [number, number])[]) => {
    builder.startVector(16, all.length, 8);
    for (const [first, second] of all.toReversed()) {
      builder.prep(8, 16);
      builder.writeInt64(BigInt(second));
      builder.writeInt64(BigInt(first));
    }
    return builder.endVector();
  };
  const nodes = pairs([[rows, 0]]);
  const places = pairs(buffers);
  builder.startObject(2);
  builder.addFieldInt8(0, codec ?? 0, 0);
  const compression = builder.endObject();
  builder.startObject(5);
  builder.addFieldInt64(0, BigInt(rows), 0n);
  builder.addFieldOffset(1, nodes, 0);
  builder.addFieldOffset(2, places, 0);
  if (codec !== undefined) builder.addFieldOffset(3, compression, 0);
  return builder.endObject();
}

function bodyOf(parts: readonly Uint8Array[]): {
  bytes: Uint8Array;
  buffers: (readonly [number, number])[];
} {
  const padded = parts.map((part) => Buffer.concat([part, Buffer.alloc(-part.length & 7)]));
  let at = 0;
  const buffers = parts.map((part, i) => {
    const place = [at, part.length] as const;
    at += padded[i]!.length;
    return place;
  });
  return { bytes: Buffer.concat(padded), buffers };
}

function bytesOf(ints: Int32Array): Uint8Array {
  return new Uint8Array(ints.buffer, ints.byteOffset, ints.byteLength);
}
