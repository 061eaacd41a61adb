import { byteWidth, type Field } from '../arrow/data-type.ts';
import { bitAt, isNull, type Vector } from '../arrow/vector.ts';
import { TablecastError } from '../errors.ts';

/**
 * Hashing and comparing of one key column. Null is a key like any other; floats compare as numbers, so 0 and -0 are one
 * key, and so are all NaN.
 */
export interface KeyCodec {
  /** 1 or 2 where a value is that many 32-bit words and equal words are equal values; 0 elsewhere. */
  readonly words: 0 | 1 | 2;
  /** Mixes the column's rows `0 .. count` into the hashes. */
  hash(vector: Vector | undefined, count: number, hashes: Int32Array): void;
  equal(a: Vector | undefined, rowA: number, b: Vector | undefined, rowB: number): boolean;
}

/** @throws TablecastError `key_type` for nested columns */
export function createKeyCodec(field: Field): KeyCodec {
  switch (field.type.kind) {
    case 'null':
      return { words: 0, hash: () => {}, equal: () => true };
    case 'bool':
      return boolCodec;
    case 'utf8':
    case 'binary':
      return bytesCodec;
    case 'float':
      return floatCodec(field.type.bits);
    case 'int':
    case 'decimal':
    case 'fixed_size_binary':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'duration':
    case 'interval': {
      const width = byteWidth(field.type);
      return { ...fixedCodec, words: width === 4 ? 1 : width === 8 ? 2 : 0 };
    }
    default:
      throw new TablecastError(
        'key_type',
        `The key column "${field.name}" has the nested type ${field.type.kind}; a key's columns hold plain values.`,
      );
  }
}

const NULL_HASH = 0x2545f491;

/** One round of MurmurHash3's 32-bit mixing. */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function sameNullness(
  a: Vector | undefined,
  rowA: number,
  b: Vector | undefined,
  rowB: number,
): 'null' | 'different' | 'values' {
  const nullA = isNull(a, rowA);
  if (nullA !== isNull(b, rowB)) return 'different';
  return nullA ? 'null' : 'values';
}

const boolCodec: KeyCodec = {
  words: 0,
  hash(vector, count, hashes) {
    for (let i = 0; i < count; i++) {
      const word =
        vector?.layout === 'bool' && !isNull(vector, i) ? Number(bitAt(vector.bits, i)) : NULL_HASH;
      hashes[i] = mix(hashes[i]!, word);
    }
  },
  equal(a, rowA, b, rowB) {
    const nulls = sameNullness(a, rowA, b, rowB);
    if (nulls !== 'values') return nulls === 'null';
    return a?.layout === 'bool' && b?.layout === 'bool' && bitAt(a.bits, rowA) === bitAt(b.bits, rowB);
  },
};

const bytesCodec: KeyCodec = {
  words: 0,
  hash(vector, count, hashes) {
    for (let i = 0; i < count; i++) {
      if (vector?.layout !== 'bytes' || isNull(vector, i)) {
        hashes[i] = mix(hashes[i]!, NULL_HASH);
        continue;
      }
      const { data, offsets } = vector;
      const end = offsets[i + 1]!;
      let hash = mix(hashes[i]!, end - offsets[i]!);
      let at = offsets[i]!;
      for (; at + 4 <= end; at += 4) {
        hash = mix(hash, data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24));
      }
      for (; at < end; at++) hash = Math.imul(hash ^ data[at]!, 0x01000193);
      hashes[i] = hash;
    }
  },
  equal(a, rowA, b, rowB) {
    if (a?.layout !== 'bytes' || b?.layout !== 'bytes' || a.validity !== null || b.validity !== null) {
      const nulls = sameNullness(a, rowA, b, rowB);
      if (nulls !== 'values') return nulls === 'null';
      if (a?.layout !== 'bytes' || b?.layout !== 'bytes') return false;
    }
    const startA = a.offsets[rowA]!;
    const startB = b.offsets[rowB]!;
    const length = a.offsets[rowA + 1]! - startA;
    if (length !== b.offsets[rowB + 1]! - startB) return false;
    const dataA = a.data;
    const dataB = b.data;
    for (let i = 0; i < length; i++) if (dataA[startA + i] !== dataB[startB + i]) return false;
    return true;
  },
};

const fixedCodec: KeyCodec = {
  words: 0,
  hash(vector, count, hashes) {
    if (vector?.layout !== 'fixed') {
      for (let i = 0; i < count; i++) hashes[i] = mix(hashes[i]!, NULL_HASH);
      return;
    }
    const { bytes, width, validity } = vector;
    const wordsPerValue = width % 4 === 0 ? width / 4 : 0;
    const words =
      wordsPerValue > 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2) : null;
    for (let i = 0; i < count; i++) {
      let hash = hashes[i]!;
      if (validity !== null && !bitAt(validity, i)) hash = mix(hash, NULL_HASH);
      else if (words !== null)
        for (let w = 0; w < wordsPerValue; w++) hash = mix(hash, words[i * wordsPerValue + w]!);
      else for (let b = 0; b < width; b++) hash = mix(hash, bytes[i * width + b]!);
      hashes[i] = hash;
    }
  },
  equal(a, rowA, b, rowB) {
    const nulls = sameNullness(a, rowA, b, rowB);
    if (nulls !== 'values') return nulls === 'null';
    if (a?.layout !== 'fixed' || b?.layout !== 'fixed') return false;
    const { width } = a;
    const startA = rowA * width;
    const startB = rowB * width;
    for (let i = 0; i < width; i++) if (a.bytes[startA + i] !== b.bytes[startB + i]) return false;
    return true;
  },
};

/** Floats by value: the bits of 0 stand for -0 and one pattern for every NaN. */
function floatCodec(bits: 16 | 32 | 64): KeyCodec {
  const width = bits / 8;
  const canonical = new Uint8Array(width * 2);
  const view = new DataView(canonical.buffer);
  const load = (vector: Extract<Vector, { layout: 'fixed' }>, row: number, at: number) => {
    canonical.set(vector.bytes.subarray(row * width, (row + 1) * width), at);
    const value =
      bits === 64
        ? view.getFloat64(at, true)
        : bits === 32
          ? view.getFloat32(at, true)
          : halfClass(view.getUint16(at, true));
    if (value === 0) canonical.fill(0, at, at + width);
    else if (Number.isNaN(value)) canonical.fill(0xff, at, at + width);
  };
  return {
    words: 0,
    hash(vector, count, hashes) {
      for (let i = 0; i < count; i++) {
        if (vector?.layout !== 'fixed' || isNull(vector, i)) {
          hashes[i] = mix(hashes[i]!, NULL_HASH);
          continue;
        }
        load(vector, i, 0);
        let hash = hashes[i]!;
        for (let b = 0; b < width; b++) hash = mix(hash, canonical[b]!);
        hashes[i] = hash;
      }
    },
    equal(a, rowA, b, rowB) {
      const nulls = sameNullness(a, rowA, b, rowB);
      if (nulls !== 'values') return nulls === 'null';
      if (a?.layout !== 'fixed' || b?.layout !== 'fixed') return false;
      load(a, rowA, 0);
      load(b, rowB, width);
      for (let i = 0; i < width; i++) if (canonical[i] !== canonical[width + i]) return false;
      return true;
    },
  };
}

/** Enough of a binary16 to tell zero and NaN from the rest. */
function halfClass(half: number): number {
  if ((half & 0x7fff) === 0) return 0;
  return (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0 ? Number.NaN : 1;
}
