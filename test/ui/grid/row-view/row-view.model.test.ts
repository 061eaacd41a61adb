import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { DataType } from '../../../../protocol/arrow/data-type.ts';
import { LiveTable } from '../../../../protocol/table/live-table.ts';
import type { Aggregate, Comparison, Filter, ViewSpec } from '../../../../ui/grid/row-view/view-spec.ts';
import { groupPath } from '../../../../ui/grid/row-view/view-spec.ts';
import { type TestCell, types, writeOf } from './vectors.ts';
import { ViewHarness } from './view-harness.ts';

const COLUMNS: Readonly<Record<string, { readonly type: DataType; readonly cells: readonly TestCell[] }>> = {
  s: {
    type: types.utf8,
    cells: [null, '', 'a', 'A', 'item2', 'item10', 'item010', 'Item2', 'instrument-1', 'instrument-12'],
  },
  i: {
    type: types.int64,
    cells: [null, 0n, -1n, 7n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n],
  },
  u: { type: types.uint64, cells: [null, 0n, 2n ** 64n - 1n, 2n ** 63n, 5n] },
  f: {
    type: types.float64,
    cells: [null, Number.NaN, -0, 0, 1.5, -2.25, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300],
  },
  g: { type: types.float32, cells: [null, Math.fround(0.1), 1, 2, -3] },
  d: { type: types.decimal, cells: [null, 0n, 150n, -1n, 10n ** 30n, -(10n ** 30n), 2n ** 63n - 1n, 250n] },
  t: { type: types.timestamp, cells: [null, 0n, 1n, 1_000_000n, 1_763_000_000_000_000_001n, -5n] },
  y: { type: types.date, cells: [null, 0, 1, -1, 20_000] },
  b: { type: types.bool, cells: [null, true, false] },
  l: { type: types.list, cells: [null, [], [1], [2], [10]] },
  n: { type: types.int32, cells: [null, 0, 1, 2, -(2 ** 31), 2 ** 31 - 1] },
};
const NAMES = Object.keys(COLUMNS);
const name = fc.constantFrom(...NAMES, 'missing');

const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    type: fc.constant('text' as const),
    column: name,
    match: fc.constantFrom('contains' as const, 'equals' as const, 'starts' as const),
    value: fc.constantFrom('a', 'ITEM', '1', '', 'item2', '-'),
  }),
  fc.record({
    type: fc.constant('number' as const),
    column: name,
    compare: fc.constantFrom<Comparison>('<', '≤', '=', '≠', '≥', '>'),
    value: fc.constantFrom('0', '1.5', '-1', '0.1', '9007199254740993', '0.001', '7'),
  }),
  fc.record({
    type: fc.constant('range' as const),
    column: name,
    min: fc.constantFrom(null, '0', '-1.5'),
    max: fc.constantFrom(null, '1.5', '86400000', '9007199254740992'),
  }),
  fc.record({
    type: fc.constant('set' as const),
    column: name,
    values: fc.subarray([null, 'a', 'item2', '0', '1.5', 'true', '[1]', '1.50', 'NaN']),
    isExcluded: fc.boolean(),
  }),
  fc.record({ type: fc.constant('null' as const), column: name, isNull: fc.boolean() }),
);

const aggregate: fc.Arbitrary<Aggregate> = fc.record({
  column: name,
  fn: fc.constantFrom('count', 'sum', 'mean', 'min', 'max'),
});

const spec: fc.Arbitrary<ViewSpec> = fc.record({
  sort: fc.uniqueArray(
    fc.record({ column: name, direction: fc.constantFrom('ascending' as const, 'descending' as const) }),
    { maxLength: 3, selector: ({ column }) => column },
  ),
  filters: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(filter, { maxLength: 2 }) },
  ),
  search: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, fc.constantFrom('ITEM', '1', 'e', 'true')),
  searchColumns: fc.option(fc.subarray(NAMES)),
  group: fc.option(
    fc.record({
      by: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
      aggregates: fc.array(aggregate, { maxLength: 3 }),
      expanded: fc.oneof(
        fc.constant('all' as const),
        fc.constant(new Set<string>()),
        fc.constant(
          new Set([groupPath(['a']), groupPath([null]), groupPath(['true']), groupPath(['a', null])]),
        ),
      ),
    }),
  ),
});

/** Rows by numbers that choose their cells; the key is one of a few. */
interface Rows {
  readonly names: readonly string[];
  readonly seeds: readonly number[];
}

