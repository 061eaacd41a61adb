import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import type { Threshold } from '../../../protocol/condition/threshold.ts';
import { type ThresholdChange, ThresholdWatch } from '../../../protocol/condition/threshold-watch.ts';
import type { Op } from '../../../protocol/header.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { type TestCell, types, writeOf } from '../../ui/grid/row-view/vectors.ts';

const over = (value: string, column = 'v'): Threshold => ({
  table: 't',
  column,
  is: '>',
  value,
  level: 'warning',
});

interface Harness {
  readonly changes: ThresholdChange[];
  readonly watch: ThresholdWatch;
  table: LiveTable | undefined;
  write(op: Op, rows: readonly (readonly [string, TestCell])[], type?: DataType): void;
  /** What happened since it was asked last, such as `+a 5` and `-a`. */
  told(): string[];
}

function harness(
  key: readonly string[] | null,
  thresholds: readonly Threshold[],
  maxHeldRows = 100,
): Harness {
  const changes: ThresholdChange[] = [];
  let version = 0;
  const made: Harness = {
    changes,
    table: new LiveTable('t'),
    watch: new ThresholdWatch({
      read: () => made.table,
      newestRows: (table) => table.rowCount,
      maxHeldRows,
      onChange: (change) => changes.push(change),
    }),
    write(op, rows, type = types.int32) {
      const columns = [
        { name: 'k', type: types.utf8, cells: rows.map(([name]) => name) },
        { name: 'v', type, cells: rows.map(([, value]) => value) },
      ];
      made.table?.write(writeOf(op, key, columns), { version: ++version, timeMs: version });
      made.table?.tidy();
    },
    told() {
      while (!made.watch.work(3));
      return changes.splice(0).map(({ state, key, row, value }) => {
        const which = key === null ? `#${row}` : key.map(({ text }) => text).join();
        return `${state === 'started' ? '+' : '-'}${which}${value === null ? '' : ` ${value.json}`}`;
      });
    },
  };
  made.watch.setThresholds(thresholds.map((threshold) => ({ owner: 'o', threshold })));
  return made;
}

describe('thresholds of a table with a key', () => {
  test('begin and cease to hold row by row, and say nothing while they go on', () => {
    const { write, told } = harness(['k'], [over('10')]);
    write('upsert', [
      ['a', 5],
      ['b', 11],
    ]);
    expect(told()).toEqual(['+b 11']);
    write('upsert', [
      ['a', 12],
      ['b', 13],
    ]);
    expect(told()).toEqual(['+a 12']);
    write('upsert', [
      ['b', 3],
      ['a', null],
    ]);
    expect(told().toSorted()).toEqual(['-a null', '-b 3']);
  });

  test('cease where the row goes, the table begins anew without it, or the table goes', () => {
    const made = harness(['k'], [over('10')]);
    made.write('upsert', [
      ['a', 11],
      ['b', 12],
      ['c', 13],
    ]);
    expect(made.told()).toEqual(['+a 11', '+b 12', '+c 13']);
    made.write('delete', [['a', null]]);
    expect(made.told()).toEqual(['-a']);
    made.write('replace', [
      ['c', 99],
      ['d', 14],
    ]);
    expect(made.told()).toEqual(['+d 14', '-b']);
    made.table = undefined;
    expect(made.told().toSorted()).toEqual(['-c', '-d']);
    expect(made.told()).toEqual([]);
  });

  test('go on where more thresholds come, which find what they hold for', () => {
    const { write, told, watch } = harness(['k'], [over('10')]);
    write('upsert', [['a', 20]]);
    expect(told()).toEqual(['+a 20']);
    const owned = [over('10'), over('15')].map((threshold) => ({ owner: 'o', threshold }));
    watch.setThresholds(owned);
    expect(told()).toEqual(['+a 20']);
    watch.setThresholds(owned.slice(1));
    write('upsert', [['a', 12]]);
    expect(told()).toEqual(['-a 12']);
  });

  test('are told of at most so many rows at one time', () => {
    const { write, told } = harness(['k'], [over('10')], 2);
    write(
      'upsert',
      ['a', 'b', 'c', 'd'].map((k) => [k, 11] as const),
    );
    expect(told()).toEqual(['+a 11', '+b 11']);
    write('upsert', [
      ['a', 1],
      ['c', 12],
    ]);
    expect(told()).toEqual(['-a 1', '+c 12']);
  });

  test('hold for nothing where the column is not there, or of a type that the value does not fit', () => {
    const thresholds = [over('10', '__proto__'), over('abc'), over('1', 'k')];
    const { write, told } = harness(['k'], thresholds);
    write('upsert', [['a', 100]]);
    expect(told()).toEqual([]);
  });
});

