/**
 * Columns in memory: one layout per logical type, the buffers as Arrow lays them out (columnar format 1.5).
 *
 * A vector is immutable to all but the {@link ColumnBuilder} that may own it. `validity` is a bitmap, least significant bit
 * first, a set bit for a value that is there; null where no value is missing. Buffers may be longer than needed.
 * Offsets need not begin at 0, so a slice shares its source's bytes.
 */
export interface NullVector {
  readonly layout: 'null';
  readonly length: number;
}
export interface BoolVector {
  readonly layout: 'bool';
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly bits: Uint8Array;
}
/** Values of one width in bytes, little-endian: integers, floats, decimals, times, fixed-size binary. */
export interface FixedVector {
  readonly layout: 'fixed';
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly width: number;
  /** Aligned to `min(width, 8)` where the width is a power of two. */
  readonly bytes: Uint8Array;
}
/** UTF-8 text or binary: value i is `data[offsets[i] .. offsets[i + 1]]`. */
export interface BytesVector {
  readonly layout: 'bytes';
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}
/** Lists and maps: value i is `child[offsets[i] .. offsets[i + 1]]`. */
export interface ListVector {
  readonly layout: 'list';
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly offsets: Int32Array;
  readonly child: Vector;
}
/** Value i is `child[i * size .. (i + 1) * size]`. */
export interface FixedListVector {
  readonly layout: 'fixed_list';
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly size: number;
  readonly child: Vector;
}
export interface StructVector {
  readonly layout: 'struct';
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly children: readonly Vector[];
}
/** Always dense: value i is `children[childIndex[i]]` at `offsets[i]`. Unions have no validity of their own. */
export interface UnionVector {
  readonly layout: 'union';
  readonly length: number;
  readonly childIndexes: Int8Array;
  readonly offsets: Int32Array;
  readonly children: readonly Vector[];
}
export type Vector =
  | NullVector
  | BoolVector
  | FixedVector
  | BytesVector
  | ListVector
  | FixedListVector
  | StructVector
  | UnionVector;

/** A batch of rows: one vector per field; `undefined` for a column that is null throughout. */
export interface Batch {
  readonly rowCount: number;
  readonly columns: readonly (Vector | undefined)[];
}

export function bitAt(bits: Uint8Array, index: number): boolean {
  return (bits[index >> 3]! & (1 << (index & 7))) !== 0;
}

/** Copies `count` bits to a bitmap that is zero from `at` on. */
export function copyBits(from: Uint8Array, start: number, to: Uint8Array, at: number, count: number): void {
  if ((start & 7) === 0 && (at & 7) === 0) {
    const whole = count >> 3;
    to.set(from.subarray(start >> 3, (start >> 3) + whole), at >> 3);
    for (let i = whole << 3; i < count; i++) {
      if (bitAt(from, start + i)) to[(at + i) >> 3]! |= 1 << ((at + i) & 7);
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    if (bitAt(from, start + i)) to[(at + i) >> 3]! |= 1 << ((at + i) & 7);
  }
}

/** Whether row `index` has no value. A union's row is null where its chosen child's is. */
export function isNull(vector: Vector | undefined, index: number): boolean {
  if (vector === undefined || vector.layout === 'null') return true;
  if (vector.layout === 'union') {
    return isNull(vector.children[vector.childIndexes[index]!], vector.offsets[index]!);
  }
  return vector.validity !== null && !bitAt(vector.validity, index);
}

/**
 * Rows `start .. end`. Only bitmaps are copied, and those only where `start` is no multiple of 8; the slice keeps its
 * source's other buffers alive.
 */
export function sliceVector(vector: Vector, start: number, end: number): Vector {
  const length = end - start;
  if (vector.layout === 'null') return { layout: 'null', length };
  // Each part is named: a builder's vector has some of them from getters, which a spread would leave out.
  if (vector.layout === 'union') {
    return {
      layout: 'union',
      length,
      childIndexes: vector.childIndexes.subarray(start, end),
      offsets: vector.offsets.subarray(start, end),
      children: vector.children,
    };
  }
  const validity = vector.validity === null ? null : sliceBits(vector.validity, start, end);
  switch (vector.layout) {
    case 'bool':
      return { layout: 'bool', length, validity, bits: sliceBits(vector.bits, start, end) };
    case 'fixed': {
      const { width } = vector;
      const bytes = vector.bytes.subarray(start * width, end * width);
      return { layout: 'fixed', length, validity, width, bytes };
    }
    case 'bytes':
      return {
        layout: 'bytes',
        length,
        validity,
        offsets: vector.offsets.subarray(start, end + 1),
        data: vector.data,
      };
    case 'list':
      return {
        layout: 'list',
        length,
        validity,
        offsets: vector.offsets.subarray(start, end + 1),
        child: vector.child,
      };
    case 'fixed_list': {
      const { size } = vector;
      const child = sliceVector(vector.child, start * size, end * size);
      return { layout: 'fixed_list', length, validity, size, child };
    }
    case 'struct':
      return {
        layout: 'struct',
        length,
        validity,
        children: vector.children.map((child) => sliceVector(child, start, end)),
      };
  }
}

function sliceBits(bits: Uint8Array, start: number, end: number): Uint8Array {
  if ((start & 7) === 0) return bits.subarray(start >> 3);
  const slice = new Uint8Array((end - start + 7) >> 3);
  copyBits(bits, start, slice, 0, end - start);
  return slice;
}

/** Bytes of rows `start .. end`: values, offsets and bitmaps, as an Arrow message would carry them unpadded. */
export function byteLengthOf(vector: Vector | undefined, start: number, end: number): number {
  if (vector === undefined || vector.layout === 'null') return 0;
  const count = end - start;
  if (vector.layout === 'union') return count * 5 + unionChildBytes(vector, start, end);
  const bitmap = vector.validity === null ? 0 : (count + 7) >> 3;
  switch (vector.layout) {
    case 'bool':
      return bitmap + ((count + 7) >> 3);
    case 'fixed':
      return bitmap + count * vector.width;
    case 'bytes':
      return bitmap + count * 4 + (vector.offsets[end] ?? 0) - (vector.offsets[start] ?? 0);
    case 'list':
      return (
        bitmap + count * 4 + byteLengthOf(vector.child, vector.offsets[start] ?? 0, vector.offsets[end] ?? 0)
      );
    case 'fixed_list':
      return bitmap + byteLengthOf(vector.child, start * vector.size, end * vector.size);
    case 'struct':
      return bitmap + vector.children.reduce((sum, child) => sum + byteLengthOf(child, start, end), 0);
  }
}

function unionChildBytes(vector: UnionVector, start: number, end: number): number {
  let bytes = 0;
  for (let i = start; i < end; i++) {
    const at = vector.offsets[i]!;
    bytes += byteLengthOf(vector.children[vector.childIndexes[i]!], at, at + 1);
  }
  return bytes;
}
