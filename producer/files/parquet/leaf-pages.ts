import type {
  ColumnMetaData,
  Compressors,
  DataReader,
  DecodedArray,
  PageHeader,
  ParquetParsers,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { NO_ROW } from '../../../protocol/arrow/column-builder.ts';
import { createColumnBuilder } from '../../../protocol/arrow/create-column-builder.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { ReadAt } from '../arrow-file.ts';
import { ColumnBytes } from './column-bytes.ts';
import type { Leaf } from './parquet-schema.ts';
import { storedValues } from './stored-values.ts';

type ColumnDecoder = Parameters<typeof readDataPage>[2];

/** More than a writer makes; what claims more is damaged. */
const MAX_PAGE_BYTES = 1024 * 1024 * 1024;

/** Some entries of a column: each is a value, or says where one is missing. */
export interface LeafPage {
  readonly entryCount: number;
  /** Of each entry; null where all have the highest one, and where there are no lists. */
  readonly definitions: Uint8Array | null;
  readonly repetitions: Uint8Array | null;
  /** Those that are there. */
  readonly values: Vector;
}

export interface LeafPagesOptions {
  readonly readAt: ReadAt;
  readonly leaf: Leaf;
  readonly column: ColumnMetaData;
  readonly compressors: Compressors;
}

/** The pages of one column of one row group (parquet-format, "Data Pages"), one after the other. */
export class LeafPages {
  readonly #options: LeafPagesOptions;
  readonly #decoder: ColumnDecoder;
  readonly #bytes: ColumnBytes;
  #dictionary: Vector | null = null;
  #leftEntries: number;

  constructor(options: LeafPagesOptions) {
    this.#options = options;
    const { leaf, column, readAt, compressors } = options;
    const { element, schemaPath } = leaf;
    this.#decoder = {
      pathInSchema: column.path_in_schema,
      type: column.type,
      codec: column.codec,
      element,
      schemaPath,
      compressors,
      // Values are converted here, not by the library.
      parsers: {} as ParquetParsers,
    };
    const start = Number(column.dictionary_page_offset || column.data_page_offset);
    this.#bytes = new ColumnBytes(readAt, start, start + Number(column.total_compressed_size));
    this.#leftEntries = Number(column.num_values);
  }

  /** @returns null after the last one */
  async next(): Promise<LeafPage | null> {
    while (this.#leftEntries > 0 && this.#bytes.leftBytes > 0) {
      const header = await this.#header();
      const byteLength = header.compressed_page_size;
      if (
        byteLength < 0 ||
        byteLength > this.#bytes.leftBytes ||
        header.uncompressed_page_size > MAX_PAGE_BYTES
      )
        throw new TablecastError('bad_body', 'A page is larger than its column.');
      const stored = await this.#bytes.peek(byteLength);
      this.#bytes.skip(byteLength);
      const page = this.#page(header, stored);
      if (page === null) continue;
      this.#leftEntries -= page.entryCount;
      return page;
    }
    return null;
  }

  async #header(): Promise<PageHeader> {
    for (let size = 0; ; ) {
      const bytes = await this.#bytes.peekMore(size);
      const isAll = bytes.length === size || bytes.length === this.#bytes.leftBytes;
      size = bytes.length;
      const reader = readerOf(bytes);
      try {
        const header = parquetHeader(reader);
        this.#bytes.skip(reader.offset);
        return header;
      } catch (error) {
        // It may be longer than what was read of it.
        if (isAll || !(error instanceof RangeError)) throw error;
      }
    }
  }

  #page(header: PageHeader, stored: Uint8Array): LeafPage | null {
    const { dictionary_page_header: dictionary, data_page_header: v1, data_page_header_v2: v2 } = header;
    const { codec, compressors, type, element } = this.#decoder;
    if (header.type === 'DICTIONARY_PAGE' && dictionary !== undefined) {
      const bytes = decompressPage(stored, header.uncompressed_page_size, codec, compressors);
      const values = readPlain(readerOf(bytes), type, dictionary.num_values, element.type_length);
      this.#dictionary = storedValues(this.#options.leaf.type, values);
      return null;
    }
    if (header.type === 'DATA_PAGE' && v1 !== undefined) {
      const bytes = decompressPage(stored, header.uncompressed_page_size, codec, compressors);
      const page = readDataPage(bytes, v1, this.#decoder);
      return this.#entries(v1.num_values, page, v1.encoding);
    }
    if (header.type === 'DATA_PAGE_V2' && v2 !== undefined)
      return this.#entries(v2.num_values, readDataPageV2(stored, header, this.#decoder), v2.encoding);
    return null;
  }

  #entries(
    entryCount: number,
    page: {
      definitionLevels: number[] | undefined;
      repetitionLevels: number[];
      dataPage: DecodedArray;
    },
    encoding: string,
  ): LeafPage {
    const { definitionLevels, repetitionLevels, dataPage } = page;
    const { type } = this.#options.leaf;
    const isCoded = encoding.endsWith('_DICTIONARY');
    return {
      entryCount,
      definitions: levelsOf(definitionLevels, entryCount),
      repetitions: levelsOf(repetitionLevels, entryCount),
      values: isCoded ? this.#looked(dataPage) : storedValues(type, dataPage),
    };
  }

  #looked(indexes: DecodedArray): Vector {
    const dictionary = this.#dictionary;
    const rows = Int32Array.from(indexes as ArrayLike<number>);
    const size = dictionary?.length ?? 0;
    if (rows.some((row) => row === NO_ROW || row < 0 || row >= size))
      throw new TablecastError('bad_body', 'A page names values that its dictionary does not have.');
    const builder = createColumnBuilder(this.#options.leaf.type, rows.length);
    if (dictionary !== null) builder.appendRows(dictionary, rows, 0, rows.length);
    return builder.vector;
  }
}

function levelsOf(levels: readonly number[] | undefined, entryCount: number): Uint8Array | null {
  if (levels === undefined || levels.length === 0) return null;
  return Uint8Array.from({ length: entryCount }, (_, i) => levels[i]!);
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}
