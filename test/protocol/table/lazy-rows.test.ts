import { expect, test } from 'vitest';
import { cellText } from '../../../protocol/arrow/cell-text.ts';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import type { LazyRows } from '../../../protocol/table/row-log.ts';

const KEYS = 20_000;

/** `count` rows from key `first` on that say which write they are of; small writes are copied, large ones taken over. */
function write(table: LiveTable, op: 'append' | 'upsert' | 'delete', first: number, count: number): void {
  const version = ++lastVersion;
  const key = Array.from({ length: count }, (_, i) => `key ${first + i}`);
  const value = Float64Array.from(key, (_, i) => version * 1e6 + i);
  const { fields, batches } = readIpc(fromValues(op === 'delete' ? { key } : { key, value }));
  table.write(
    { op, key: table.name === 'keyed' ? ['key'] : null, fields, batches },
    { version, timeMs: version },
  );
  table.tidy();
}
let lastVersion = 0;

function textsOf({ rowCount, batches }: Pick<LazyRows, 'batches' | 'rowCount'>, table: LiveTable): string[] {
  const texts: string[] = [];
  for (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row++)
      texts.push(table.fields.map(({ type }, i) => cellText(type, batch.columns[i], row)).join());
  }
  expect(texts.length).toBe(rowCount);
  return texts;
}

/** What the rows are now, read at once. */
function eager(table: LiveTable, since: number | null): string[] {
  const batches = since === null ? table.read([0, 1], 5, table.rowCount - 5) : table.readAfter([0, 1], since);
  return textsOf({ batches, rowCount: batches.reduce((rows, batch) => rows + batch.rowCount, 0) }, table);
}

test.each(['keyed', 'plain'])(
  'rows that are read later are those of when they were asked for: a %s table',
  (name) => {
    const table = new LiveTable(name);
    const op = name === 'keyed' ? 'upsert' : 'append';
    for (let first = 0; first < KEYS; first += 1000) write(table, op, first, 1000);
    write(table, op, 0, 5000);
    const since = lastVersion - 10;
    const expected = [eager(table, null), eager(table, since)];
    const all = table.readLazily([0, 1], 5, table.rowCount - 5);
    const changed = table.readAfterLazily([0, 1], since);
    // So much that compaction gathers every segment anew, slots are numbered anew, and retention drops rows.
    for (let round = 0; round < 5; round++) {
      write(table, op, 0, KEYS);
      if (name === 'keyed') write(table, 'delete', round * 2000, 4000);
      table.trim({ max_rows: 6000 }, { version: ++lastVersion, timeMs: lastVersion });
      table.tidy();
    }
    expect(textsOf(all, table)).toEqual(expected[0]);
    expect(textsOf(changed, table)).toEqual(expected[1]);
  },
);
