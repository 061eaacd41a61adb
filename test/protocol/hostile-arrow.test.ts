import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float64,
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
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellJson, cellText } from '../../protocol/arrow/cell-text.ts';
import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';
import { leastCpuTime } from '../support/cpu-time.ts';
import { compressedBytes } from '../support/hostile-messages.ts';
import { FRAMES } from './compression/frames.ts';

const TIMEOUT_MS = 400_000;
const MAX_READ_MS = 100;

function arrowOf(
  columns: Readonly<Record<string, readonly [DataType, readonly unknown[]]>>,
  format: 'stream' | 'file',
): Uint8Array {
  const vectors = Object.entries(columns).map(([name, [type, values]]) => [
    name,
    vectorFromArray([...values], type),
  ]);
  return tableToIPC(new Table(Object.fromEntries(vectors)), format);
}

const plain = {
  s: [new Utf8(), ['a', null, '漢字', '']],
  i: [new Int32(), [1, 2, null, 4]],
  f: [new Float64(), [1.5, Number.NaN, null, 0]],
  b: [new Bool(), [true, null, false, true]],
} as const;
const encoded = {
  d: [new Dictionary(new Utf8(), new Int32()), ['x', 'y', null, 'x']],
  t: [new TimeNanosecond(), [1n, null, 3n, 4n]],
  l: [new Int64(), [1n, 2n, 3n, null]],
} as const;
const nested = {
  list: [new List(new Field('item', new Int32(), true)), [[1, 2], null, [], [3]]],
  pair: [new FixedSizeList(2, new Field('item', new Float64(), true)), [[1, 2], [3, 4], null, [5, 6]]],
  struct: [
    new Struct([new Field('a', new Utf8(), true), new Field('b', new Int32(), true)]),
    [{ a: 'x', b: 1 }, null, { a: null, b: 2 }, { a: 'z', b: null }],
  ],
} as const;
const samples: readonly (readonly [string, Uint8Array])[] = (['stream', 'file'] as const).flatMap(
  (format) => [
    [`a ${format} of plain columns`, arrowOf(plain, format)] as const,
    [`a ${format} with a dictionary`, arrowOf(encoded, format)] as const,
    [`a ${format} of nested columns`, arrowOf(nested, format)] as const,
  ],
);
const batches = readIpc(samples[0]![1]);
const written = new IpcWriter(batches.fields).stream([...batches.batches, ...batches.batches]);
const compressed = FRAMES.filter(({ content }) => content === 'words').map(
  ({ codec, name, byteLength, frame }) =>
    [
      `a stream compressed with ${codec}: ${name}`,
      compressedBytes({
        codec: codec === 'lz4' ? 0 : 1,
        declaredBytes: BigInt(byteLength),
        frame: Buffer.from(frame, 'base64'),
      }),
    ] as const,
);
const all = [
  ...samples,
  ...compressed,
  ['a stream of two batches that this project wrote', written] as const,
];

/** Takes the bytes as a gateway does; every cell of what is taken can be read, and the table holds and writes it. */
function takeAll(bytes: Uint8Array): IpcTable | TablecastError {
  let table: IpcTable;
  try {
    table = readIpc(bytes);
  } catch (thrown) {
    if (thrown instanceof TablecastError) return thrown;
    throw thrown;
  }
  readEveryCell(table);
  readEveryCell(readIpc(new IpcWriter(table.fields).stream(table.batches)));
  const live = new LiveTable('hostile');
  try {
    live.write(
      { op: 'replace', key: null, fields: table.fields, batches: table.batches },
      { version: 1, timeMs: 1 },
    );
  } catch (thrown) {
    if (!(thrown instanceof TablecastError)) throw thrown;
  }
  return table;
}

/** Claimed rows that no bytes stand for are many at most and all alike; the first and last of them are enough. */
const MAX_ROWS_READ = 64;

function readEveryCell({ fields, batches: taken }: IpcTable): void {
  for (const batch of taken) {
    fields.forEach((field, i) => {
      for (let row = 0; row < batch.rowCount; row++) {
        if (row === MAX_ROWS_READ && batch.rowCount > 2 * MAX_ROWS_READ) row = batch.rowCount - MAX_ROWS_READ;
        const json = cellJson(field.type, batch.columns[i], row);
        JSON.parse(json);
        cellText(field.type, batch.columns[i], row);
      }
    });
  }
}

describe('truncated Arrow', () => {
  test.each(all)('%s is rejected wherever it is cut off', (_, bytes) => {
    expect(takeAll(bytes)).not.toBeInstanceOf(TablecastError);
    for (let end = 0; end < bytes.length; end++) {
      const taken = takeAll(bytes.slice(0, end));
      expect(taken, `cut off at byte ${end} of ${bytes.length}`).toBeInstanceOf(TablecastError);
      expect(['not_arrow', 'arrow_truncated', 'arrow_invalid']).toContain((taken as TablecastError).code);
    }
  });
});

interface Mutation {
  readonly sample: number;
  readonly changes: readonly {
    readonly at: number;
    readonly how: 'flip' | 'set' | 'int32';
    readonly value: number;
  }[];
  readonly cut: { readonly at: number; readonly bytes: number } | null;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  sample: fc.nat(all.length - 1),
  changes: fc.array(
    fc.record({
      at: fc.nat(1 << 16),
      how: fc.constantFrom('flip' as const, 'flip' as const, 'set' as const, 'int32' as const),
      value: fc.oneof(fc.nat(255), fc.constantFrom(-1, 0x7fffffff, -0x80000000, 0x10000, 0x7ffffff8)),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  cut: fc.option(fc.record({ at: fc.nat(1 << 16), bytes: fc.integer({ min: 1, max: 64 }) }), { freq: 8 }),
});

function mutated({ sample, changes, cut }: Mutation): Uint8Array {
  const bytes = all[sample]![1].slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { at, how, value } of changes) {
    const position = at % bytes.length;
    if (how === 'flip') bytes[position]! ^= 1 << (value & 7);
    else if (how === 'set') bytes[position] = value;
    else view.setInt32(Math.min(position & ~3, bytes.length - 4), value, true);
  }
  if (cut === null) return bytes;
  const start = cut.at % bytes.length;
  return new Uint8Array([...bytes.subarray(0, start), ...bytes.subarray(start + cut.bytes)]);
}

test('20,000 mutated messages are each rejected with a code or wholly readable, in little time', {
  timeout: TIMEOUT_MS,
}, () => {
  let taken = 0;
  fc.assert(
    fc.property(mutation, (change) => {
      const bytes = mutated(change);
      const { result, tookMs } = leastCpuTime(() => takeAll(bytes), MAX_READ_MS);
      if (!(result instanceof TablecastError)) taken++;
      expect(tookMs).toBeLessThan(MAX_READ_MS);
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test('random bytes are rejected with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(takeAll(bytes)).toBeInstanceOf(TablecastError);
    }),
    { numRuns: 2000 },
  );
});
