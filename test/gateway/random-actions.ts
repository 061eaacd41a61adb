import fc from 'fast-check';
import type { Op, Retention } from '../../protocol/header.ts';
import type { ColumnType, ModelCell, ModelPublication } from './table-model.ts';

/** One step of a random history. */
export type Action =
  | { readonly type: 'publish'; readonly drafts: readonly Draft[] }
  | { readonly type: 'commit'; readonly tables: readonly string[] | 'all' }
  | { readonly type: 'drop'; readonly table: string }
  | { readonly type: 'pass'; readonly ms: number };

export interface Step {
  readonly action: Action;
  /** What viewers do after it: any number is as good as any other. */
  readonly luck: number;
}

export const TABLES = ['alpha', 'beta', 'gamma'] as const;
const COLUMNS: Readonly<Record<string, ColumnType>> = {
  s: 'utf8',
  i: 'int32',
  f: 'float64',
  l: 'int64',
  b: 'bool',
  x: 'float64',
  n: 'int32',
  t: 'utf8',
};
const NAMES = Object.keys(COLUMNS);
/** A table's key is the same mostly, so that most publications fit. */
const KEYS: readonly (readonly string[] | undefined)[] = [
  undefined,
  undefined,
  ['s'],
  ['i'],
  ['f'],
  ['l'],
  ['b'],
  ['s', 'i'],
  ['i', 's'],
  ['f', 'l'],
];
const SPECIAL: Readonly<Record<ColumnType, readonly ModelCell[]>> = {
  utf8: [null, '', 'a', 'é', 'a,"b"\n', '漢字'],
  int32: [null, 0, -1, 2 ** 31 - 1, -(2 ** 31)],
  float64: [null, Number.NaN, -0, 0, 1.5, Number.POSITIVE_INFINITY, 5e-324],
  int64: [null, 0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n],
  bool: [null, true, false],
};

/** The cell that a number stands for: `spread` many different ones, those first that are likely to go wrong. */
function cellOf(type: ColumnType, number: number, spread: number): ModelCell {
  const special = SPECIAL[type];
  const at = number % (special.length + spread);
  if (at < special.length) return special[at]!;
  switch (type) {
    case 'utf8':
      return `k${at}`;
    case 'int64':
      return BigInt(at) << 20n;
    case 'bool':
      return at % 2 === 0;
    default:
      return at;
  }
}

function mixed(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

/** A publication before its rows are made: short to print, however many they are. */
export interface Draft {
  readonly table: number;
  readonly key: readonly string[] | undefined;
  readonly op: Op | undefined;
  readonly saysKey: boolean;
  readonly columns: number;
  readonly wrongType: boolean;
  readonly held: boolean;
  readonly retention: Retention | null | undefined;
  readonly rows: readonly number[] | { readonly count: number; readonly seed: number };
}

const retention = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.record({ max_rows: fc.constantFrom(0, 1, 3, 7, 900) }) },
  { weight: 1, arbitrary: fc.record({ max_age_ms: fc.constantFrom(0, 1, 5, 40, 1000) }) },
  { weight: 1, arbitrary: fc.record({ max_bytes: fc.constantFrom(0, 20, 100, 700, 30_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      max_rows: fc.constantFrom(2, 5),
      max_age_ms: fc.constantFrom(3, 30),
      max_bytes: fc.constantFrom(60, 300),
    }),
  },
);

/** Rarely so many rows that batches are taken over whole, several segments arise, and snapshots come in pieces. */
const rows = fc.oneof(
  { weight: 40, arbitrary: fc.array(fc.nat(1 << 20), { maxLength: 8 }) },
  { weight: 6, arbitrary: fc.array(fc.nat(1 << 20), { minLength: 9, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.record({ count: fc.integer({ min: 1000, max: 3000 }), seed: fc.nat() }) },
);

function drafts(large: boolean, keys: readonly (readonly string[] | undefined)[]): fc.Arbitrary<Draft> {
  const draft = fc.record({
    table: fc.nat(TABLES.length - 1),
    op: fc.constantFrom<Op | undefined>(
      undefined,
      undefined,
      'upsert',
      'upsert',
      'append',
      'append',
      'delete',
      'delete',
      'replace',
    ),
    saysKey: fc.boolean(),
    otherKey: fc.nat(40),
    columns: fc.nat(0xffff),
    wrongType: fc.nat(40).map((number) => number === 7),
    held: fc.nat(3).map((number) => number === 0),
    retention,
    rows: large ? fc.record({ count: fc.integer({ min: 1500, max: 9000 }), seed: fc.nat() }) : rows,
  });
  return draft.map(({ otherKey, ...rest }) => ({
    ...rest,
    key: rest.op === 'replace' && otherKey < KEYS.length ? KEYS[otherKey] : keys[rest.table],
  }));
}

export function publicationOf(draft: Draft): ModelPublication {
  const { key } = draft;
  // One in sixteen has no columns but its key, or none at all.
  const mask = draft.columns < 0x1000 ? 0 : draft.columns;
  const names = NAMES.filter((name, i) => key?.includes(name) || ((mask >> i) & 1) === 1);
  const ordered = draft.columns & 0x100 ? names.reverse() : names;
  const columns = ordered.map((name) => ({
    name,
    type: draft.wrongType && name === 'x' ? ('utf8' as const) : COLUMNS[name]!,
  }));
  const { rows: wanted } = draft;
  const spread = Array.isArray(wanted) ? 6 : 20_000;
  const numbers =
    'seed' in wanted ? Array.from({ length: wanted.count }, (_, i) => mixed(wanted.seed, i)) : wanted;
  return {
    table: TABLES[draft.table]!,
    ...(draft.op === undefined ? {} : { op: draft.op }),
    ...(key !== undefined && (draft.saysKey || draft.op === 'replace') ? { key } : {}),
    commit: draft.held ? 'hold' : 'auto',
    ...(draft.retention === undefined || draft.op === 'delete' ? {} : { retention: draft.retention }),
    columns,
    rows: (columns.length === 0 ? [] : numbers).map((number) =>
      columns.map(({ name, type }) => cellOf(type, mixed(number, NAMES.indexOf(name)), spread)),
    ),
  };
}

/** Histories on up to three tables; each table has a key, or none, that most of its publications agree on. */
export function histories(options: {
  readonly large: boolean;
  readonly maxSteps: number;
}): fc.Arbitrary<Step[]> {
  const keys = fc.tuple(...TABLES.map(() => fc.constantFrom(...KEYS)));
  const table = fc.constantFrom(...TABLES);
  return keys.chain((chosen) => {
    const action: fc.Arbitrary<Action> = fc.oneof(
      {
        weight: 14,
        arbitrary: fc
          .array(drafts(options.large, chosen), { minLength: 1, maxLength: 3 })
          .map((taken): Action => ({ type: 'publish', drafts: taken })),
      },
      { weight: 2, arbitrary: fc.constant<Action>({ type: 'commit', tables: 'all' }) },
      {
        weight: 1,
        arbitrary: fc
          .uniqueArray(table, { minLength: 1, maxLength: 2 })
          .map((tables): Action => ({ type: 'commit', tables })),
      },
      { weight: 1, arbitrary: table.map((name): Action => ({ type: 'drop', table: name })) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(1, 4, 30, 200, 2000).map((ms): Action => ({ type: 'pass', ms })),
      },
    );
    return fc.array(fc.record({ action, luck: fc.nat(0xffff) }), {
      minLength: 1,
      maxLength: options.maxSteps,
    });
  });
}
