import { TablecastError } from '../errors.ts';

/** Typed arrays need aligned bytes; IPC bodies are, unless a writer packed them. */
export function alignedTo(bytes: Uint8Array, width: number): Uint8Array {
  const alignment = width % 8 === 0 ? 8 : width % 4 === 0 ? 4 : width % 2 === 0 ? 2 : 1;
  return bytes.byteOffset % alignment === 0 ? bytes : bytes.slice();
}

/** `count` offsets of 32 or (large) 64 bits; those beyond 31 bits are refused. */
export function toInts(bytes: Uint8Array, large: boolean, count: number, name: string): Int32Array {
  if (!large) {
    const aligned = alignedTo(bytes, 4);
    return new Int32Array(aligned.buffer, aligned.byteOffset, count);
  }
  const words = alignedTo(bytes, 8);
  const pairs = new Int32Array(words.buffer, words.byteOffset, count * 2);
  const ints = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (pairs[i * 2 + 1] !== 0 || pairs[i * 2]! < 0) {
      throw new TablecastError('arrow_invalid', `An offset of the column "${name}" points beyond 2 GiB.`);
    }
    ints[i] = pairs[i * 2]!;
  }
  return ints;
}

/** The offsets, once they are known to grow and to stay within `limit` values. */
export function checkedOffsets(offsets: Int32Array, length: number, limit: number, name: string): Int32Array {
  let previous = offsets[0]!;
  let ordered = previous >= 0;
  for (let i = 1; i <= length; i++) {
    const offset = offsets[i]!;
    if (offset < previous) ordered = false;
    previous = offset;
  }
  if (!ordered || previous > limit) {
    throw new TablecastError(
      'arrow_invalid',
      `The offsets of the column "${name}" go backwards or outside its ${limit} values.`,
    );
  }
  return offsets;
}
