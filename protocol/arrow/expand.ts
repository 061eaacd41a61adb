import { TablecastError } from '../errors.ts';
import { NO_ROW } from './column-builder.ts';
import { createColumnBuilder } from './create-column-builder.ts';
import type { DataType } from './data-type.ts';
import { bytesOfRange, bytesOfRows, type ExpansionBudget } from './expansion-budget.ts';
import { bitAt, type Vector } from './vector.ts';

/**
 * Columns that a message holds in a roundabout way, brought into the one layout of their type: dictionary indexes,
 * views, list views and run ends (columnar format 1.5). All pointers are checked before they are followed,
 * and the bytes of what they name are counted before they are copied.
 */

export function gatherDictionary(column: {
  readonly dictionary: Vector;
  readonly indexes: Uint8Array;
  readonly index: { readonly bits: number; readonly signed: boolean };
  readonly validity: Uint8Array | null;
  readonly length: number;
  readonly type: DataType;
  readonly name: string;
  readonly budget: ExpansionBudget;
}): Vector {
  const { dictionary, validity, length, name } = column;
  const read = indexReader(column.indexes, column.index.bits, column.index.signed);
  const rows = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    if (validity !== null && !bitAt(validity, i)) {
      rows[i] = NO_ROW;
      continue;
    }
    const index = read(i);
    if (!(index >= 0 && index < dictionary.length)) {
      throw new TablecastError(
        'arrow_invalid',
        `The column "${name}" has dictionary index ${index} at row ${i}, its dictionary has ${dictionary.length} values.`,
      );
    }
    rows[i] = index;
  }
  column.budget.take(bytesOfRows(dictionary, rows), name);
  const builder = createColumnBuilder(column.type, length);
  builder.appendRows(dictionary, rows, 0, length);
  return builder.vector;
}

function indexReader(bytes: Uint8Array, bits: number, signed: boolean): (i: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bits) {
    case 8:
      return signed ? (i) => view.getInt8(i) : (i) => view.getUint8(i);
    case 16:
      return signed ? (i) => view.getInt16(i * 2, true) : (i) => view.getUint16(i * 2, true);
    case 32:
      return signed ? (i) => view.getInt32(i * 4, true) : (i) => view.getUint32(i * 4, true);
    case 64:
      return (i) => view.getInt32(i * 8 + 4, true) * 2 ** 32 + view.getUint32(i * 8, true);
    default:
      throw new TablecastError('arrow_invalid', `Dictionary indexes have ${bits} bits.`);
  }
}

/** UTF-8 and binary views: 16 bytes a value; 12 or fewer bytes lie in the view, more in one of the data buffers. */
export function readViews(
  views: Uint8Array,
  data: readonly Uint8Array[],
  length: number,
  validity: Uint8Array | null,
  name: string,
  budget: ExpansionBudget,
): Vector {
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const offsets = new Int32Array(length + 1);
  const source = (i: number): Uint8Array => {
    const bytes = view.getInt32(i * 16, true);
    if (bytes >= 0 && bytes <= 12) return views.subarray(i * 16 + 4, i * 16 + 4 + bytes);
    const buffer = data[view.getInt32(i * 16 + 8, true)];
    const start = view.getInt32(i * 16 + 12, true);
    if (bytes < 0 || buffer === undefined || start < 0 || start + bytes > buffer.length) {
      throw new TablecastError(
        'arrow_invalid',
        `The column "${name}" has a view that points outside its data at row ${i}.`,
      );
    }
    return buffer.subarray(start, start + bytes);
  };
  let total = 0;
  for (let i = 0; i < length; i++) {
    if (validity === null || bitAt(validity, i)) total += view.getInt32(i * 16, true);
    if (!(total >= 0 && total <= 0x7fffffff))
      throw new TablecastError('arrow_invalid', `The column "${name}" holds more than 2 GiB.`);
    offsets[i + 1] = total;
  }
  budget.take(total, name);
  const bytes = new Uint8Array(total);
  for (let i = 0; i < length; i++) {
    if (validity === null || bitAt(validity, i)) bytes.set(source(i), offsets[i]!);
  }
  return { layout: 'bytes', length, validity, offsets, data: bytes };
}

export function gatherListView(
  offsets: Int32Array,
  sizes: Int32Array,
  child: Vector,
  childType: DataType,
  length: number,
  validity: Uint8Array | null,
  name: string,
  budget: ExpansionBudget,
): Vector {
  const packed = new Int32Array(length + 1);
  let total = 0;
  let bytes = 0;
  for (let i = 0; i < length; i++) {
    if (validity === null || bitAt(validity, i)) {
      const start = offsets[i]!;
      const size = sizes[i]!;
      if (start < 0 || size < 0 || start + size > child.length) {
        throw new TablecastError(
          'arrow_invalid',
          `The column "${name}" has a list that points outside its values at row ${i}.`,
        );
      }
      total += size;
      if (total > 8 * Math.max(1 << 20, child.length)) {
        throw new TablecastError(
          'arrow_invalid',
          `The lists of the column "${name}" repeat their values too often.`,
        );
      }
      bytes += bytesOfRange(child, start, start + size);
    }
    packed[i + 1] = total;
  }
  budget.take(bytes, name);
  const builder = createColumnBuilder(childType);
  for (let i = 0; i < length; i++) {
    const size = packed[i + 1]! - packed[i]!;
    if (size > 0) builder.appendRange(child, offsets[i]!, offsets[i]! + size);
  }
  return { layout: 'list', length, validity, offsets: packed, child: builder.vector };
}

export function gatherRunEnds(
  runEnds: Vector,
  values: Vector,
  type: DataType,
  length: number,
  name: string,
  budget: ExpansionBudget,
): Vector {
  if (runEnds.layout !== 'fixed' || values.length < runEnds.length) {
    throw new TablecastError(
      'arrow_invalid',
      `The column "${name}" has run ends that do not fit its values.`,
    );
  }
  const readEnd = indexReader(runEnds.bytes, runEnds.width * 8, true);
  budget.take(length * Int32Array.BYTES_PER_ELEMENT, name);
  const rows = new Int32Array(length);
  let row = 0;
  for (let run = 0; run < runEnds.length && row < length; run++) {
    const end = readEnd(run);
    if (end <= row)
      throw new TablecastError('arrow_invalid', `The run ends of the column "${name}" do not grow.`);
    rows.fill(run, row, Math.min(end, length));
    row = Math.min(end, length);
  }
  if (row < length)
    throw new TablecastError(
      'arrow_invalid',
      `The run ends of the column "${name}" stop at row ${row} of ${length}.`,
    );
  budget.take(bytesOfRows(values, rows), name);
  const builder = createColumnBuilder(type, length);
  builder.appendRows(values, rows, 0, length);
  return builder.vector;
}
