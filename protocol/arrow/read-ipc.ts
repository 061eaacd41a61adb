import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type Dictionaries, readRecordBatch } from './batch-reader.ts';
import type { ColumnBuilder } from './column-builder.ts';
import { createColumnBuilder } from './create-column-builder.ts';
import type { DataType, Field } from './data-type.ts';
import { ExpansionBudget } from './expansion-budget.ts';
import { FlatTable } from './flat-table.ts';
import {
  CONTINUATION,
  HEADER,
  type IpcMessage,
  METADATA_V4,
  METADATA_V5,
  notArrow,
  readMessage,
} from './ipc-message.ts';
import type { Batch, Vector } from './vector.ts';
import { readSchema, type WireField } from './wire-schema.ts';

/** A dataframe as it came: its columns' fields and its record batches, checked and in table layouts. */
export interface IpcTable {
  /** The same array for the same schema bytes, where a {@link SchemaCache} is given. */
  readonly fields: readonly Field[];
  readonly batches: readonly Batch[];
  readonly rowCount: number;
  /** Of compressed buffers, when they are decoded; 0 where there are none. */
  readonly decodedBytes: number;
}

interface ReadSchema {
  readonly wireFields: readonly WireField[];
  readonly fields: readonly Field[];
}

/** Remembers the last schema of one sender, so that its next message with the same schema bytes costs a comparison. */
export class SchemaCache {
  #bytes: Uint8Array | null = null;
  #schema: ReadSchema | null = null;

  read(message: IpcMessage, metadata: Uint8Array): ReadSchema {
    if (this.#schema !== null && this.#bytes !== null && sameBytes(this.#bytes, metadata))
      return this.#schema;
    this.#schema = parseSchema(message.header);
    this.#bytes = metadata.slice();
    return this.#schema;
  }
}

const MAX_UNMARKED_BYTES = 16 * 1024 * 1024;
const MAGIC = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]; // "ARROW1"

/**
 * Reads an Arrow IPC stream or file (metadata V4 or V5), and checks all of it: after this every value can be read
 * without a further check. Vectors share the bytes given here where they can; these must not change afterwards. What is
 * compressed may have `maxDecodedBytes` when it is decoded.
 *
 * @throws TablecastError `not_arrow`, `arrow_truncated`, `arrow_invalid`, `arrow_unsupported`, `too_large`
 */
export function readIpc(
  bytes: Uint8Array,
  cache: SchemaCache = new SchemaCache(),
  maxDecodedBytes: number = Number.POSITIVE_INFINITY,
): IpcTable {
  // A plain view: slicing a Node Buffer costs several times as much.
  const aligned =
    bytes.byteOffset % 8 === 0
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : Uint8Array.from(bytes);
  try {
    return isFile(aligned)
      ? readFile(aligned, cache, maxDecodedBytes)
      : readStream(aligned, cache, maxDecodedBytes);
  } catch (thrown) {
    if (thrown instanceof TablecastError) throw thrown;
    // Metadata that points outside itself ends in a RangeError of DataView, text that is no UTF-8 in a TypeError.
    if (thrown instanceof RangeError || thrown instanceof TypeError) {
      throw new TablecastError(
        'not_arrow',
        `The Arrow metadata does not hold together (${thrown.message}).`,
        { cause: thrown },
      );
    }
    throw thrown;
  }
}

function readStream(bytes: Uint8Array, cache: SchemaCache, maxDecodedBytes: number): IpcTable {
  if (!beginsLikeStream(bytes)) throw new TablecastError('not_arrow', notArrow(0));
  const first = readMessage(bytes, 0);
  if (first.message === null || first.message.headerType !== HEADER.schema)
    throw new TablecastError('not_arrow', notArrow(0));
  const schema = cache.read(first.message, bytes.subarray(0, first.next));
  const assembly = new Assembly(schema, bytes.length, maxDecodedBytes);
  let position = first.next;
  while (true) {
    if (position === bytes.length) {
      throw new TablecastError(
        'arrow_truncated',
        `The Arrow stream ends at byte ${position} without its end-of-stream marker; close the writer before sending.`,
      );
    }
    const { message, next } = readMessage(bytes, position);
    if (message === null) return assembly.table();
    assembly.add(message);
    position = next;
  }
}

/**
 * Whether the first words can be those of a message. Before Arrow 0.15 there was no marker: the metadata's length came first,
 * then the metadata, which begin with the offset of their root. Text read so has a length that no schema has.
 */
function beginsLikeStream(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const metadataBytes = view.getUint32(0, true);
  const root = view.getUint32(4, true);
  if (metadataBytes === CONTINUATION) return true;
  return metadataBytes < MAX_UNMARKED_BYTES && root >= 4 && root < metadataBytes;
}

