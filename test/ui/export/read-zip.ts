import { crc32, inflateRawSync } from 'node:zlib';

/** A ZIP archive's entries by name, read by its directory, with every checksum and size compared. */
export function readZip(bytes: Uint8Array): Map<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error('There is no directory at the end.');
  const entries = new Map<string, string>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error('The directory is broken.');
    const nameLength = view.getUint16(at + 28, true);
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString();
    entries.set(name, readEntry(bytes, view, at));
    at += 46 + nameLength;
  }
  if (at !== end) throw new Error('The directory is longer than it says.');
  return entries;
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): string {
  const local = view.getUint32(at + 42, true);
  if (view.getUint32(local, true) !== 0x04034b50) throw new Error('An entry is not where it should be.');
  const start = local + 30 + view.getUint16(local + 26, true);
  const content = inflateRawSync(bytes.subarray(start, start + view.getUint32(at + 20, true)));
  if (content.length !== view.getUint32(at + 24, true)) throw new Error('An entry has another size.');
  if (crc32(content) !== view.getUint32(at + 16, true)) throw new Error('An entry has another checksum.');
  return content.toString();
}