type Step =
  | { readonly type: 'write'; readonly op: 'append' | 'replace'; readonly rows: Rows }
  | { readonly type: 'delete'; readonly keys: readonly number[] }
  | { readonly type: 'trim'; readonly maxRows: number }
  | { readonly type: 'drop' }
  | { readonly type: 'bulk'; readonly first: number; readonly count: number; readonly isDelete: boolean }
  | { readonly type: 'spec'; readonly spec: ViewSpec }
  | { readonly type: 'look' }
  | { readonly type: 'slice'; readonly count: number };

const rows = fc.record({
  names: fc.oneof({ weight: 5, arbitrary: fc.constant(NAMES) }, fc.subarray(NAMES, { minLength: 1 })),
  seeds: fc.array(fc.nat(1 << 24), { maxLength: 8 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ type: fc.constant('write' as const), op: fc.constant('append' as const), rows }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('write' as const), op: fc.constant('replace' as const), rows }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('delete' as const),
      keys: fc.array(fc.nat(19), { maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('trim' as const), maxRows: fc.constantFrom(0, 3, 9) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('drop' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('bulk' as const),
      first: fc.constantFrom(100, 700),
      count: fc.constantFrom(1200, 2100),
      isDelete: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('spec' as const), spec }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('look' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('slice' as const), count: fc.nat(12) }) },
);

function columnsOf({ names, seeds }: Rows, isKeyed: boolean) {
  const columns = names.map((column, i) => {
    const { type, cells } = COLUMNS[column]!;
    return { name: column, type, cells: seeds.map((seed) => cells[(seed >> (2 * i)) % cells.length]!) };
  });
  const key = { name: 'k', type: types.int32, cells: seeds.map((seed) => seed % 20) };
  return isKeyed ? [key, ...columns] : columns;
}

class Run {
  readonly #harness: ViewHarness;
  readonly #isKeyed: boolean;
  #version = 0;

  constructor(isKeyed: boolean, smallRows: number) {
    this.#isKeyed = isKeyed;
    this.#harness = new ViewHarness({ smallRows });
  }

  take(taken: Step): void {
    const harness = this.#harness;
    const at = { version: ++this.#version, timeMs: this.#version };
    const key = this.#isKeyed ? ['k'] : null;
    if (taken.type === 'write' || taken.type === 'bulk') harness.table ??= new LiveTable('t');
    const { table } = harness;
    switch (taken.type) {
      case 'write':
        if (taken.rows.seeds.length > 0 || taken.op === 'replace')
          table!.write(writeOf(taken.op, key, columnsOf(taken.rows, this.#isKeyed)), at);
        break;
      case 'bulk': {
        const cells = Array.from({ length: taken.count }, (_, i) => taken.first + i);
        const keys = { name: 'k', type: types.int32, cells };
        const numbers = { name: 'n', type: types.int32, cells: cells.map((cell) => (cell * 7) % 31) };
        if (!taken.isDelete)
          table!.write(writeOf('append', key, this.#isKeyed ? [keys, numbers] : [numbers]), at);
        else if (this.#isKeyed && table!.fields.length > 0) table!.write(writeOf('delete', key, [keys]), at);
        break;
      }
      case 'delete':
        if (this.#isKeyed && table !== undefined && table.fields.length > 0)
          table.write(writeOf('delete', key, [{ name: 'k', type: types.int32, cells: taken.keys }]), at);
        break;
      case 'trim':
        table?.trim({ max_rows: taken.maxRows }, at);
        break;
      case 'drop':
        harness.table = undefined;
        break;
      case 'spec':
        harness.view.setSpec(taken.spec);
        break;
      case 'slice':
        this.#look(taken.count);
        break;
      case 'look':
        harness.settle();
        harness.expectRight();
    }
    table?.tidy();
  }

  /** Updates in the middle of a build. */
  #look(slices: number): void {
    for (let i = 0; i < slices && this.#harness.hasSlices; i++) this.#harness.runSlice();
    this.#harness.view.update();
    if (this.#harness.view.isBuilding) this.#harness.expectSane();
    else this.#harness.expectRight();
  }
}

describe.each([
  ['a keyed table', true],
  ['a plain table', false],
])('a view of %s', (_, isKeyed) => {
  test.each([
    ['built at once', 1e9],
    ['built in slices', 0],
  ])('%s is what a fresh look at it gives, after any publications and specs', (__, smallRows) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const run = new Run(isKeyed, smallRows);
        for (const taken of steps) run.take(taken);
        run.take({ type: 'look' });
      }),
      { numRuns: 250 },
    );
  });
});
