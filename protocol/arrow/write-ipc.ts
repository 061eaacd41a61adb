import { Builder } from 'flatbuffers';
import { createColumnBuilder } from './create-column-builder.ts';
import type { DataType, Field } from './data-type.ts';
import { FlatTable } from './flat-table.ts';
import { HEADER } from './ipc-message.ts';
import type { Batch, Vector } from './vector.ts';
import { childrenOf, finishMessage, schemaMetadata } from './write-schema.ts';

/** `0xFFFFFFFF 00000000` ends a stream. */
const END_OF_STREAM_BYTES = 8;

/**
 * Writes Arrow IPC streams of one schema. The schema message and the shape of the record batch's metadata are made once;
 * a batch then costs its bytes and a handful of patched integers.
 */
export class IpcWriter {
  readonly fields: readonly Field[];
  readonly #schemaMessage: Uint8Array;
  readonly #template: BatchTemplate;

  constructor(fields: readonly Field[]) {
    this.fields = fields;
    this.#schemaMessage = encapsulate(schemaMetadata(fields));
    this.#template = new BatchTemplate(fields.map((field) => field.type));
  }

  /** One complete stream: schema, the batches, end-of-stream marker. */
  stream(batches: readonly Batch[]): Uint8Array<ArrayBuffer> {
    const prepared = this.prepare(batches);
    const bytes = new Uint8Array(prepared.byteLength);
    prepared.writeTo(bytes);
    return bytes;
  }

  /** The same for memory that the caller has; its length is a multiple of 8, and every byte of it is written. */
  prepare(batches: readonly Batch[]): { readonly byteLength: number; writeTo(bytes: Uint8Array): void } {
    const parts = batches.map((batch) => this.#template.layOut(batch));
    const byteLength = parts.reduce(
      (sum, part) => sum + this.#template.bytes + part.bodyBytes,
      this.#schemaMessage.length + END_OF_STREAM_BYTES,
    );
    const writeTo = (bytes: Uint8Array) => {
      bytes.set(this.#schemaMessage);
      let at = this.#schemaMessage.length;
      for (const part of parts) {
        this.#template.write(bytes, at, part);
        at += this.#template.bytes + part.bodyBytes;
      }
      bytes.fill(0xff, at, at + 4).fill(0, at + 4, byteLength);
    };
    return { byteLength, writeTo };
  }
}

/** A batch's buffers in order, each with its place in the body (multiples of 8). */
interface LaidOut {
  readonly rowCount: number;
  readonly nodes: number[];
  readonly buffers: (Uint8Array | null)[];
  readonly offsets: number[];
  bodyBytes: number;
}

/** The record batch message of a schema, its numbers left to be filled in. */
class BatchTemplate {
  readonly bytes: number;
  readonly #types: readonly DataType[];
  readonly #message: Uint8Array;
  readonly #bodyLengthAt: number;
  readonly #rowCountAt: number;
  readonly #nodesAt: number;
  readonly #buffersAt: number;

  constructor(types: readonly DataType[]) {
    this.#types = types;
    const counts = { nodes: 0, buffers: 0 };
    for (const type of types) countParts(type, counts);
    const metadata = batchMetadata(counts.nodes, counts.buffers);
    this.#message = encapsulate(metadata);
    this.bytes = this.#message.length;
    const message = FlatTable.root(metadata);
    const batch = message.table(2)!;
    this.#bodyLengthAt = 8 + message.positionOf(3);
    this.#rowCountAt = 8 + batch.positionOf(0);
    this.#nodesAt = 8 + batch.vector(1, 16).start;
    this.#buffersAt = 8 + batch.vector(2, 16).start;
  }

  layOut(batch: Batch): LaidOut {
    const laid: LaidOut = { rowCount: batch.rowCount, nodes: [], buffers: [], offsets: [], bodyBytes: 0 };
    this.#types.forEach((type, i) => {
      layOutColumn(laid, type, batch.columns[i], batch.rowCount);
    });
    return laid;
  }

