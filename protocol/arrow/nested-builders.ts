import { type ColumnBuilder, NO_ROW } from './column-builder.ts';
import { grownInts, ValidityBuilder } from './validity-builder.ts';
import type { Vector } from './vector.ts';

export class ListBuilder extends ValidityBuilder implements ColumnBuilder {
  readonly layout = 'list';
  offsets: Int32Array;
  readonly #child: ColumnBuilder;

  constructor(child: ColumnBuilder, capacity: number) {
    super();
    this.offsets = new Int32Array(capacity + 1);
    this.#child = child;
  }
  get child(): Vector {
    return this.#child.vector;
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'list') return this.appendNulls(end - start);
    const count = end - start;
    if (count === 0) return;
    const first = source.offsets[start]!;
    this.offsets = grownInts(this.offsets, this.length + count + 1);
    const shift = this.offsets[this.length]! - first;
    for (let i = 1; i <= count; i++) this.offsets[this.length + i] = source.offsets[start + i]! + shift;
    this.#child.appendRange(source.child, first, source.offsets[end]!);
    this.addValidityRange(source.validity, start, end);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    if (source?.layout !== 'list') return this.appendNulls(to - from);
    this.offsets = grownInts(this.offsets, this.length + to - from + 1);
    let used = this.offsets[this.length]!;
    for (let i = from, at = this.length + 1; i < to; i++, at++) {
      const row = rows[i]!;
      if (row !== NO_ROW) {
        const start = source.offsets[row]!;
        const end = source.offsets[row + 1]!;
        this.#child.appendRange(source.child, start, end);
        used += end - start;
      }
      this.offsets[at] = used;
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

export class FixedListBuilder extends ValidityBuilder implements ColumnBuilder {
  readonly layout = 'fixed_list';
  readonly size: number;
  readonly #child: ColumnBuilder;

  constructor(child: ColumnBuilder, size: number) {
    super();
    this.size = size;
    this.#child = child;
  }
  get child(): Vector {
    return this.#child.vector;
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'fixed_list') return this.appendNulls(end - start);
    this.#child.appendRange(source.child, start * this.size, end * this.size);
    this.addValidityRange(source.validity, start, end);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    if (source?.layout !== 'fixed_list') return this.appendNulls(to - from);
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      if (row === NO_ROW) this.#child.appendNulls(this.size);
      else this.#child.appendRange(source.child, row * this.size, (row + 1) * this.size);
    }
    this.addValidityRows(source, rows, from, to);
  }
  appendNulls(count: number): void {
    this.#child.appendNulls(count * this.size);
    this.addNulls(count);
  }
}

export class StructBuilder extends ValidityBuilder implements ColumnBuilder {
  readonly layout = 'struct';
  readonly #children: readonly ColumnBuilder[];

  constructor(children: readonly ColumnBuilder[]) {
    super();
    this.#children = children;
  }
  get children(): readonly Vector[] {
    return this.#children.map((child) => child.vector);
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'struct') return this.appendNulls(end - start);
    const { children } = source;
    this.#children.forEach((child, i) => {
      child.appendRange(children[i], start, end);
    });
    this.addValidityRange(source.validity, start, end);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    if (source?.layout !== 'struct') return this.appendNulls(to - from);
    const { children } = source;
    this.#children.forEach((child, i) => {
      child.appendRows(children[i], rows, from, to);
    });
    this.addValidityRows(source, rows, from, to);
  }
  appendNulls(count: number): void {
    for (const child of this.#children) child.appendNulls(count);
    this.addNulls(count);
  }
}

/** Dense, whatever the source was: each row's value goes to the end of its child. A null row is the first child's null. */
export class UnionBuilder implements ColumnBuilder {
  readonly layout = 'union';
  length = 0;
  childIndexes: Int8Array;
  offsets: Int32Array;
  readonly #children: readonly ColumnBuilder[];

  constructor(children: readonly ColumnBuilder[], capacity: number) {
    this.childIndexes = new Int8Array(capacity);
    this.offsets = new Int32Array(capacity);
    this.#children = children;
  }
  get children(): readonly Vector[] {
    return this.#children.map((child) => child.vector);
  }
  get vector(): Vector {
    return this;
  }
  appendRange(source: Vector | undefined, start: number, end: number): void {
    if (source?.layout !== 'union') return this.appendNulls(end - start);
    for (let row = start; row < end; row++) this.#appendRow(source, row);
  }
  appendRows(source: Vector | undefined, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      if (source?.layout !== 'union' || row === NO_ROW) this.appendNulls(1);
      else this.#appendRow(source, row);
    }
  }
  #appendRow(source: Extract<Vector, { layout: 'union' }>, row: number): void {
    const index = source.childIndexes[row]!;
    const child = this.#children[index]!;
    this.#push(index, child.vector.length);
    child.appendRange(source.children[index], source.offsets[row]!, source.offsets[row]! + 1);
  }
  #push(childIndex: number, offset: number): void {
    if (this.length === this.childIndexes.length) {
      const grown = new Int8Array(Math.max(16, this.length * 2));
      grown.set(this.childIndexes);
      this.childIndexes = grown;
    }
    this.offsets = grownInts(this.offsets, this.length + 1);
    this.childIndexes[this.length] = childIndex;
    this.offsets[this.length] = offset;
    this.length++;
  }
  appendNulls(count: number): void {
    const first = this.#children[0];
    for (let i = 0; i < count; i++) {
      this.#push(0, first?.vector.length ?? 0);
      first?.appendNulls(1);
    }
  }
}
