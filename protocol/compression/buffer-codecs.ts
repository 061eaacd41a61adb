import { decodeLz4Frame } from './lz4-frame.ts';
import { ZstdDecoder } from './zstd-frame.ts';

export interface BufferCodec {
  /** Fills the second bytes with what the first hold, or throws. */
  readonly decode: (frame: Uint8Array, into: Uint8Array) => void;
  /** No byte of a frame stands for more: a run is told by its length in bytes of 255 each, or by a block of 4 bytes at least. */
  readonly maxExpansion: number;
}

/** What decodes buffers of this `CompressionType` (`Message.fbs`); null where it is not known. Bundles for browsers have none. */
export function bufferCodec(type: number): BufferCodec | null {
  if (type === 0) return { decode: decodeLz4Frame, maxExpansion: 255 };
  if (type !== 1) return null;
  const decoder = new ZstdDecoder();
  return { decode: (frame, into) => decoder.decode(frame, into), maxExpansion: 32_768 };
}
