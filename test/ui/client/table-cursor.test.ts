import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import type { Row } from '../../../ui/client/rows.ts';
import { type TableChange, TableCursor } from '../../../ui/client/table-cursor.ts';
import { TableView } from '../../../ui/client/table-view.ts';
import { writeRows } from './live-table.ts';

type Action =
  | { readonly type: 'put' | 'replace' | 'delete'; readonly keys: readonly number[] }
  | { readonly type: 'dropFirst'; readonly count: number }
  | { readonly type: 'drop' }
  | { readonly type: 'take' };

const keys = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('put' as const), keys }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), keys }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('replace' as const), keys }) },
  fc.record({ type: fc.constant('dropFirst' as const), count: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ type: fc.constant('drop' as const) }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant('take' as const) }) },
);

/** What the documentation of a change says, done to plain objects. */
function applied(copy: Row[] | null, change: TableChange): Row[] | null {
  if (change.op === 'drop') return null;
  const idOf = (row: Row) => JSON.stringify(change.key?.map((name) => row[name]));
  const rows = change.op === 'snapshot' ? [] : [...(copy ?? [])];
  const gone = new Set(change.deleted.toArray().map(idOf));
  let next = rows.filter((row) => change.key === null || !gone.has(idOf(row)));
  for (const row of change.rows) {
    const at = change.key === null ? -1 : next.findIndex((other) => idOf(other) === idOf(row));
    if (at < 0) next.push(row);
    else next = next.with(at, row);
  }
  return next.slice(change.dropFirst);
}

function run(key: readonly string[] | null, actions: readonly Action[]): void {
  const cursor = new TableCursor('t');
  let table: LiveTable | undefined;
  let copy: Row[] | null = null;
  let version = 0;
  const take = (): void => {
    const change = cursor.take(table, { epoch: 'e', version });
    if (change !== null) copy = applied(copy, change);
    expect(copy).toEqual(table === undefined ? null : new TableView('t', () => table).rows().toArray());
    table?.forgetDeletions(cursor.version ?? version);
  };
  for (const step of actions) {
    version++;
    if (step.type === 'take') take();
    else if (step.type === 'drop') table = undefined;
    else if (step.type === 'dropFirst') {
      if (key === null) table?.dropFirst(step.count);
    } else if (step.type !== 'delete' || (table !== undefined && key !== null)) {
      const op = step.type === 'put' ? (key === null ? 'append' : 'upsert') : step.type;
      table ??= new LiveTable('t', { keepsDeletions: true });
      const rows = step.keys.map((k) => (op === 'delete' ? { k } : { k, v: version }));
      writeRows(table, op, rows, { version, ...(key === null ? {} : { key }) });
    }
  }
  version++;
  take();
}

describe('a cursor over a table', () => {
  test.each([null, ['k']])(
    'tells changes that make the same table, however seldom they are taken (key: %j)',
    (key) => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 40 }), (actions) => run(key, actions)),
        { numRuns: 100 },
      );
    },
  );

  test('tells nothing where nothing happened', () => {
    const table = new LiveTable('t', { keepsDeletions: true });
    writeRows(table, 'append', [{ k: 1 }], { version: 1 });
    const cursor = new TableCursor('t');
    expect(cursor.take(table, { epoch: 'e', version: 1 })?.op).toBe('snapshot');
    expect(cursor.take(table, { epoch: 'e', version: 2 })).toBeNull();
  });

  test('does not tell of rows that came and went in between', () => {
    const table = new LiveTable('t');
    const cursor = new TableCursor('t');
    writeRows(table, 'append', [{ k: 1 }, { k: 2 }], { version: 1 });
    cursor.take(table, { epoch: 'e', version: 1 });
    writeRows(table, 'append', [{ k: 3 }, { k: 4 }], { version: 2 });
    table.dropFirst(3);
    const change = cursor.take(table, { epoch: 'e', version: 2 });
    expect(change?.rows.toArray()).toEqual([{ k: 4 }]);
    expect(change?.dropFirst).toBe(2);
  });

  test('who lets too many deletions wait is brought the whole table', () => {
    const table = new LiveTable('t', { keepsDeletions: true });
    const cursor = new TableCursor('t');
    writeRows(table, 'upsert', [{ k: 1 }, { k: 2 }], { version: 1, key: ['k'] });
    cursor.take(table, { epoch: 'e', version: 1 });
    cursor.noteDeletions(1_000_001);
    expect(cursor.version).toBeNull();
    expect(cursor.take(table, { epoch: 'e', version: 2 })?.op).toBe('snapshot');
  });
});
