import { describe, expect, it } from 'vitest';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { exportRows } from '../../../ui/export/export-rows.ts';
import type { ExportFormat } from '../../../ui/export/row-encoder.ts';
import { FrozenTable } from '../../../ui/shell/frozen-table.ts';
import { readZip } from './read-zip.ts';

function frozenTable(ipc: Uint8Array): FrozenTable {
  const table = new LiveTable('t');
  const { fields, batches } = readIpc(ipc);
  table.write({ op: 'replace', key: null, fields, batches }, { version: 1, timeMs: 1 });
  return new FrozenTable(table);
}

const HOSTILE = '=cmd|"x",<b>&\n_x0041_\u0001\ud800';
const values = {
  id: [9007199254740993n, -1n, null, 4n],
  text: [HOSTILE, '', null, '表'],
  size: [1.5, Number.NaN, null, -0.25],
  is: [true, false, null, true],
};
const table = frozenTable(fromValues(values));

async function run(
  format: ExportFormat,
  from = table,
  columns: readonly number[] = from.fields.map((_, i) => i),
  rows: Uint32Array = Uint32Array.from({ length: from.rowCount }, (_, i) => i),
): Promise<Blob> {
  return exportRows({
    format,
    table: from,
    name: 'a/b: [every] name that is longer than sheets allow',
    columns,
    rows,
    signal: new AbortController().signal,
    onProgress: () => {},
    nowMs: () => performance.now(),
    nextSlice: () => Promise.resolve(),
  });
}

async function sheet(from: FrozenTable, columns?: number[], rows?: Uint32Array): Promise<string> {
  const file = await run('xlsx', from, columns, rows);
  return readZip(new Uint8Array(await file.arrayBuffer())).get('xl/worksheets/sheet1.xml') ?? '';
}

describe('exporting rows', () => {
  it('to CSV writes null and empty text apart, and quotes what needs it', async () => {
    const text = await (await run('csv', table, [1, 0])).text();
    expect(text).toBe('text,id\n"=cmd|""x"",<b>&\n_x0041_\u0001\ufffd",9007199254740993\n"",-1\n,\n表,4\n');
  });

  it('to JSON writes integers with all their digits', async () => {
    const text = await (await run('json', table, [0, 2, 3])).text();
    expect(text).toBe(
      '[{"id":9007199254740993,"size":1.5,"is":true},{"id":-1,"size":null,"is":false},{"id":null,"size":null,"is":null},{"id":4,"size":-0.25,"is":true}]',
    );
  });

  it('to Arrow writes the rows of a sorted, filtered view with columns moved, exactly', async () => {
    const file = await run('arrow', table, [1, 0], Uint32Array.of(3, 0));
    const read = frozenTable(new Uint8Array(await file.arrayBuffer()));
    expect(read.fields.map(({ name }) => name)).toEqual(['text', 'id']);
    expect([0, 1].map((row) => [read.text(row, 0), read.value(row, 1)])).toEqual([
      ['表', 4n],
      [table.text(0, 1), 9007199254740993n],
    ]);
  });

  it.each(['csv', 'json', 'arrow', 'xlsx'] as const)('to %s writes a view without rows', async (format) => {
    const file = await run(format, table, [0], new Uint32Array(0));
    expect(file.size).toBeGreaterThan(1);
    if (format === 'json') expect(await file.text()).toBe('[]');
    if (format === 'csv') expect(await file.text()).toBe('id\n');
  });

  it('to Excel keeps numbers, and leaves what a double would round as text', async () => {
    const xml = await sheet(table);
    expect(xml).toContain('<c r="A2" s="0" t="inlineStr"><is><t xml:space="preserve">9007199254740993</t>');
    expect(xml).toContain('<c r="A3" s="0"><v>-1</v></c>');
    expect(xml).toContain('<c r="C2" s="0"><v>1.5</v></c>');
    expect(xml).toContain('<c r="C3" s="0" t="inlineStr"><is><t xml:space="preserve">NaN</t>');
    expect(xml).toContain('<c r="D2" t="b"><v>1</v></c>');
    expect(xml).toContain('<row r="4"></row>');
  });

  it('to Excel writes any text as text: no markup, no formula, no character that XML cannot hold', async () => {
    const xml = await sheet(table);
    expect(xml).toContain('=cmd|&quot;x&quot;,&lt;b&gt;&amp;\n_x005f_x0041__x0001_');
    expect(xml).not.toContain('<f>');
    expect(xml).not.toContain('\u0001');
  });

  it('to Excel writes days and times as such, and finer or older ones as text', async () => {
    const types = {
      at: 'timestamp[ns]',
      zoned: 'timestamp[ms, Asia/Tokyo]',
      day: 'date32',
      old: 'timestamp[ms]',
    };
    const times = frozenTable(
      fromValues(
        {
          at: [1_700_000_000_123_000_000n, 1_700_000_000_123_000_001n],
          zoned: [0n, null],
          day: [new Date('2022-01-08'), new Date('1860-06-26')],
          old: [-3_000_000_000_000n, 0n],
        },
        { types },
      ),
    );
    const xml = await sheet(times);
    const serial = 1_700_000_000_123 / 86_400_000 + 25_569;
    expect(xml).toContain(`<c r="A2" s="3"><v>${serial}</v></c>`);
    expect(xml).toMatch(/<c r="A3" [^>]*inlineStr[^/]*2023-11-14T22:13:20\.123000001/);
    expect(xml).toContain('<c r="B2" s="3"><v>25569</v></c>');
    expect(xml).toContain('<c r="C2" s="2"><v>44569</v></c>');
    expect(xml).toMatch(/<c r="C3" [^>]*inlineStr[^/]*1860-06-26/);
    expect(xml).toMatch(/<c r="D2" [^>]*inlineStr[^/]*1874-12-07/);
  });

  it('to Excel names the sheet as sheets may be named, and has all parts of a workbook', async () => {
    const file = await run('xlsx');
    const parts = readZip(new Uint8Array(await file.arrayBuffer()));
    expect([...parts.keys()].sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    expect(parts.get('xl/workbook.xml')).toContain('name="a_b_ _every_ name that is longe"');
  });

  it('to Excel refuses more columns than a sheet has', async () => {
    const columns = Array.from({ length: 16_385 }, () => 0);
    await expect(run('xlsx', table, columns)).rejects.toThrow(/16384 columns/);
  });

  it('gives way to others after each slice, tells how far it is, and ends when it is called off', async () => {
    const many = frozenTable(fromValues({ n: Float64Array.from({ length: 20_000 }, (_, i) => i) }));
    const rows = Uint32Array.from({ length: many.rowCount }, (_, i) => i);
    const abort = new AbortController();
    const done: number[] = [];
    let nowMs = 0;
    const exported = exportRows({
      format: 'csv',
      name: 'many',
      table: many,
      columns: [0],
      rows,
      signal: abort.signal,
      onProgress: (count) => done.push(count),
      nowMs: () => {
        nowMs += 5;
        return nowMs;
      },
      nextSlice: async () => {
        if (done.length === 3) abort.abort(new Error('enough'));
      },
    });
    await expect(exported).rejects.toThrow('enough');
    expect(done.length).toBe(3);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBeLessThan(20_000);
  });
});
