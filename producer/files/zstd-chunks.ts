import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';

type CreateDecoder = (options: { readonly chunkSize: number }) => Transform;

/** The decoder that Node has from 22.15 on; null where it has none. */
export function nodeZstdDecoder(): CreateDecoder | null {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: CreateDecoder };
  return createZstdDecompress ?? null;
}

/**
 * What Zstandard frames hold, as they come: for Node without a decoder of its own.
 *
 * @throws where they are damaged or cut off
 */
export async function* zstdChunks(frames: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoded: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => {
    // It is a view of memory that is used again.
    if (chunk.length > 0) decoded.push(chunk.slice());
  });
  for await (const chunk of frames) {
    decoder.push(chunk);
    yield* decoded.splice(0);
  }
  decoder.push(new Uint8Array(0), true);
  yield* decoded.splice(0);
}
