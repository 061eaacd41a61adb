import { TablecastError } from '../../protocol/errors.ts';

/** A record of a log or snapshot: what it is, and the bytes that belong to it. */
export interface LogRecord {
  /** JSON. */
  readonly header: unknown;
  readonly blobs: readonly Uint8Array[];
}

/** A record whose size is known, to be written where there is room for it. */
export interface PreparedRecord {
  readonly byteLength: number;
  /** `bytes` are as many as `byteLength`. */
  writeTo(bytes: Uint8Array): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Lays a record out: bytes of the header and number of blobs (32 bits each, little-endian), bytes of each blob (32 bits),
 * the header, the blobs. Everything begins at a multiple of 8, so that Arrow messages are read where they lie.
 */
export function prepareRecord({ header, blobs }: LogRecord): PreparedRecord {
  const text = encoder.encode(JSON.stringify(header));
  const headerAt = aligned(8 + 4 * blobs.length);
  const byteLength = blobs.reduce((sum, blob) => sum + aligned(blob.length), headerAt + aligned(text.length));
  return {
    byteLength,
    writeTo(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      view.setUint32(0, text.length, true);
      view.setUint32(4, blobs.length, true);
      blobs.forEach((blob, i) => {
        view.setUint32(8 + 4 * i, blob.length, true);
      });
      bytes.fill(0, 8 + 4 * blobs.length, headerAt);
      let at = put(bytes, text, headerAt);
      for (const blob of blobs) at = put(bytes, blob, at);
    },
  };
}

function put(into: Uint8Array, blob: Uint8Array, at: number): number {
  into.set(blob, at);
  const end = at + aligned(blob.length);
  into.fill(0, at + blob.length, end);
  return end;
}

/** Blobs of small records are copied, so that what is kept of them does not keep a whole page of records in memory. */
const COPIED_BYTES = 64 * 1024;

/**
 * The record in these bytes, which begin at a multiple of 8 and do not change.
 *
 * @throws TablecastError `data_dir_damaged`
 */
export function readRecord(bytes: Uint8Array): LogRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const headerBytes = view.getUint32(0, true);
    const blobCount = view.getUint32(4, true);
    let at = aligned(8 + 4 * blobCount);
    const header: unknown = JSON.parse(decoder.decode(bytes.subarray(at, at + headerBytes)));
    at += aligned(headerBytes);
    const blobs: Uint8Array[] = [];
    for (let i = 0; i < blobCount; i++) {
      const length = view.getUint32(8 + 4 * i, true);
      if (at + length > bytes.length) throw new RangeError('A blob leaves its record.');
      const blob = bytes.subarray(at, at + length);
      blobs.push(bytes.length < COPIED_BYTES ? blob.slice() : blob);
      at += aligned(length);
    }
    return { header, blobs };
  } catch (cause) {
    throw new TablecastError('data_dir_damaged', 'A record is not laid out as this program writes them.', {
      cause,
    });
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