describe('thresholds of a table without a key', () => {
  test('hold while they do for any row that was written last, and name the first', () => {
    const { write, told } = harness(null, [over('10')]);
    write('append', [
      ['a', 5],
      ['b', 11],
      ['c', 12],
    ]);
    expect(told()).toEqual(['+#2 11']);
    write('append', [['d', 20]]);
    expect(told()).toEqual([]);
    write('append', [['e', 1]]);
    expect(told()).toEqual(['-#2']);
    write('replace', [
      ['a', 1],
      ['b', 50],
    ]);
    expect(told()).toEqual(['+#2 50']);
    write('replace', [['a', 60]]);
    expect(told()).toEqual([]);
    write('replace', []);
    expect(told()).toEqual(['-#1']);
  });
});

describe('conditions are exact', () => {
  const at = { table: 't', column: 'v', level: 'notice' } as const;
  test.each<[Threshold, DataType, TestCell, boolean]>([
    [{ ...at, is: '>', value: '9007199254740992' }, types.int64, 9007199254740993n, true],
    [{ ...at, is: '>', value: '9007199254740993' }, types.int64, 9007199254740993n, false],
    [{ ...at, is: '>=', value: '9007199254740993' }, types.int64, 9007199254740993n, true],
    [{ ...at, is: '<', value: '0.1' }, types.float64, 0.1, false],
    [{ ...at, is: '<=', value: '0.1' }, types.float64, 0.1, true],
    [{ ...at, is: '=', value: '1.50' }, types.decimal, 150n, true],
    [{ ...at, is: 'between', min: '1', max: '2' }, types.float64, 2, true],
    [{ ...at, is: 'between', min: '1', max: '2' }, types.float64, 2.5, false],
    [{ ...at, is: 'null' }, types.float64, null, true],
    [{ ...at, is: 'null' }, types.float64, Number.NaN, false],
    [{ ...at, is: '=', value: 'down' }, types.utf8, 'down', true],
    [{ ...at, is: '=', value: 'down' }, types.utf8, 'Down', false],
    [{ ...at, is: '=', value: 'false' }, types.bool, false, true],
    [{ ...at, is: '>', value: '2026-11-21T09:30:00Z' }, types.timestamp, 1_795_253_400_000_000_001n, true],
  ])('%j of %o with %s: %s', (threshold, type, cell, holds) => {
    const { write, told } = harness(['k'], [threshold]);
    write('upsert', [['a', cell]], type);
    expect(told()).toHaveLength(holds ? 1 : 0);
  });
});

test('what is told equals a table looked at whole, after any writes, looked at in pieces or late', () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 2000 }).map((n) => `k${n}`),
    fc.integer({ min: 0, max: 20 }),
  );
  const step = fc.record({
    op: fc.constantFrom<Op>('upsert', 'upsert', 'delete', 'replace'),
    rows: fc.array(row, { maxLength: 1500, size: 'max' }),
    looks: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const { write, told, watch, changes, table } = harness(['k'], [over('10')], 10_000);
      const holding = new Set<string>();
      const note = () => {
        for (const { state, key } of changes.splice(0)) {
          const name = key![0]!.text!;
          expect(holding.has(name)).toBe(state === 'stopped');
          if (state === 'started') holding.add(name);
          else holding.delete(name);
        }
      };
      for (const { op, rows, looks } of steps) {
        write(op, rows);
        for (let look = 0; look < looks; look++) watch.work(100);
        note();
      }
      while (!watch.work(1000));
      note();
      const all = Array.from({ length: table!.rowCount }, (_, i) => i)
        .filter((i) => Number(table!.value(i, 1)) > 10)
        .map((i) => String(table!.value(i, 0)));
      expect([...holding].toSorted()).toEqual(all.toSorted());
      expect(told()).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
