import { type ColumnBuilder, NO_ROW } from './column-builder.ts';
import { grownBytes, ValidityBuilder } from './validity-builder.ts';
import { bitAt, copyBits, type Vector } from './vector.ts';

export class NullBuilder implements ColumnBuilder {
  readonly layout = 'null';
  length = 0;

  get vector(): Vector {
    return this;
  }
  appendRange(_source: Vector | undefined, start: number, end: number): void {
    this.length += end - start;
  }
  appendRows(_source: Vector | undefined, _rows: Int32Array, from: number, to: number): void {
    this.length += to - from;
  }
  appendNulls(count: number): void {
    this.length += count;
  }
}

export class BoolBuilder extends ValidityBuilder implements ColumnBuilder {
  readonly layout = 'bool';
  bits: Uint8Array;

  constructor(capacity: number) {
    super();
    this.bits = new Uint8Array((capacity + 7) >> 3);
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'bool') return this.appendNulls(end - start);
    this.bits = grownBytes(this.bits, (this.length + end - start + 7) >> 3);
    copyBits(source.bits, start, this.bits, this.length, end - start);
    this.addValidityRange(source.validity, start, end);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    if (source?.layout !== 'bool') return this.appendNulls(to - from);
    this.bits = grownBytes(this.bits, (this.length + to - from + 7) >> 3);
    for (let i = from, at = this.length; i < to; i++, at++) {
      const row = rows[i]!;
      if (row !== NO_ROW && bitAt(source.bits, row)) this.bits[at >> 3]! |= 1 << (at & 7);
    }
    this.addValidityRows(source, rows, from, to);
  }
  appendNulls(count: number): void {
    this.bits = grownBytes(this.bits, (this.length + count + 7) >> 3);
    this.addNulls(count);
  }
}

export class FixedBuilder extends ValidityBuilder implements ColumnBuilder {
  readonly layout = 'fixed';
  readonly width: number;
  bytes: Uint8Array;

  constructor(width: number, capacity: number) {
    super();
    this.width = width;
    this.bytes = new Uint8Array(capacity * width);
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'fixed') return this.appendNulls(end - start);
    const at = this.length * this.width;
    this.bytes = grownBytes(this.bytes, at + (end - start) * this.width);
    this.bytes.set(source.bytes.subarray(start * this.width, end * this.width), at);
    this.addValidityRange(source.validity, start, end);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    if (source?.layout !== 'fixed') return this.appendNulls(to - from);
    const at = this.length * this.width;
    this.bytes = grownBytes(this.bytes, at + (to - from) * this.width);
    copyFixedRows(source.bytes, this.width, rows, from, to, this.bytes, this.length);
    this.addValidityRows(source, rows, from, to);
  }
  appendNulls(count: number): void {
    this.bytes = grownBytes(this.bytes, (this.length + count) * this.width);
    this.addNulls(count);
  }
}

/** Words rather than values are copied, so that no bit pattern (a NaN's payload) is changed on the way. */
function copyFixedRows(
  from: Uint8Array,
  width: number,
  rows: Int32Array,
  first: number,
  end: number,
  to: Uint8Array,
  at: number,
): void {
  if (width % 4 === 0) {
    const perValue = width / 4;
    const source = new Uint32Array(from.buffer, from.byteOffset, from.byteLength >> 2);
    const target = new Uint32Array(to.buffer, to.byteOffset, to.byteLength >> 2);
    if (perValue === 1) {
      for (let i = first, o = at; i < end; i++, o++) {
        const row = rows[i]!;
        if (row !== NO_ROW) target[o] = source[row]!;
      }
    } else if (perValue === 2) {
      for (let i = first, o = at * 2; i < end; i++, o += 2) {
        const row = rows[i]!;
        if (row === NO_ROW) continue;
        target[o] = source[row * 2]!;
        target[o + 1] = source[row * 2 + 1]!;
      }
    } else {
      for (let i = first, o = at * perValue; i < end; i++, o += perValue) {
        const row = rows[i]!;
        if (row === NO_ROW) continue;
        for (let w = 0; w < perValue; w++) target[o + w] = source[row * perValue + w]!;
      }
    }
    return;
  }
  for (let i = first, o = at * width; i < end; i++, o += width) {
    const row = rows[i]!;
    if (row === NO_ROW) continue;
    for (let b = 0; b < width; b++) to[o + b] = from[row * width + b]!;
  }
}
