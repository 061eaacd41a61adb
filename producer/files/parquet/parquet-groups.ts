import * as zlib from 'node:zlib';
import type { RowGroup as ParquetRowGroup } from 'hyparquet';
import { type AsyncBuffer, type Compressors, type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import { compressors as libraryCompressors } from 'hyparquet-compressors';
import type { Batch } from '../../../protocol/arrow/vector.ts';
import { decodeLz4Block } from '../../../protocol/compression/lz4-block.ts';
import { ZstdDecoder } from '../../../protocol/compression/zstd-frame.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { ReadAt } from '../arrow-file.ts';
import { byteLengthOfBatch, type RowGroup } from '../row-group.ts';
import { assembleColumn, ROW } from './assemble-columns.ts';
import { LeafPages } from './leaf-pages.ts';
import { LeafReader, type LeafRows } from './leaf-reader.ts';
import { type ParquetSchema, readParquetSchema } from './parquet-schema.ts';

/** So many rows tell how large rows are. */
const FIRST_ROWS = 4096;

export interface ParquetGroupsOptions {
  readonly readAt: ReadAt;
  readonly sizeBytes: number;
  readonly groupBytes: number;
}

/**
 * The rows of a Parquet file, about `groupBytes` at a time. Of a column no more is in memory than its page and what was not given yet.
 *
 * @throws TablecastError `bad_body`, `unsupported_media_type`
 */
export async function* parquetGroups(options: ParquetGroupsOptions): AsyncGenerator<RowGroup> {
  try {
    yield* groups(options);
  } catch (cause) {
    if (cause instanceof TablecastError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TablecastError(
      'bad_body',
      `The Parquet file is damaged, or holds what is not known (${why}).`,
      {
        cause,
      },
    );
  }
}

async function* groups({ readAt, sizeBytes, groupBytes }: ParquetGroupsOptions): AsyncGenerator<RowGroup> {
  const file: AsyncBuffer = {
    byteLength: sizeBytes,
    slice: async (start, end = sizeBytes) => (await readAt(start, end - start)).slice().buffer as ArrayBuffer,
  };
  const metadata: FileMetaData = await parquetMetadataAsync(file, { geoparquet: false });
  const schema = readParquetSchema(metadata);
  const fields = schema.columns.map(({ field }) => field);
  const compressors = ownCompressors();
  let rowBytes = groupBytes / FIRST_ROWS;
  let isEmpty = true;
  for (const rowGroup of metadata.row_groups) {
    const readers = readersOf(schema, rowGroup, readAt, compressors);
    for (let left = Number(rowGroup.num_rows); left > 0; ) {
      const rowCount = Math.min(left, Math.max(1, Math.floor(groupBytes / rowBytes)));
      left -= rowCount;
      const batch = await batchOf(schema, readers, rowCount);
      rowBytes = Math.max(1, byteLengthOfBatch(batch) / rowCount);
      isEmpty = false;
      yield { fields, batches: [batch], rowCount };
    }
  }
  if (isEmpty) yield { fields, batches: [], rowCount: 0 };
}

function readersOf(
  { leaves }: ParquetSchema,
  { columns }: ParquetRowGroup,
  readAt: ReadAt,
  compressors: Compressors,
): LeafReader[] {
  return leaves.map((leaf) => {
    const { meta_data: column, file_path, crypto_metadata } = columns[leaf.index] ?? {};
    if (column === undefined || file_path !== undefined || crypto_metadata !== undefined) {
      throw new TablecastError(
        'unsupported_media_type',
        `The Parquet column "${leaf.element.name}" is encrypted, or in another file; write it to one plain file.`,
      );
    }
    return new LeafReader(leaf, new LeafPages({ readAt, leaf, column, compressors }));
  });
}

async function batchOf(
  { columns, leaves }: ParquetSchema,
  readers: readonly LeafReader[],
  rowCount: number,
): Promise<Batch> {
  const rows: LeafRows[] = [];
  for (const reader of readers) rows.push(await reader.take(rowCount));
  const vectors = columns.map((node) => assembleColumn(node, ({ index }) => rows[index]!, ROW));
  if (vectors.some((vector) => vector.length !== rowCount))
    throw new TablecastError('bad_body', `A Parquet column of ${leaves.length} has another number of rows.`);
  return { rowCount, columns: vectors };
}

/** What Node and this project have is faster, and what comes out is never more than is declared. */
function ownCompressors(): Compressors {
  const zstd = new ZstdDecoder();
  return {
    ...libraryCompressors,
    GZIP: (input, byteLength) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, byteLength) }),
    BROTLI: (input, byteLength) =>
      zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, byteLength) }),
    LZ4_RAW: (input, byteLength) => filled(byteLength, (bytes) => decodeLz4Block(input, bytes)),
    ZSTD: (input, byteLength) => filled(byteLength, (bytes) => zstd.decode(input, bytes)),
  };
}

function filled(byteLength: number, fill: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  fill(bytes);
  return bytes;
}
