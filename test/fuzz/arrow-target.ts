import { isDeepStrictEqual } from 'node:util';
import { type Table, tableFromIPC } from 'apache-arrow';
import { cellJson, cellText } from '../../protocol/arrow/cell-text.ts';
import { cellValue } from '../../protocol/arrow/cell-value.ts';
import type { DataType } from '../../protocol/arrow/data-type.ts';
import { type IpcTable, readIpc, SchemaCache } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';
import { madeOrRefused } from './refused.ts';
import type { FuzzTarget } from './run-fuzz.ts';

/** Rows that no bytes stand for may be claimed in great number and are all alike: these many at both ends are read. */
const ENDS = 40;

/** Arrow IPC streams and files: what the codec takes, every value of it, and what it writes of it again. */
export function arrowTarget(name: string, seeds: readonly Uint8Array[]): FuzzTarget {
  const caches = new SchemaCache();
  return {
    name,
    kind: 'bytes',
    seeds,
    take: (bytes) =>
      madeOrRefused(() => {
        const table = readIpc(bytes);
        write(table);
        return table;
      }),
    check: (made, bytes) => {
      const table = made as IpcTable;
      const cells = cellsOf(table);
      same(cellsOf(readIpc(bytes, caches)), cells, 'read with a schema of another message at hand');
      const written = new IpcWriter(table.fields).stream(table.batches);
      same(cellsOf(readIpc(written)), cells, 'written and read again');
      checkByLibrary(table, written);
    },
  };
}

/** As a table takes it: with its first column as the key where that can be one. */
function write({ fields, batches }: IpcTable): void {
  const at = { version: 1, timeMs: 0 };
  for (const key of [null, fields.slice(0, 1).map(({ name }) => name)])
    madeOrRefused(() => new LiveTable('fuzz').write({ op: 'replace', key, fields, batches }, at));
}

/** The cells' texts, column by column. */
function cellsOf({ fields, batches }: IpcTable): string[][] {
  return fields.map(({ type }, i) =>
    batches.flatMap(({ rowCount, columns }) =>
      endRows(rowCount).map((row) => {
        cellText(type, columns[i], row);
        const json = cellJson(type, columns[i], row);
        JSON.parse(json);
        return json;
      }),
    ),
  );
}

function endRows(rowCount: number): number[] {
  const first = Math.min(rowCount, ENDS);
  const last = Math.max(first, rowCount - ENDS);
  return [...range(0, first), ...range(last, rowCount)];
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

/** What another reader, that checks nothing, says of the values that it gives as they are. */
function checkByLibrary(table: IpcTable, bytes: Uint8Array): void {
  // It takes what begins so for the text of a JSON document, or knows no duplicate names.
  const theirs: Table = tableFromIPC(bytes);
  if (theirs.numRows !== table.rowCount)
    throw new Error(`${table.rowCount} rows, apache-arrow reads ${theirs.numRows}`);
  let before = 0;
  for (const { rowCount, columns } of table.batches) {
    table.fields.forEach(({ name, type }, i) => {
      if (!isPlain(type)) return;
      for (const row of endRows(rowCount)) {
        const ours = cellValue(type, columns[i], row);
        const other: unknown = theirs.getChildAt(i)?.get(before + row);
        if (!Object.is(ours, other))
          throw new Error(`${name}, row ${row}: ${ours}, apache-arrow reads ${other}`);
      }
    });
    before += rowCount;
  }
}

/** Types of which that reader gives the plain value. */
function isPlain(type: DataType): boolean {
  return ['bool', 'utf8', 'int'].includes(type.kind) || (type.kind === 'float' && type.bits > 16);
}

function same(found: readonly string[][], expected: readonly string[][], how: string): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${how}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}
