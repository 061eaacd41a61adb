import type { BytesVector, FixedVector } from '../arrow/vector.ts';
import { CellMisfit } from './cell-misfit.ts';
import { cellValidity } from './cell-validity.ts';
import { CELL, type Cells } from './cells.ts';
import { parseBase64 } from './parse-base64.ts';
import { unescapeInto } from './unescape.ts';

/** Below this, bytes are copied faster one by one. */
const MIN_BLOCK_COPY_BYTES = 32;

/** Texts, copied as the bytes that they are. @throws CellMisfit where a cell is no text */
export function textColumn(cells: Cells): BytesVector {
  const { length, kinds, starts, ends } = cells;
  const { bytes } = cells.source;
  const offsets = new Int32Array(length + 1);
  const data = new Uint8Array(checkedBytes(cells));
  let to = 0;
  for (let row = 0; row < length; row++) {
    const kind = kinds[row]!;
    if (kind > CELL.empty) {
      if (kind < CELL.bare && kind !== CELL.text && kind !== CELL.escapedText) throw new CellMisfit(row);
      const start = starts[row]!;
      const end = ends[row]!;
      if (kind === CELL.escapedText || kind === CELL.escapedQuoted) {
        to = unescapeInto(kind, bytes, start, end, data, to);
        if (to < 0) throw new CellMisfit(row, 'names half of a surrogate pair, which is no character');
      } else if (end - start >= MIN_BLOCK_COPY_BYTES) {
        data.set(bytes.subarray(start, end), to);
        to += end - start;
      } else for (let from = start; from < end; from++) data[to++] = bytes[from]!;
    }
    offsets[row + 1] = to;
  }
  return { layout: 'bytes', length, validity: cellValidity(cells), offsets, data };
}

/** Bytes in base64. @throws CellMisfit where a cell is none */
export function binaryColumn(cells: Cells): BytesVector {
  const { length } = cells;
  const offsets = new Int32Array(length + 1);
  const data = new Uint8Array(checkedBytes(cells));
  let to = 0;
  for (let row = 0; row < length; row++) {
    if (cells.kinds[row]! > CELL.empty) {
      const value = bytesOf(cells, row);
      data.set(value, to);
      to += value.length;
    }
    offsets[row + 1] = to;
  }
  return { layout: 'bytes', length, validity: cellValidity(cells), offsets, data };
}

/** Bytes of one length, in base64. @throws CellMisfit where a cell is none */
export function fixedBinaryColumn(cells: Cells, width: number): FixedVector {
  const { length } = cells;
  const bytes = new Uint8Array(length * width);
  // No bytes at all are a value only where the width says so.
  const lastNull = width === 0 ? CELL.null : CELL.empty;
  for (let row = 0; row < length; row++) {
    if (cells.kinds[row]! <= CELL.empty) continue;
    const value = bytesOf(cells, row);
    if (value.length !== width) throw new CellMisfit(row, `has ${value.length} bytes`);
    bytes.set(value, row * width);
  }
  return { layout: 'fixed', length, validity: cellValidity(cells, lastNull), width, bytes };
}

function bytesOf(cells: Cells, row: number): Uint8Array {
  const kind = cells.kinds[row]!;
  const isText = kind === CELL.text || kind === CELL.escapedText || kind >= CELL.bare;
  const value = isText ? parseBase64(cells.textOf(row)) : null;
  if (value === null) throw new CellMisfit(row, 'is not base64');
  return value;
}

/** Bytes of the cells as they stand, which a value never exceeds. */
function checkedBytes(cells: Cells): number {
  let bytes = 0;
  for (let row = 0; row < cells.length; row++) {
    if (cells.kinds[row]! > CELL.empty) bytes += cells.ends[row]! - cells.starts[row]!;
  }
  return bytes;
}
