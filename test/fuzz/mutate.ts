import type { SeededRandom } from '../support/seeded-random.ts';

/** Integers that counts, lengths and offsets are wrong about. */
const INTEGERS = [
  -1, 0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0x7ffffff8, 0x7fffffff, -0x80000000,
];
const MAX_MOVED_BYTES = 64;

type Mutation = (bytes: Uint8Array, random: SeededRandom) => Uint8Array;

const flipBit: Mutation = (bytes, random) => {
  bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
};

const setByte: Mutation = (bytes, random) => {
  bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
};

/** At a place where such an integer may stand: fields of FlatBuffers and of bodies are aligned. */
const setInteger: Mutation = (bytes, random) => {
  if (bytes.length < 8) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = random.below(bytes.length - 7) & ~3;
  const value = random.pick(INTEGERS);
  const width = random.below(3);
  if (width === 0) view.setInt16(at, value, true);
  else if (width === 1) view.setInt32(at, value, true);
  else view.setBigInt64(at, BigInt(value), true);
  return bytes;
};

/** Adds to an integer what makes it point a little beside. */
const shiftInteger: Mutation = (bytes, random) => {
  if (bytes.length < 4) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = random.below(bytes.length - 3) & ~3;
  view.setInt32(at, view.getInt32(at, true) + random.pick([-64, -8, -4, -1, 1, 4, 8, 64]), true);
  return bytes;
};

/** One word in the place of another: offsets and tables that belong elsewhere. */
const copyWord: Mutation = (bytes, random) => {
  if (bytes.length < 8) return bytes;
  const from = random.below(bytes.length - 3) & ~3;
  bytes.copyWithin(random.below(bytes.length - 3) & ~3, from, from + 4);
  return bytes;
};

const cut: Mutation = (bytes, random) => {
  const start = random.below(bytes.length);
  return joined(bytes.subarray(0, start), bytes.subarray(start + 1 + random.below(MAX_MOVED_BYTES)));
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length));

const repeat: Mutation = (bytes, random) => {
  const start = random.below(bytes.length);
  const end = start + 1 + random.below(MAX_MOVED_BYTES);
  return joined(bytes.subarray(0, end), bytes.subarray(start));
};

const BYTE_MUTATIONS: readonly Mutation[] = [
  ...[flipBit, flipBit, setByte, setInteger, setInteger, setInteger, shiftInteger, shiftInteger, copyWord],
  ...[cut, truncate, repeat],
];

const TOKENS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\u0000',
    '\uFEFF',
    '\\u0000',
    '\\ud800',
  ],
  ...[
    'null',
    'true',
    'false',
    'NaN',
    'inf',
    '-inf',
    '-0',
    '1e999',
    '1e-999',
    '0x1',
    '1.',
    '.5',
    '01',
    '5.0',
    '+1',
  ],
  ...[
    '9'.repeat(400),
    '18446744073709551616',
    '-9223372036854775809',
    '"__proto__":',
    '漢',
    '😀',
    '[[',
    '{}',
    '""',
  ],
].map((token) => new TextEncoder().encode(token));

const insertToken: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return joined(bytes.subarray(0, at), random.pick(TOKENS), bytes.subarray(at));
};

const replaceByToken: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return joined(bytes.subarray(0, at), random.pick(TOKENS), bytes.subarray(at + 1 + random.below(8)));
};

const TEXT_MUTATIONS: readonly Mutation[] = [
  ...[insertToken, insertToken, insertToken, replaceByToken, replaceByToken, replaceByToken],
  ...[flipBit, setByte, cut, truncate, repeat],
];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A valid input with one to four changes, or the beginning of one with the end of another. */
export function mutate(
  seeds: readonly Uint8Array[],
  kind: 'bytes' | 'text',
  random: SeededRandom,
): Uint8Array {
  // A Buffer's own `slice` would share its memory.
  let bytes: Uint8Array = Uint8Array.from(random.pick(seeds));
  if (random.below(32) === 0) {
    const other = random.pick(seeds);
    bytes = joined(
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length + 1)),
    );
  }
  const mutations = kind === 'bytes' ? BYTE_MUTATIONS : TEXT_MUTATIONS;
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 0; left--)
    bytes = random.pick(mutations)(bytes, random);
  return bytes;
}