  write(into: Uint8Array, at: number, laid: LaidOut): void {
    into.set(this.#message, at);
    const view = new DataView(into.buffer, into.byteOffset + at, this.bytes + laid.bodyBytes);
    setInt64(view, this.#bodyLengthAt, laid.bodyBytes);
    setInt64(view, this.#rowCountAt, laid.rowCount);
    laid.nodes.forEach((number, i) => {
      setInt64(view, this.#nodesAt + i * 8, number);
    });
    const body = at + this.bytes;
    laid.buffers.forEach((buffer, i) => {
      const offset = laid.offsets[i]!;
      setInt64(view, this.#buffersAt + i * 16, offset);
      setInt64(view, this.#buffersAt + i * 16 + 8, buffer?.length ?? 0);
      if (buffer === null) return;
      into.set(buffer, body + offset);
      const end = offset + buffer.length;
      into.fill(0, body + end, body + ((end + 7) & ~7));
    });
  }
}

function setInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
}

/** Metadata with its length before it, padded so that the body begins at a multiple of 8. */
function encapsulate(metadata: Uint8Array): Uint8Array {
  const padded = (metadata.length + 7) & ~7;
  const bytes = new Uint8Array(8 + padded);
  bytes.fill(0xff, 0, 4);
  new DataView(bytes.buffer).setUint32(4, padded, true);
  bytes.set(metadata, 8);
  return bytes;
}

function batchMetadata(nodeCount: number, bufferCount: number): Uint8Array {
  const builder = new Builder(256 + 16 * (nodeCount + bufferCount));
  const pairs = (count: number): number => {
    builder.startVector(16, count, 8);
    for (let i = 0; i < count * 2; i++) builder.writeInt64(0n);
    return builder.endVector();
  };
  const nodes = pairs(nodeCount);
  const buffers = pairs(bufferCount);
  builder.forceDefaults(true);
  builder.startObject(5);
  builder.addFieldInt64(0, 0n, 0n);
  builder.addFieldOffset(1, nodes, 0);
  builder.addFieldOffset(2, buffers, 0);
  return finishMessage(builder, HEADER.recordBatch, builder.endObject(), 0);
}

function countParts(type: DataType, counts: { nodes: number; buffers: number }): void {
  counts.nodes += 1;
  counts.buffers += ownBuffers(type);
  for (const child of childrenOf(type)) countParts(child.type, counts);
}

/** Buffers of a column of this type without its children (columnar format, "Buffer listing for each layout"). */
function ownBuffers(type: DataType): number {
  switch (type.kind) {
    case 'null':
      return 0;
    case 'struct':
    case 'fixed_size_list':
      return 1;
    case 'utf8':
    case 'binary':
      return 3;
    default:
      return 2;
  }
}

function addBuffer(laid: LaidOut, buffer: Uint8Array | null): void {
  laid.buffers.push(buffer);
  laid.offsets.push(laid.bodyBytes);
  if (buffer !== null) laid.bodyBytes += (buffer.length + 7) & ~7;
}

/** Columns that are absent are written as all null. */
function layOutColumn(laid: LaidOut, type: DataType, vector: Vector | undefined, rowCount: number): void {
  if (vector === undefined || vector.layout === 'null') return layOutNulls(laid, type, rowCount);
  const bitmapBytes = (rowCount + 7) >> 3;
  if (vector.layout === 'union') {
    laid.nodes.push(rowCount, 0);
    const typeIds = type.kind === 'union' ? type.typeIds : [];
    addBuffer(
      laid,
      Uint8Array.from(vector.childIndexes.subarray(0, rowCount), (index) => typeIds[index] ?? 0),
    );
    addBuffer(laid, asBytes(vector.offsets.subarray(0, rowCount)));
  } else {
    laid.nodes.push(rowCount, countNulls(vector.validity, rowCount));
    addBuffer(laid, vector.validity?.subarray(0, bitmapBytes) ?? null);
  }
  switch (vector.layout) {
    case 'bool':
      return addBuffer(laid, vector.bits.subarray(0, bitmapBytes));
    case 'fixed':
      return addBuffer(laid, vector.bytes.subarray(0, rowCount * vector.width));
    case 'bytes': {
      const { offsets, first, last } = rebased(vector.offsets, rowCount);
      addBuffer(laid, asBytes(offsets));
      return addBuffer(laid, vector.data.subarray(first, last));
    }
    case 'list': {
      const childType = childrenOf(type)[0]!.type;
      const { offsets, first, last } = rebased(vector.offsets, rowCount);
      addBuffer(laid, asBytes(offsets));
      return layOutColumn(
        laid,
        childType,
        first === 0 ? vector.child : copied(childType, vector.child, first, last),
        last - first,
      );
    }
    case 'fixed_list':
      return layOutColumn(laid, childrenOf(type)[0]!.type, vector.child, rowCount * vector.size);
    case 'struct':
      return childrenOf(type).forEach((child, i) => {
        layOutColumn(laid, child.type, vector.children[i], rowCount);
      });
    case 'union':
      return childrenOf(type).forEach((child, i) => {
        layOutColumn(laid, child.type, vector.children[i], vector.children[i]!.length);
      });
  }
}

function layOutNulls(laid: LaidOut, type: DataType, rowCount: number): void {
  const builder = createColumnBuilder(type);
  builder.appendNulls(rowCount);
  const vector = builder.vector;
  if (vector.layout === 'null') laid.nodes.push(rowCount, rowCount);
  else layOutColumn(laid, type, vector, rowCount);
}

/** Offsets that begin at 0, and the range of values that they span. */
function rebased(
  offsets: Int32Array,
  rowCount: number,
): { offsets: Int32Array; first: number; last: number } {
  const first = offsets[0]!;
  const last = offsets[rowCount]!;
  const used = offsets.subarray(0, rowCount + 1);
  return { offsets: first === 0 ? used : used.map((offset) => offset - first), first, last };
}

function copied(type: DataType, vector: Vector, start: number, end: number): Vector {
  const builder = createColumnBuilder(type, end - start);
  builder.appendRange(vector, start, end);
  return builder.vector;
}

function asBytes(ints: Int32Array): Uint8Array {
  return new Uint8Array(ints.buffer, ints.byteOffset, ints.byteLength);
}

function countNulls(validity: Uint8Array | null, rowCount: number): number {
  if (validity === null) return 0;
  let valid = 0;
  const whole = rowCount >> 3;
  for (let i = 0; i < whole; i++) valid += BITS_SET[validity[i]!]!;
  for (let i = whole * 8; i < rowCount; i++) valid += (validity[i >> 3]! >> (i & 7)) & 1;
  return rowCount - valid;
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
