import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** A file's bytes from `start` to its end; the next chunk is read while one is used. The file stays open. */
export async function* fileChunks(file: FileHandle, start: number): AsyncGenerator<Uint8Array> {
  let at = start;
  const read = () => {
    const chunk = file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    // Whoever asks for the next chunk, or ends, sees the failure.
    chunk.catch(() => {});
    return chunk;
  };
  let coming = read();
  try {
    for (;;) {
      const { bytesRead, buffer } = await coming;
      if (bytesRead === 0) return;
      at += bytesRead;
      coming = read();
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // A file is not closed under a read.
    await coming.catch(() => {});
  }
}
