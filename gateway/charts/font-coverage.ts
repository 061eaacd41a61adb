import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Whether a font has a character, by its code point. */
export type HasGlyph = (codePoint: number) => boolean;

const MAX_CMAP_BYTES = 4 * 1024 * 1024;
const MAX_TABLES = 128;

/**
 * The characters that a font file has, by the first font's `cmap` table (OpenType 1.9, formats 4 and 12); null where the
 * file is no font that can be read. Only that table is read.
 */
export function readFontCoverage(path: string): HasGlyph | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    return coverageOf(file);
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function coverageOf(file: number): HasGlyph | null {
  const { size } = fstatSync(file);
  let start = 0;
  let head = read(file, 0, 12);
  // A collection: the first font stands for all, which share their characters nearly always.
  if (head.toString('latin1', 0, 4) === 'ttcf') {
    start = read(file, 12, 4).readUInt32BE(0);
    head = read(file, start, 12);
  }
  const count = Math.min(head.readUInt16BE(4), MAX_TABLES);
  const directory = read(file, start + 12, count * 16);
  for (let i = 0; i < count; i++) {
    if (directory.toString('latin1', i * 16, i * 16 + 4) !== 'cmap') continue;
    const offset = directory.readUInt32BE(i * 16 + 8);
    const length = Math.min(directory.readUInt32BE(i * 16 + 12), MAX_CMAP_BYTES, size - offset);
    return parseCmap(read(file, offset, length));
  }
  return null;
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  const got = readSync(file, bytes, 0, bytes.length, at);
  return bytes.subarray(0, got);
}

/** The widest of the Unicode subtables. */
function parseCmap(cmap: Buffer): HasGlyph | null {
  const subtables: { readonly format: number; readonly at: number }[] = [];
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const platform = cmap.readUInt16BE(4 + i * 8);
    const at = cmap.readUInt32BE(8 + i * 8);
    if (platform === 0 || platform === 3) subtables.push({ format: cmap.readUInt16BE(at), at });
  }
  const best = subtables.find(({ format }) => format === 12) ?? subtables.find(({ format }) => format === 4);
  if (best === undefined) return null;
  const table = cmap.subarray(best.at);
  const ranges = best.format === 12 ? groups(table) : segments(table);
  return (codePoint) => isWithin(ranges, codePoint);
}

/** Format 12: start, end by turns, ascending. */
function groups(table: Buffer): Uint32Array {
  const count = table.readUInt32BE(12);
  const ranges = new Uint32Array(Math.min(count, Math.floor((table.length - 16) / 12)) * 2);
  for (let i = 0; i < ranges.length / 2; i++) {
    ranges[2 * i] = table.readUInt32BE(16 + i * 12);
    ranges[2 * i + 1] = table.readUInt32BE(20 + i * 12);
  }
  return ranges;
}

/** Format 4: the same of 16-bit segments, the closing 0xFFFF left out. */
function segments(table: Buffer): Uint32Array {
  const count = table.readUInt16BE(6) / 2;
  const ranges: number[] = [];
  for (let i = 0; i < count; i++) {
    const end = table.readUInt16BE(14 + i * 2);
    const start = table.readUInt16BE(16 + count * 2 + i * 2);
    if (end !== 0xffff || start !== 0xffff) ranges.push(start, end);
  }
  return Uint32Array.from(ranges);
}

function isWithin(ranges: Uint32Array, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < ranges[2 * middle]!) high = middle - 1;
    else if (codePoint > ranges[2 * middle + 1]!) low = middle + 1;
    else return true;
  }
  return false;
}
