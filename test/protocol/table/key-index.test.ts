import {
  Bool,
  type DataType,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  List,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { createKeyIndex } from '../../../protocol/table/create-key-index.ts';
import { createKeyCodec } from '../../../protocol/table/key-codec.ts';
import { type KeyIndex, NO_SLOT } from '../../../protocol/table/key-index.ts';
import { codeOf } from '../../support/code-of.ts';

type Cell = string | number | bigint | boolean | null;
type Keys = readonly (Vector | undefined)[];

interface KeyColumn {
  readonly type: DataType;
  readonly cell: fc.Arbitrary<Cell>;
}

const nullable = (cell: fc.Arbitrary<Cell>) => fc.oneof({ weight: 9, arbitrary: cell }, fc.constant(null));
const columns = {
  utf8: {
    type: new Utf8(),
    cell: nullable(
      fc.oneof(
        fc.nat(40).map((n) => `k${n}`),
        fc.constantFrom('', 'é', 'x'.repeat(60)),
      ),
    ),
  },
  int32: { type: new Int32(), cell: nullable(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer())) },
  int16: { type: new Int16(), cell: nullable(fc.integer({ min: -20, max: 20 })) },
  int64: {
    type: new Int64(),
    cell: nullable(
      fc.oneof(
        fc.bigInt({ min: -20n, max: 20n }),
        fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n, 2n ** 53n + 1n),
      ),
    ),
  },
  float64: {
    type: new Float64(),
    cell: nullable(
      fc.oneof(
        fc.integer({ min: -20, max: 20 }),
        fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 0.1),
      ),
    ),
  },
  float32: { type: new Float32(), cell: nullable(fc.constantFrom(0, -0, Number.NaN, 0.5, 1, 2, 3)) },
  bool: { type: new Bool(), cell: fc.constantFrom<Cell>(true, false, null) },
} satisfies Record<string, KeyColumn>;

const keys: readonly (readonly [string, readonly KeyColumn[]])[] = [
  ...Object.entries(columns).map(([name, column]) => [name, [column]] as const),
  ['int32 and utf8', [columns.int32, columns.utf8]],
  ['float64 and bool', [columns.float64, columns.bool]],
];

/** Rows of cells as the vectors that the gateway reads. */
function vectorsOf(key: readonly KeyColumn[], rows: readonly (readonly Cell[])[]) {
  const table = new Table(
    Object.fromEntries(
      key.map(({ type }, i) => [
        `c${i}`,
        vectorFromArray(
          rows.map((row) => row[i] ?? null),
          type,
        ),
      ]),
    ),
  );
  const { fields, batches } = readIpc(tableToIPC(table, 'stream'));
  return { fields, vectors: batches[0]?.columns ?? [] };
}

/** Null is a key, 0 and -0 are one, and so are all NaN. */
function modelKey(row: readonly Cell[]): string {
  return JSON.stringify(
    row.map((cell) => `${cell === null ? 'null' : typeof cell} ${Object.is(cell, -0) ? 0 : cell}`),
  );
}

/** The index beside a Map from keys to slots, as a table uses it. */
class IndexBesideMap {
  readonly #columns: readonly KeyColumn[];
  readonly #index: KeyIndex;
  #slots = new Map<string, number>();
  #kept: (readonly [Keys, number])[] = [];
  #nextSlot = 0;

  constructor(key: readonly KeyColumn[]) {
    this.#columns = key;
    const { fields } = vectorsOf(key, [key.map(() => null)]);
    const codecs = fields.map(createKeyCodec);
    this.#index = createKeyIndex(fields, (slot, vectors, row) => {
      const [kept, keptRow] = this.#kept[slot]!;
      return codecs.every((codec, i) => codec.equal(kept[i], keptRow, vectors[i], row));
    });
  }

  /** Looks every row up; each that is found is removed where `removes` says so, each that is not is added. */
  take(rows: readonly (readonly Cell[])[], removes: readonly boolean[]): void {
    if (rows.length === 0) return;
    const { vectors } = vectorsOf(this.#columns, rows);
    this.#index.prepare(vectors, rows.length);
    const expected = rows.map((row) => this.#slots.get(modelKey(row)) ?? NO_SLOT);
    expect([...this.#index.findAll(rows.length)]).toEqual(expected);
    rows.forEach((row, i) => {
      const key = modelKey(row);
      const slot = this.#slots.get(key) ?? NO_SLOT;
      expect(this.#index.find(i)).toBe(slot);
      if (slot === NO_SLOT) {
        this.#kept[this.#nextSlot] = [vectors, i];
        this.#slots.set(key, this.#nextSlot);
        this.#index.add(i, this.#nextSlot++);
      } else if (removes[i % removes.length]) {
        this.#slots.delete(key);
        this.#index.remove(slot);
      }
    });
    expect(this.#index.count).toBe(this.#slots.size);
  }

  renumber(): void {
    const live = Uint32Array.from(this.#slots.values()).sort();
    this.#index.renumber(live);
    const renumbered = new Map([...live].map((slot, i) => [slot, i]));
    this.#slots = new Map([...this.#slots].map(([key, slot]) => [key, renumbered.get(slot)!]));
    this.#kept = [...live].map((slot) => this.#kept[slot]!);
    this.#nextSlot = live.length;
  }
}

interface Step {
  readonly rows: readonly (readonly Cell[])[];
  readonly removes: readonly boolean[];
  readonly renumbers: boolean;
}

function steps(key: readonly KeyColumn[]): fc.Arbitrary<Step[]> {
  const row = fc.tuple(...key.map(({ cell }) => cell));
  return fc.array(
    fc.record({
      rows: fc.array(row, { maxLength: 80 }),
      removes: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      renumbers: fc.nat(3).map((n) => n === 0),
    }),
    { maxLength: 8 },
  );
}

describe.each(keys)('an index of %s keys', (_, key) => {
  test('finds what a Map finds, through adding, removing and renumbering', () => {
    fc.assert(
      fc.property(steps(key), (taken) => {
        const beside = new IndexBesideMap(key);
        for (const { rows, removes, renumbers } of taken) {
          beside.take(rows, removes);
          if (renumbers) beside.renumber();
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('an index grows to many keys and shrinks to none again', () => {
  for (const key of [[columns.int32], [columns.int64], [columns.utf8], [columns.int32, columns.utf8]]) {
    const beside = new IndexBesideMap(key);
    const cellOf = (column: KeyColumn, n: number): Cell =>
      column.type instanceof Utf8 ? `k${n}` : column.type instanceof Int64 ? BigInt(n) << 31n : n * 4096;
    const rows = Array.from({ length: 5000 }, (_, n) => key.map((column) => cellOf(column, n)));
    beside.take(rows, [false]);
    beside.take(rows, [true, true, false]);
    beside.renumber();
    beside.take(rows, [true]);
    beside.take(rows, [true]);
  }
});

test('a column of nested values cannot be a key', () => {
  const list = vectorFromArray([[1]], new List(new Field('item', new Int32(), true)));
  const { fields } = readIpc(tableToIPC(new Table({ list }), 'stream'));
  expect(codeOf(() => createKeyIndex(fields, () => false))).toBe('key_type');
});
