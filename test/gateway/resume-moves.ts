import fc from 'fast-check';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';
import type { Header } from '../../protocol/header.ts';
import type { Frames } from './live-engine.ts';

/** All tables that there ever are, and a name that none has. */
export const TABLES = ['log', 'state', 'mixed'] as const;
const NO_TABLE = 'nothing';

export type Tables = '*' | readonly string[];

/**
 * What a viewer says of where its replica stands: nothing; truly what it remembers; that it has nothing, of version 0;
 * or a position that this log never had.
 */
export type Since = 'unsaid' | 'remembered' | 'beginning' | 'other epoch' | 'future';

/** One move of the engine or of a viewer; viewers, memories and messages are numbers, taken modulo how many there are. */
export type Move =
  | { readonly type: 'publish'; readonly messages: readonly number[] }
  | { readonly type: 'commit'; readonly tables: 'all' | readonly string[] }
  | { readonly type: 'drop'; readonly table: string }
  | { readonly type: 'pass'; readonly ms: number }
  /** A viewer connects, and subscribes at once or later. */
  | { readonly type: 'join'; readonly tables: Tables | null; readonly since: Since }
  /** A viewer connects with the replica that one took along as it left. */
  | { readonly type: 'resume'; readonly memory: number; readonly fewer: boolean; readonly since: Since }
  | { readonly type: 'subscribe'; readonly viewer: number; readonly tables: Tables; readonly since: Since }
  | { readonly type: 'unsubscribe'; readonly viewer: number; readonly tables: Tables }
  | { readonly type: 'leave'; readonly viewer: number }
  | { readonly type: 'stall'; readonly viewer: number }
  | { readonly type: 'flow'; readonly viewer: number }
  | { readonly type: 'beat' }
  /** The event loop turns until everyone who can be served is. */
  | { readonly type: 'settle' };

const MESSAGES_PER_KIND = 12;
const KEYED = { key: ['k'] };

/** Kinds of messages; many fit their table, and some are refused. `n` makes each one different. */
const KINDS: readonly ((n: number) => readonly [table: string, rows: readonly Row[], header: Header])[] = [
  (n) => ['log', lines(n, 1), { op: 'append' }],
  (n) => ['log', lines(n, 1 + (n % 3)), { op: 'append' }],
  (n) => ['log', lines(n, n % 5), { op: 'append', retention: { max_rows: n % 7 } }],
  (n) => ['log', lines(n, 2), { op: 'append', commit: 'hold' }],
  (n) => ['log', lines(n, n % 4), { op: 'replace', retention: n % 3 === 0 ? { max_age_ms: 10 * n } : null }],
  (n) => ['state', cells(n, 1), { op: 'upsert', ...KEYED }],
  (n) => ['state', cells(n, 3), { op: 'upsert', ...KEYED }],
  (n) => ['state', cells(n, 1).map(({ k }) => ({ k, extra: n % 2 === 0 })), { op: 'upsert', ...KEYED }],
  (n) => ['state', cells(n, 2).map(({ k }) => ({ k })), { op: 'delete', ...KEYED }],
  (n) => [
    'state',
    cells(n, 2),
    { op: 'upsert', ...KEYED, commit: 'hold', retention: { max_rows: 1 + (n % 6) } },
  ],
  (n) => ['mixed', cells(n, n % 4), n % 2 === 0 ? { op: 'replace', ...KEYED } : { op: 'replace' }],
  (n) => ['mixed', cells(n, 2), n % 2 === 0 ? { op: 'upsert', ...KEYED } : { op: 'append' }],
  (n) => [
    'mixed',
    cells(n, 1),
    n % 2 === 0 ? { op: 'delete', ...KEYED } : { retention: { max_bytes: 20 * n } },
  ],
];

function lines(n: number, count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({ i: n * 10 + i, text: i % 3 === 0 ? null : `line ${n}` }));
}

function cells(n: number, count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({ k: `key ${(n * 5 + i * 3) % 8}`, value: n + i / 10 }));
}

const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  log: { i: 'int32', text: 'utf8' },
  state: { k: 'utf8' },
  mixed: { k: 'utf8', value: 'float64' },
};

/** Every message that a run may publish, made once: runs are many. */
export function messagePool(): Frames[] {
  return KINDS.flatMap((kind) =>
    Array.from({ length: MESSAGES_PER_KIND }, (_, n) => {
      const [table, rows, header] = kind(n);
      const arrow = fromValues(rows, { types: TYPES[table]! });
      return [Buffer.from(table), Buffer.from(JSON.stringify(header)), arrow];
    }),
  );
}

const table = fc.constantFrom(...TABLES);
const viewer = fc.noBias(fc.nat(7));
const tables: fc.Arbitrary<Tables> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Tables>('*') },
  { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom(...TABLES, NO_TABLE), { maxLength: 3 }) },
);
const since = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Since>('remembered') },
  { weight: 2, arbitrary: fc.constantFrom<Since>('unsaid', 'beginning', 'other epoch', 'future') },
);

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('publish' as const),
      messages: fc.array(fc.noBias(fc.nat(KINDS.length * MESSAGES_PER_KIND - 1)), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('commit' as const),
      tables: fc.oneof(fc.constant('all' as const), fc.uniqueArray(table, { minLength: 1, maxLength: 2 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('drop' as const), table }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.constantFrom(1, 30, 200, 2000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('join' as const),
      tables: fc.option(tables, { freq: 5 }),
      since: fc.constantFrom<Since>('unsaid', 'beginning', 'other epoch', 'future'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('resume' as const),
      memory: viewer,
      fewer: fc.boolean(),
      since,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('subscribe' as const), viewer, tables, since }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('unsubscribe' as const), viewer, tables }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('leave' as const), viewer }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('stall' as const), viewer }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('flow' as const), viewer }) },
  { weight: 1, arbitrary: fc.constant<Move>({ type: 'beat' }) },
  { weight: 8, arbitrary: fc.constant<Move>({ type: 'settle' }) },
);

export function moves(maxLength: number): fc.Arbitrary<Move[]> {
  return fc.array(move, { minLength: 1, maxLength, size: 'max' });
}
