import type { DataReader, DecodedArray, PageHeader } from 'hyparquet';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { TablecastError } from '../../../protocol/errors.ts';
import { readHybridRuns } from './hybrid-runs.ts';
import type { Leaf } from './parquet-schema.ts';

/** The levels of a page's entries, and where its values lie. */
export interface DataPage {
  readonly entryCount: number;
  /** null where all have the highest one. */
  readonly definitions: Uint8Array | null;
  /** null where there are no lists. */
  readonly repetitions: Uint8Array | null;
  readonly encoding: string;
  /** Of the values that are there. */
  readonly valueCount: number;
  readonly values: Uint8Array;
}

type Decompress = (bytes: Uint8Array, byteLength: number) => Uint8Array;

/**
 * Reads a data page of either version up to its values (parquet-format, "Data Pages").
 *
 * @throws RangeError, TablecastError where it is damaged
 */
export function readDataPage(
  header: PageHeader,
  stored: Uint8Array,
  { levels }: Leaf,
  decompress: Decompress,
): DataPage | null {
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  if (v1 !== undefined) {
    const bytes = decompress(stored, header.uncompressed_page_size);
    let at = 0;
    const next = (highest: number): Uint8Array | null => {
      if (highest === 0) return null;
      const byteLength = viewOf(bytes).getUint32(at, true);
      const read = levelsOf(bytes, at + 4, byteLength, highest, v1.num_values);
      at += 4 + byteLength;
      return read;
    };
    const repetitions = next(levels.repetition);
    const definitions = next(levels.definition);
    return pageOf(v1, { repetitions, definitions }, levels.definition, bytes.subarray(at));
  }
  if (v2 !== undefined) {
    const { repetition_levels_byte_length: repetitionBytes, definition_levels_byte_length: definitionBytes } =
      v2;
    const levelBytes = repetitionBytes + definitionBytes;
    const values = stored.subarray(levelBytes);
    const plain =
      v2.is_compressed === false ? values : decompress(values, header.uncompressed_page_size - levelBytes);
    const repetitions = levelsOf(stored, 0, repetitionBytes, levels.repetition, v2.num_values);
    const definitions = levelsOf(stored, repetitionBytes, definitionBytes, levels.definition, v2.num_values);
    return pageOf(v2, { repetitions, definitions }, levels.definition, plain);
  }
  return null;
}

function levelsOf(
  bytes: Uint8Array,
  at: number,
  byteLength: number,
  highest: number,
  entryCount: number,
): Uint8Array | null {
  if (highest === 0) return null;
  if (byteLength < 0 || at + byteLength > bytes.length)
    throw new RangeError('the levels of a page are cut off');
  const levels = new Uint8Array(entryCount);
  readHybridRuns(bytes, { at, end: at + byteLength }, 32 - Math.clz32(highest), levels);
  return levels;
}

function pageOf(
  { num_values: entryCount, encoding }: { readonly num_values: number; readonly encoding: string },
  { definitions, repetitions }: Pick<DataPage, 'definitions' | 'repetitions'>,
  highest: number,
  values: Uint8Array,
): DataPage {
  let valueCount = entryCount;
  if (definitions !== null) {
    valueCount = 0;
    for (let i = 0; i < entryCount; i++) if (definitions[i] === highest) valueCount++;
  }
  const isFull = valueCount === entryCount;
  return { entryCount, definitions: isFull ? null : definitions, repetitions, encoding, valueCount, values };
}

/** The indexes of a page's values in its dictionary. */
export function readIndexes({ values, valueCount }: DataPage): Int32Array {
  const indexes = new Int32Array(valueCount);
  const bitWidth = values[0] ?? 0;
  if (bitWidth > 32) throw new RangeError('the indexes of a page have too many bits');
  if (bitWidth > 0) readHybridRuns(values, { at: 1, end: values.length }, bitWidth, indexes);
  return indexes;
}

/**
 * A page's values as they are stored.
 *
 * @throws RangeError, TablecastError
 */
export function readStoredValues(page: DataPage, { element }: Leaf): DecodedArray {
  const { encoding, values, valueCount } = page;
  const { type, type_length } = element;
  const reader: DataReader = { view: viewOf(values), offset: 0 };
  if (type === undefined || valueCount === 0) return [];
  switch (encoding) {
    case 'PLAIN':
      return readPlain(reader, type, valueCount, type_length);
    case 'RLE': {
      const bits = new Uint8Array(valueCount);
      const byteLength = reader.view.getUint32(0, true);
      readHybridRuns(values, { at: 4, end: Math.min(values.length, 4 + byteLength) }, 1, bits);
      return bits;
    }
    case 'BYTE_STREAM_SPLIT':
      return byteStreamSplit(reader, valueCount, type, type_length);
    case 'DELTA_BINARY_PACKED': {
      const integers = type === 'INT32' ? new Int32Array(valueCount) : new BigInt64Array(valueCount);
      deltaBinaryUnpack(reader, valueCount, integers);
      return integers;
    }
    case 'DELTA_LENGTH_BYTE_ARRAY': {
      const texts = new Array<Uint8Array>(valueCount);
      deltaLengthByteArray(reader, valueCount, texts);
      return texts;
    }
    case 'DELTA_BYTE_ARRAY': {
      const texts = new Array<Uint8Array>(valueCount);
      deltaByteArray(reader, valueCount, texts);
      return texts;
    }
    default:
      throw new TablecastError(
        'unsupported_media_type',
        `The Parquet column "${element.name}" has the encoding ${encoding}, which is not known here.`,
      );
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
