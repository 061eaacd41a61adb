import type { ColumnMetaData, Compressors, DataReader, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { createColumnBuilder } from '../../../protocol/arrow/create-column-builder.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { ReadAt } from '../arrow-file.ts';
import { checkPageHeader } from './check-page-header.ts';
import { ColumnBytes } from './column-bytes.ts';
import { readDataPage, readIndexes, readStoredValues } from './data-page.ts';
import type { Leaf } from './parquet-schema.ts';
import { storedValues } from './stored-values.ts';

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
  readonly #bytes: ColumnBytes;
  #dictionary: Vector | null = null;
  #leftEntries: number;

  constructor(options: LeafPagesOptions) {
    this.#options = options;
    const { column, readAt } = options;
    const start = Number(column.dictionary_page_offset || column.data_page_offset);
    this.#bytes = new ColumnBytes(readAt, start, start + Number(column.total_compressed_size));
    this.#leftEntries = Number(column.num_values);
  }

  /** @returns null after the last one */
  async next(): Promise<LeafPage | null> {
    while (this.#leftEntries > 0 && this.#bytes.leftBytes > 0) {
      const header = await this.#header();
      checkPageHeader(header);
      const byteLength = header.compressed_page_size;
      if (byteLength > this.#bytes.leftBytes || header.uncompressed_page_size > MAX_PAGE_BYTES)
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
    const { leaf } = this.#options;
    const dictionary = header.dictionary_page_header;
    if (header.type === 'DICTIONARY_PAGE' && dictionary !== undefined) {
      const { type, type_length } = leaf.element;
      const bytes = this.#decompress(stored, header.uncompressed_page_size);
      const values =
        type === undefined ? [] : readPlain(readerOf(bytes), type, dictionary.num_values, type_length);
      this.#dictionary = storedValues(leaf.type, values);
      return null;
    }
    const entryCount = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0;
    if (entryCount > this.#leftEntries)
      throw new TablecastError('bad_body', 'A page has more values than its column.');
    const page = readDataPage(header, stored, leaf, (bytes, byteLength) =>
      this.#decompress(bytes, byteLength),
    );
    if (page === null) return null;
    const isCoded = page.encoding.endsWith('_DICTIONARY');
    const values = isCoded
      ? this.#looked(readIndexes(page))
      : storedValues(leaf.type, readStoredValues(page, leaf));
    if (values.length !== page.valueCount) throw new TablecastError('bad_body', 'A page has too few values.');
    return { ...page, values };
  }

  #decompress(bytes: Uint8Array, byteLength: number): Uint8Array {
    const { column, compressors } = this.#options;
    return decompressPage(bytes, byteLength, column.codec, compressors);
  }

  #looked(rows: Int32Array): Vector {
    const dictionary = this.#dictionary;
    const size = dictionary?.length ?? 0;
    if (rows.some((row) => row < 0 || row >= size))
      throw new TablecastError('bad_body', 'A page names values that its dictionary does not have.');
    const builder = createColumnBuilder(this.#options.leaf.type, rows.length);
    if (dictionary !== null) builder.appendRows(dictionary, rows, 0, rows.length);
    return builder.vector;
  }
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}
