import { TablecastError } from '../../../protocol/errors.ts';
import type { PreparedRecord } from '../log-record.ts';

/**
 * Records side by side: how many (32 bits, little-endian), the bytes of each (32 bits), then the records. Everything begins
 * at a multiple of 8.
 */
export function encodeGroup(records: readonly PreparedRecord[]): Uint8Array<ArrayBuffer> {
  const headBytes = aligned(4 + 4 * records.length);
  const byteLength = records.reduce((sum, record) => sum + aligned(record.byteLength), headBytes);
  // Every byte is written below.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(byteLength).buffer);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, records.length, true);
  bytes.fill(0, 4 + 4 * records.length, headBytes);
  let at = headBytes;
  records.forEach((record, i) => {
    view.setUint32(4 + 4 * i, record.byteLength, true);
    const end = at + record.byteLength;
    record.writeTo(bytes.subarray(at, end));
    at += aligned(record.byteLength);
    bytes.fill(0, end, at);
  });
  return bytes;
}

/**
 * The records of a group, where they lie; `bytes` begin at a multiple of 8.
 *
 * @throws TablecastError `log_damaged`
 */
export function decodeGroup(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length < 4 ? Number.POSITIVE_INFINITY : view.getUint32(0, true);
  let at = aligned(4 + 4 * count);
  const records: Uint8Array[] = [];
  for (let i = 0; at <= bytes.length && i < count; i++) {
    const length = view.getUint32(4 + 4 * i, true);
    records.push(bytes.subarray(at, at + length));
    at += aligned(length);
  }
  if (records.length === count && at === bytes.length) return records;
  throw new TablecastError(
    'log_damaged',
    `A group of ${bytes.length} bytes is not laid out as this program writes them.`,
  );
}

/** The parts of a group in one buffer of their own, which begins at a multiple of 8. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
