import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import type { Op } from '../../../protocol/header.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';

type Action =
  | { readonly type: 'upsert' | 'delete' | 'replace'; readonly first: number; readonly count: number }
  | { readonly type: 'trim'; readonly maxRows: number }
  | { readonly type: 'read'; readonly column: number };

const MAX_KEY = 3000;
const ACTION: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    type: fc.constantFrom('upsert' as const, 'upsert' as const, 'delete' as const, 'replace' as const),
    first: fc.nat(MAX_KEY),
    count: fc.oneof(fc.nat(20), fc.nat(MAX_KEY)),
  }),
  fc.record({ type: fc.constant('trim' as const), maxRows: fc.nat(MAX_KEY) }),
  fc.record({ type: fc.constant('read' as const), column: fc.constantFrom(1, 2, 3) }),
);

/** The same writes to a table that keeps its numbers and to one that reads them each time. */
class Tables {
  readonly kept = new LiveTable('t', { keepsNumbers: true });
  readonly plain = new LiveTable('t');
  #version = 0;

  write(op: Op, first: number, count: number): void {
    const version = ++this.#version;
    const key = Int32Array.from({ length: count }, (_, i) => first + i);
    const values = {
      key,
      float: Float64Array.from(key, (at) => (at % 7 === 0 ? Number.NaN : version * 1e5 + at)),
      int: BigInt64Array.from(key, (at) => BigInt(version * at)),
      small: Int32Array.from(key, (at) => at * version),
    };
    const { fields, batches } = readIpc(fromValues(op === 'delete' ? { key } : values));
    for (const table of [this.kept, this.plain]) {
      table.write({ op, key: ['key'], fields, batches }, { version, timeMs: version });
      table.tidy();
    }
  }

  apply(action: Action): void {
    if (action.type === 'trim') {
      const at = { version: ++this.#version, timeMs: this.#version };
      for (const table of [this.kept, this.plain]) table.trim({ max_rows: action.maxRows }, at);
    } else if (action.type === 'read') this.compare(action.column);
    else this.write(action.type, action.first, action.count);
  }

  compare(column: number): void {
    const { rowCount } = this.plain;
    expect(this.kept.numbers(column, 0, rowCount)).toEqual(this.plain.numbers(column, 0, rowCount));
  }
}

describe('the numbers of a table that keeps them', () => {
  test('are what a fresh look gives, after any writes, deletions, trims and new beginnings', () => {
    fc.assert(
      fc.property(fc.array(ACTION, { maxLength: 25 }), (actions) => {
        const tables = new Tables();
        tables.write('replace', 0, 100);
        for (const action of actions) tables.apply(action);
        for (const column of [1, 2, 3]) tables.compare(column);
      }),
      { numRuns: 60 },
    );
  });

  test('read a column that comes later, and give up the one read longest ago', () => {
    const tables = new Tables();
    tables.write('replace', 0, 50);
    tables.compare(1);
    const later = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`c${i}`, Float64Array.of(i, i + 1)]),
    );
    const { fields, batches } = readIpc(fromValues({ key: Int32Array.of(3, 4), ...later }));
    for (const table of [tables.kept, tables.plain])
      table.write({ op: 'upsert', key: ['key'], fields, batches }, { version: 9, timeMs: 9 });
    for (let column = 1; column < tables.plain.fields.length; column++) tables.compare(column);
    tables.write('upsert', 40, 30);
    for (let column = 1; column < tables.plain.fields.length; column++) tables.compare(column);
  });
});
