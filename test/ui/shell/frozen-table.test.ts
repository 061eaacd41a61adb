import { expect, it } from 'vitest';
import { cellText } from '../../../protocol/arrow/cell-text.ts';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { FrozenTable } from '../../../ui/shell/frozen-table.ts';
import type { TableReader } from '../../../ui/table-reader.ts';

const KEYS = 20_000;
let version = 0;

function write(table: LiveTable, op: 'append' | 'upsert' | 'delete', first: number, count: number): void {
  version++;
  const key = Array.from({ length: count }, (_, i) => `key ${first + i}`);
  const value = Float64Array.from(key, (_, i) => version * 1e6 + i);
  const { fields, batches } = readIpc(fromValues(op === 'delete' ? { key } : { key, value }));
  const keyColumns = table.name === 'keyed' ? ['key'] : null;
  table.write({ op, key: keyColumns, fields, batches }, { version, timeMs: version });
  table.tidy();
}

/** Of rows here and there, and around the borders of pieces. */
function sample(table: TableReader): unknown[] {
  const rows = [0, 1, 4095, 4096, 4097, 12_345, 8191, 3, table.rowCount - 1];
  return rows.map((row) => [table.text(row, 0), table.value(row, 1), table.text(row, 1)]);
}

it.each(['keyed', 'plain'])(
  'a %s table stays as it was when it was frozen, whatever is written to it',
  (name) => {
    const table = new LiveTable(name);
    const op = name === 'keyed' ? 'upsert' : 'append';
    for (let first = 0; first < KEYS; first += 1000) write(table, op, first, 1000);
    write(table, op, 0, 5000);
    const expected = {
      rowCount: table.rowCount,
      sample: sample(table),
      numbers: [...table.numbers(1, 4000, 9000)],
    };
    const frozen = new FrozenTable(table);
    for (let round = 0; round < 5; round++) {
      write(table, op, 0, KEYS);
      if (name === 'keyed') write(table, 'delete', round * 2000, 4000);
      table.trim({ max_rows: 6000 }, { version: ++version, timeMs: version });
      table.tidy();
    }
    expect(table.rowCount).not.toBe(expected.rowCount);
    expect({
      rowCount: frozen.rowCount,
      sample: sample(frozen),
      numbers: [...frozen.numbers(1, 4000, 9000)],
    }).toEqual(expected);
    const rows = Uint32Array.of(19_999, 0, 1, 4097, 4096, 12_345);
    const { columns } = frozen.gather([0], rows);
    const gathered = Array.from(rows, (_, i) => cellText(frozen.fields[0]!.type, columns[0], i));
    expect(gathered).toEqual(Array.from(rows, (row) => frozen.text(row, 0)));
  },
);

it('a table without rows can be frozen, and a row that is not there is an error', () => {
  const frozen = new FrozenTable(new LiveTable('nothing'));
  expect(frozen.rowCount).toBe(0);
  expect(() => frozen.text(0, 0)).toThrow(RangeError);
});
