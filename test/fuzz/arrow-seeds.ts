import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float64,
  Int8,
  Int32,
  Int64,
  List,
  Struct,
  Table,
  TimeNanosecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { FRAMES } from '../protocol/compression/frames.ts';
import { goldenCases } from '../support/golden-cases.ts';
import { compressedBytes, dictionaryInParts } from '../support/hostile-messages.ts';

/** Larger ones are slow to change and to compare, and show no other paths. */
const MAX_SEED_BYTES = 6000;

type Columns = Readonly<Record<string, readonly [DataType, readonly unknown[]]>>;

const nullable = (type: DataType) => new Field('item', type, true);
const COLUMNS: readonly Columns[] = [
  {
    s: [new Utf8(), ['a', null, '漢字', '']],
    i: [new Int32(), [1, 2, null, 4]],
    f: [new Float64(), [1.5, Number.NaN, null, 0]],
    b: [new Bool(), [true, null, false, true]],
  },
  {
    d: [new Dictionary(new Utf8(), new Int32()), ['x', 'y', null, 'x']],
    e: [new Dictionary(new Utf8(), new Int8()), ['long enough to be no short text', 'y', 'y', null]],
    t: [new TimeNanosecond(), [1n, null, 3n, 4n]],
    l: [new Int64(), [1n, 2n, 3n, null]],
  },
  {
    list: [new List(nullable(new Int32())), [[1, 2], null, [], [3]]],
    lists: [new List(nullable(new List(nullable(new Utf8())))), [[['a'], []], [], null, [null, ['b', null]]]],
    pair: [new FixedSizeList(2, nullable(new Float64())), [[1, 2], [3, 4], null, [5, 6]]],
    struct: [
      new Struct<{ a: Utf8; b: Int32 }>([
        new Field('a', new Utf8(), true),
        new Field('b', new Int32(), true),
      ]),
      [{ a: 'x', b: 1 }, null, { a: null, b: 2 }, { a: 'z', b: null }],
    ],
  },
];

function byLibrary(columns: Columns, format: 'stream' | 'file'): Uint8Array {
  const vectors = Object.entries(columns).map(([name, [type, values]]) => [
    name,
    vectorFromArray([...values], type),
  ]);
  return tableToIPC(new Table(Object.fromEntries(vectors)), format);
}

/** By this project's own writer: several batches, none, and every type that it makes of values. */
function byWriter(): Uint8Array[] {
  const values = fromValues([
    { text: 'a', int: 1, float: 0.5, flag: true, when: new Date(0), list: [1, 2], deep: { x: 1, y: ['z'] } },
    { text: null, int: -1, float: null, flag: false, when: null, list: [], deep: null },
    {
      text: 'a text that is longer',
      int: 7,
      float: -0,
      flag: null,
      when: new Date(1e12),
      list: null,
      deep: {},
    },
  ]);
  const table = readIpc(values);
  const writer = new IpcWriter(table.fields);
  return [values, writer.stream([...table.batches, ...table.batches]), writer.stream([])];
}

/** Valid Arrow messages of all kinds, from three writers, those of the Arrow project where they are there. */
export function arrowSeeds(): Uint8Array[] {
  return [
    ...byWriter(),
    ...COLUMNS.flatMap((columns) => [byLibrary(columns, 'stream'), byLibrary(columns, 'file')]),
    dictionaryInParts([['a', 'b'], ['c'], ['a longer text']]),
    ...goldenCases().flatMap(({ stream, file }) => [stream, file]),
  ]
    .filter((bytes) => bytes.length <= MAX_SEED_BYTES)
    .map((bytes) => Uint8Array.from(bytes));
}

/** Streams of one text that is compressed: most of their bytes are the compressor's. */
export function compressedSeeds(): Uint8Array[] {
  return FRAMES.filter(({ byteLength }) => byteLength <= MAX_SEED_BYTES).map(({ codec, byteLength, frame }) =>
    Uint8Array.from(
      compressedBytes({
        codec: codec === 'lz4' ? 0 : 1,
        declaredBytes: BigInt(byteLength),
        frame: Buffer.from(frame, 'base64'),
      }),
    ),
  );
}
