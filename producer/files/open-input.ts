import { type FileHandle, open } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { TablecastError } from '../../protocol/errors.ts';
import type { ReadAt } from './arrow-file.ts';
import { ChunkReader } from './chunk-reader.ts';
import { fileChunks } from './file-chunks.ts';
import { type Compression, compressionOf, type FileFormat, fileFormat, SAMPLE_BYTES } from './file-format.ts';
import { nodeZstdDecoder, zstdChunks } from './zstd-chunks.ts';

const CHUNK_BYTES = 1024 * 1024;
const BOM = [0xef, 0xbb, 0xbf];
const LF = 0x0a;

export interface InputOptions {
  /** A path, or `-` for the standard input. */
  readonly name: string;
  readonly stdin: Readable;
  /** The file, where it is open already; it stays open. */
  readonly file?: FileHandle;
  /** Where absent, what name and content say. */
  readonly format?: FileFormat;
  /** Where to begin, in an uncompressed file. */
  readonly startBytes?: number;
  /** Ends it, whatever is waited for. */
  readonly signal: AbortSignal;
}

/** An open file or stream, decompressed. */
export interface Input {
  readonly bytes: ChunkReader;
  readonly format: FileFormat;
  readonly compression: Compression | null;
  /** Of the file as it lies; null where nobody knows. */
  readonly sizeBytes: number | null;
  /** The same for any place of it; null where it is compressed or a stream. */
  readonly file: { readonly readAt: ReadAt; readonly sizeBytes: number } | null;
  /** How much of it was read. */
  readBytes(): number;
  close(): Promise<void>;
}

/**
 * Opens a file or the standard input, and looks at what it is.
 *
 * @throws TablecastError `bad_parameter` where it cannot be read, `unsupported_media_type`
 */
export async function openInput(options: InputOptions): Promise<Input> {
  const { name, format, startBytes = 0, signal } = options;
  const raw = name === '-' ? rawStream(options.stdin) : await rawFile(name, options.file, startBytes);
  let readBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of raw.chunks) {
        readBytes += chunk.length;
        yield chunk;
      }
    } catch (cause) {
      signal.throwIfAborted();
      throw unreadable(name, cause);
    }
  }
  const stop = () => void raw.close();
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    await raw.close();
  };
  signal.addEventListener('abort', stop);
  try {
    const stored = new ChunkReader(counted());
    const compression =
      startBytes > 0 ? null : compressionOf(await stored.peek((bytes) => bytes.length >= 4));
    const bytes = compression === null ? stored : new ChunkReader(decompressed(name, stored, compression));
    const found = format ?? fileFormat(name, await bytes.peek(isTelling));
    if (startBytes === 0 && found !== 'arrow' && found !== 'parquet') await dropByteOrderMark(bytes);
    const { sizeBytes, readAt } = raw;
    const file =
      compression !== null || readAt === null || sizeBytes === null
        ? null
        : {
            sizeBytes,
            readAt: async (at: number, byteLength: number) => {
              readBytes = Math.max(readBytes, at);
              return readAt(at, byteLength);
            },
          };
    return { bytes, format: found, compression, sizeBytes, file, readBytes: () => readBytes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface RawInput {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number | null;
  readonly readAt: ReadAt | null;
  close(): Promise<void>;
}

function rawStream(stdin: Readable): RawInput {
  return {
    chunks: stdin,
    sizeBytes: null,
    readAt: null,
    close: async () => {
      stdin.destroy();
    },
  };
}

async function rawFile(path: string, file: FileHandle | undefined, startBytes: number): Promise<RawInput> {
  try {
    const opened = file ?? (await open(path));
    const stats = await opened.stat();
    if (stats.isDirectory()) {
      await opened.close();
      throw new TablecastError('bad_parameter', `${path} is a directory; name a file, or "-".`);
    }
    // Pipes and devices have no size, and no places to read at.
    if (!stats.isFile()) return rawStream(opened.createReadStream());
    const chunks = fileChunks(opened, startBytes);
    const close = async (): Promise<void> => {
      await chunks.return(undefined);
      if (file === undefined) await opened.close();
    };
    const readAt = async (at: number, byteLength: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(byteLength);
      await opened.read(bytes, 0, byteLength, at);
      return bytes;
    };
    return { chunks, sizeBytes: stats.size, readAt, close };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(name: string, cause: unknown): TablecastError {
  if (cause instanceof TablecastError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
  const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${String(code)})`;
  return new TablecastError('bad_parameter', `${name}: ${why}.`, { cause });
}

/** A line is enough: a stream may let wait for the next one. */
function isTelling(bytes: Uint8Array): boolean {
  return bytes.length >= SAMPLE_BYTES || (bytes.length >= 4 && bytes.includes(LF));
}

async function dropByteOrderMark(bytes: ChunkReader): Promise<void> {
  const head = await bytes.peek((some) => some.length >= BOM.length);
  if (!BOM.every((byte, i) => head[i] === byte)) return;
  await bytes.take(new Uint8Array(BOM.length));
}

async function* decompressed(
  name: string,
  stored: ChunkReader,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  try {
    const decoder = compression === 'gzip' ? zlib.createGunzip : nodeZstdDecoder();
    yield* decoder === null
      ? zstdChunks(chunksOf(stored))
      : piped(stored, decoder({ chunkSize: CHUNK_BYTES }));
  } catch (cause) {
    if (cause instanceof TablecastError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TablecastError('bad_body', `${name}: its ${compression} data is damaged or cut off (${why}).`, {
      cause,
    });
  }
}

async function* piped(stored: ChunkReader, decoder: Transform): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunksOf(stored), { objectMode: false });
  source.on('error', (error) => decoder.destroy(error));
  try {
    for await (const chunk of source.pipe(decoder)) yield chunk as Uint8Array;
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

async function* chunksOf(reader: ChunkReader): AsyncGenerator<Uint8Array> {
  for (let chunk = await reader.next(); chunk !== null && chunk !== 'late'; chunk = await reader.next())
    yield chunk;
}
