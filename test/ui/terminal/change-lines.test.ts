import { Readable } from 'node:stream';
import { RecordBatchReader } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { TableCursor } from '../../../ui/client/table-cursor.ts';
import { type ChangeFormat, createChangeEncoder } from '../../../ui/terminal/change-lines.ts';
import { writeRows } from '../client/live-table.ts';

/** What a table of two columns says in this format while it is written, deleted and dropped. */
function encoded(format: ChangeFormat, key: readonly string[] | null): Buffer {
  const encoder = createChangeEncoder(format);
  const cursor = new TableCursor('t');
  const table = new LiveTable('t', { keepsDeletions: true });
  const parts: (string | Uint8Array)[] = [];
  const take = (version: number, isThere = true): void => {
    const change = cursor.take(isThere ? table : undefined, { epoch: 'e', version });
    if (change !== null) parts.push(...encoder.chunks(change));
  };
  const op = key === null ? 'append' : 'upsert';
  const at = (version: number) => ({ version, ...(key === null ? {} : { key }) });
  writeRows(
    table,
    op,
    [
      { k: 1, s: 'a,"b' },
      { k: 2, s: null },
      { k: 3, s: '' },
    ],
    at(1),
  );
  take(1);
  writeRows(table, op, [{ k: 2, s: 'two' }], at(2));
  if (key === null) table.dropFirst(1);
  else writeRows(table, 'delete', [{ k: 1 }], at(2));
  take(2);
  if (key === null) table.dropFirst(1);
  take(3);
  writeRows(table, 'replace', [{ k: 9, s: 'x', v: 1 }], at(4));
  take(4);
  take(5, false);
  parts.push(encoder.finish());
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

const lines = (format: ChangeFormat, key: readonly string[] | null): string[] =>
  encoded(format, key).toString('utf8').split('\n').slice(0, -1);

describe('a table as a stream', () => {
  test('of JSON lines tells what becomes of each row', () => {
    expect(lines('json', ['k']).map((line) => JSON.parse(line))).toEqual([
      { _version: 1, _op: 'snapshot', _key: ['k'], k: 1, s: 'a,"b' },
      { _version: 1, _op: 'upsert', k: 2, s: null },
      { _version: 1, _op: 'upsert', k: 3, s: '' },
      { _version: 2, _op: 'delete', k: 1 },
      { _version: 2, _op: 'upsert', k: 2, s: 'two' },
      { _version: 4, _op: 'snapshot', _key: ['k'], k: 9, s: 'x', v: 1 },
      { _version: 5, _op: 'drop' },
    ]);
  });

  test('of JSON lines tells how many rows go from the front', () => {
    expect(
      lines('json', null)
        .slice(3)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { _version: 2, _op: 'append', _drop_first: 1, k: 2, s: 'two' },
      { _version: 3, _op: 'append', _drop_first: 1 },
      { _version: 4, _op: 'snapshot', k: 9, s: 'x', v: 1 },
      { _version: 5, _op: 'drop' },
    ]);
  });

  test('of CSV has its names again where they become others', () => {
    expect(lines('csv', ['k'])).toEqual(['k,s', '1,"a,""b"', '2,', '3,""', '2,two', 'k,s,v', '9,x,1']);
  });

  test('of Arrow is one stream for as long as the columns stay', async () => {
    const source = Readable.from([encoded('arrow', ['k'])]);
    const streams: string[][] = [];
    for await (const reader of RecordBatchReader.readAll(source)) {
      const rows: string[] = [];
      for await (const batch of reader) rows.push(...batch.toArray().map(String));
      streams.push(rows);
    }
    expect(streams.map((rows) => rows.length)).toEqual([4, 1]);
  });

  test('of an empty table is a snapshot without a row', () => {
    const table = new LiveTable('t');
    writeRows(table, 'append', [{ k: 1 }], { version: 1 });
    table.dropFirst(1);
    const change = new TableCursor('t').take(table, { epoch: 'e', version: 1 })!;
    expect([...createChangeEncoder('json').chunks(change)]).toEqual(['{"_version":1,"_op":"snapshot"}\n']);
  });
});
