import { type ColumnBuilder, NO_ROW } from './column-builder.ts';
import { grownBytes, grownInts, ValidityBuilder } from './validity-builder.ts';
import type { Vector } from './vector.ts';

export class BytesBuilder extends ValidityBuilder implements ColumnBuilder {
  readonly layout = 'bytes';
  offsets: Int32Array;
  data: Uint8Array = new Uint8Array(0);

  constructor(capacity: number) {
    super();
    this.offsets = new Int32Array(capacity + 1);
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'bytes') return this.appendNulls(end - start);
    const count = end - start;
    if (count === 0) return;
    const first = source.offsets[start]!;
    const last = source.offsets[end]!;
    this.offsets = grownInts(this.offsets, this.length + count + 1);
    const used = this.offsets[this.length]!;
    this.data = grownBytes(this.data, used + last - first);
    this.data.set(source.data.subarray(first, last), used);
    const { offsets, length } = this;
    const shift = used - first;
    for (let i = 1; i <= count; i++) offsets[length + i] = source.offsets[start + i]! + shift;
    this.addValidityRange(source.validity, start, end);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    if (source?.layout !== 'bytes') return this.appendNulls(to - from);
    this.offsets = grownInts(this.offsets, this.length + to - from + 1);
    let used = this.offsets[this.length]!;
    const { offsets: sourceOffsets, data: sourceData } = source;
    let total = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      if (row !== NO_ROW) total += sourceOffsets[row + 1]! - sourceOffsets[row]!;
    }
    this.data = grownBytes(this.data, used + total);
    const { data, offsets } = this;
    for (let i = from, at = this.length + 1; i < to; i++, at++) {
      const row = rows[i]!;
      if (row !== NO_ROW) {
        const end = sourceOffsets[row + 1]!;
        const start = sourceOffsets[row]!;
        if (end - start > 48) {
          data.set(sourceData.subarray(start, end), used);
          used += end - start;
        } else {
          for (let b = start; b < end; b++) data[used++] = sourceData[b]!;
        }
      }
      offsets[at] = used;
    }
    this.addValidityRows(source, rows, from, to);
  }
  appendNulls(count: number): void {
    this.offsets = grownInts(this.offsets, this.length + count + 1);
    const used = this.offsets[this.length]!;
    this.offsets.fill(used, this.length + 1, this.length + count + 1);
    this.addNulls(count);
  }
}