/** Random access file format: the footer says where the blocks lie. */
function readFile(bytes: Uint8Array, cache: SchemaCache, maxDecodedBytes: number): IpcTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || !hasMagic(bytes, bytes.length - 6)) {
    throw new TablecastError('arrow_truncated', 'The Arrow file does not end with its magic bytes.');
  }
  const footerBytes = view.getInt32(bytes.length - 10, true);
  const footerStart = bytes.length - 10 - footerBytes;
  if (footerBytes <= 0 || footerStart < 8)
    throw new TablecastError('arrow_invalid', 'The footer of the Arrow file lies outside it.');
  const metadata = bytes.subarray(footerStart, bytes.length - 10);
  const footer = FlatTable.root(metadata);
  const header = footer.table(1);
  if (header === null)
    throw new TablecastError('arrow_invalid', 'The footer of the Arrow file has no schema.');
  const message = { version: footer.int16(0), headerType: HEADER.schema, header, body: metadata };
  const assembly = new Assembly(cache.read(message, metadata), bytes.length, maxDecodedBytes);
  for (const slot of [2, 3]) {
    const { start, length } = footer.vector(slot, 24);
    for (let i = 0; i < length; i++) {
      const offset = footer.int64At(start + i * 24);
      if (offset < 8 || offset >= footerStart)
        throw new TablecastError('arrow_invalid', 'A block of the Arrow file lies outside it.');
      const block = readMessage(bytes, offset).message;
      if (block !== null) assembly.add(block);
    }
  }
  return assembly.table();
}

function parseSchema(header: FlatTable): ReadSchema {
  const wireFields = readSchema(header);
  return { wireFields, fields: wireFields.map((wire) => wire.field) };
}

/** Takes a stream's messages after its schema, in order. */
class Assembly {
  readonly #schema: ReadSchema;
  readonly #dictionaryFields: Map<number, WireField>;
  readonly #dictionaries: Dictionaries = new Map();
  /** Of the dictionaries that deltas were added to. */
  readonly #builders = new Map<number, ColumnBuilder>();
  readonly #budget: ExpansionBudget;
  readonly #batches: Batch[] = [];
  #rowCount = 0;

  constructor(schema: ReadSchema, messageBytes: number, maxDecodedBytes: number) {
    this.#schema = schema;
    this.#budget = new ExpansionBudget(messageBytes + LIMITS.maxExpandedBytes, maxDecodedBytes, messageBytes);
    this.#dictionaryFields = dictionaryFields(schema.wireFields, new Map());
  }

  add(message: IpcMessage): void {
    if (message.version !== METADATA_V4 && message.version !== METADATA_V5) {
      throw new TablecastError(
        'arrow_unsupported',
        `The Arrow metadata has version number ${message.version}; V4 and V5 are taken.`,
      );
    }
    if (message.headerType === HEADER.recordBatch) {
      const batch = this.#read(message, message.header, this.#schema.wireFields);
      this.#rowCount += batch.rowCount;
      this.#batches.push(batch);
    } else if (message.headerType === HEADER.dictionaryBatch) {
      this.#addDictionary(message);
    } else {
      throw new TablecastError(
        'arrow_invalid',
        `A message of type number ${message.headerType} stands where a record batch is expected.`,
      );
    }
  }

  table(): IpcTable {
    return {
      fields: this.#schema.fields,
      batches: this.#batches,
      rowCount: this.#rowCount,
      decodedBytes: this.#budget.decodedBytes,
    };
  }

  /** A delta is added to the dictionary's values, anything else replaces them. */
  #addDictionary(message: IpcMessage): void {
    const id = message.header.int64(0);
    const wire = this.#dictionaryFields.get(id);
    const data = message.header.table(1);
    if (wire === undefined || data === null) {
      throw new TablecastError(
        'arrow_invalid',
        `A dictionary batch names dictionary ${id}, which no column has.`,
      );
    }
    const values = this.#read(message, data, [{ ...wire, dictionary: null }]).columns[0]!;
    const before = this.#dictionaries.get(id);
    if (message.header.bool(2) && before !== undefined) {
      const builder = this.#builders.get(id) ?? startedWith(before, wire.field.type);
      builder.appendRange(values, 0, values.length);
      this.#builders.set(id, builder);
      this.#dictionaries.set(id, builder.vector);
    } else {
      this.#builders.delete(id);
      this.#dictionaries.set(id, values);
    }
  }

  #read(message: IpcMessage, batch: FlatTable, fields: readonly WireField[]): Batch {
    return readRecordBatch(message, batch, fields, this.#dictionaries, this.#budget);
  }
}

function startedWith(values: Vector, type: DataType): ColumnBuilder {
  const builder = createColumnBuilder(type, values.length);
  builder.appendRange(values, 0, values.length);
  return builder;
}

function dictionaryFields(
  fields: readonly WireField[],
  found: Map<number, WireField>,
): Map<number, WireField> {
  for (const wire of fields) {
    if (wire.dictionary !== null) found.set(wire.dictionary.id, wire);
    dictionaryFields(wire.children, found);
  }
  return found;
}

function isFile(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && hasMagic(bytes, 0);
}

function hasMagic(bytes: Uint8Array, at: number): boolean {
  return MAGIC.every((byte, i) => bytes[at + i] === byte);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
