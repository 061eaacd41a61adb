import { writeFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf, type PlainRow } from '../../support/arrow-messages.ts';
import { waitFor } from '../../support/wait-for.ts';
import { OTHER_FORMATS } from './other-formats.ts';
import { type PublishStage, publishStage } from './publish-run.ts';

let stage: PublishStage;
beforeEach(async () => {
  stage = await publishStage();
});
afterEach(() => stage.close());

const rows: PlainRow[] = [
  { city: 'Oslo', celsius: 4.5 },
  { city: 'Rome', celsius: 17 },
];
const CSV = 'city,celsius\nOslo,4.5\nRome,17\n';
const other = (name: keyof typeof OTHER_FORMATS) => Buffer.from(OTHER_FORMATS[name], 'base64');
const NDJSON = '{"city":"Oslo","celsius":4.5}\n{"city":"Rome","celsius":17}\n';

describe('a file is published whole, whatever its format', () => {
  test.each<[string, string | Uint8Array]>([
    ['a.csv', CSV],
    ['no-line-end.csv', CSV.trimEnd()],
    ['windows.csv', `\uFEFF${CSV.replaceAll('\n', '\r\n')}`],
    ['a.tsv', CSV.replaceAll(',', '\t')],
    ['tabs-without-a-name', CSV.replaceAll(',', '\t')],
    ['commas-without-a-name', CSV],
    ['a.ndjson', NDJSON],
    ['a.jsonl', NDJSON.trimEnd()],
    ['ndjson-named.json', NDJSON],
    ['records.json', JSON.stringify(rows)],
    ['pretty.json', JSON.stringify({ city: ['Oslo', 'Rome'], celsius: [4.5, 17] }, null, 2)],
    ['columns.json', JSON.stringify({ city: ['Oslo', 'Rome'], celsius: [4.5, 17] })],
    ['a.arrow', arrowOf(rows)],
    ['a.feather', arrowOf(rows, { format: 'file' })],
    ['arrow-without-a-name', arrowOf(rows, { format: 'file' })],
    ['a.csv.gz', gzipSync(CSV)],
    ['two-members.csv.gz', Buffer.concat([gzipSync(CSV.slice(0, 20)), gzipSync(CSV.slice(20))])],
    ['a.arrow.gz', gzipSync(arrowOf(rows))],
    ['gzip-without-a-name', gzipSync(NDJSON)],
    ['a.csv.zst', other('zstdCsv')],
    ['compressed.arrows', other('lz4Stream')],
    ['compressed.feather', other('zstdFile')],
    ['a.parquet', other('parquet')],
    ['parquet-without-a-name', other('zstdParquet')],
  ])('%s', async (name, content) => {
    const path = stage.path(name);
    writeFileSync(path, content);
    const run = stage.run([path, '--table', 'weather']);
    expect(await run.ended).toBe(0);
    expect(run.errors).toEqual([]);
    expect(stage.gateway.received).toMatchObject([{ op: 'replace', key: [], commit: 'auto', rows }]);
    expect(run.printed).toEqual([expect.stringMatching(/^Published 2 rows to weather in .*, version 1$/)]);
  });

  test('a header without rows makes a table of columns', async () => {
    writeFileSync(stage.path('a.csv'), 'a,b\n');
    expect(await stage.run([stage.path('a.csv'), '--table', 't']).ended).toBe(0);
    expect(stage.gateway.received).toMatchObject([
      { op: 'replace', rows: [], columns: ['a: null', 'b: null'] },
    ]);
  });
});

describe('a file of several parts', () => {
  const count = 500_000;
  const line = (i: number) => `${i},${'x'.repeat(20)}${i}\n`;
  const large = `id,text\n${Array.from({ length: count }, (_, i) => line(i)).join('')}`;

  async function publish(text: string, args: readonly string[] = []): Promise<string[]> {
    writeFileSync(stage.path('large.csv'), text);
    const run = stage.run([stage.path('large.csv'), '--table', 't', ...args]);
    expect(await run.ended, run.errors.join('')).toBe(0);
    return run.errors;
  }
  const sent = () => stage.gateway.received.map(({ op, commit }) => `${op} ${commit}`);
  const ids = () => stage.gateway.received.flatMap(({ rows }) => rows.map(({ id }) => Number(id)));

  test('is held until its last part, which shows all of them', async () => {
    await publish(large);
    expect(sent().length).toBeGreaterThan(1);
    expect(sent()).toEqual(['replace hold', ...sent().slice(1, -1).fill('append hold'), 'append auto']);
    expect(ids()).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test('stays held where it is told to', async () => {
    await publish(large, ['--commit', 'hold']);
    expect(sent()).toEqual(['replace hold', ...sent().slice(1).fill('append hold')]);
  });

  test('is written by key, and not replaced, where there is a key', async () => {
    await publish(large, ['--key', 'id']);
    expect(sent()).toEqual([...sent().slice(1).fill('upsert hold'), 'upsert auto']);
    expect(stage.gateway.received.every(({ key }) => key[0] === 'id')).toBe(true);
  });

  test('shows as it grows where the stage takes no more, and says so', async () => {
    stage.gateway.refusal = ({ op, commit }) =>
      op === 'append' && commit === 'hold' ? { status: 413, code: 'stage_full', detail: 'full' } : null;
    const errors = await publish(large, ['--quiet']);
    expect(sent()).toEqual(['replace hold', ...sent().slice(1).fill('append auto')]);
    expect(errors.join('')).toMatch(/^t: .*shows as it grows\.\n$/);
    expect(ids()).toHaveLength(count);
  });

  test('begins anew, by all rows, where a late row shows another type', async () => {
    await publish(`${large}late,1\n`);
    const begins = sent().lastIndexOf('replace hold');
    expect(begins).toBeGreaterThan(0);
    const last = stage.gateway.received.slice(begins);
    expect(last.every(({ columns }) => columns[0] === 'id: utf8')).toBe(true);
    expect(last.flatMap(({ rows }) => rows)).toHaveLength(count + 1);
  });

  test('that is added to a table sends nothing before the types of all rows are known', async () => {
    await publish(`${large}late,1\n`, ['--op', 'append']);
    expect(new Set(stage.gateway.received.map(({ columns }) => columns[0]))).toEqual(new Set(['id: utf8']));
    expect(ids()).toHaveLength(count + 1);
  });

  test('keeps the place of a column that has values late', async () => {
    await publish(`${large.replace('id,text\n', 'id,none,text\n').replaceAll(/^(\d+),/gm, '$1,,')}9,1.5,z\n`);
    const begins = sent().lastIndexOf('replace hold');
    const columns = new Set(stage.gateway.received.slice(begins).map((one) => one.columns.join()));
    expect(columns).toEqual(new Set(['id: int64,none: float64,text: utf8']));
  });
});

test('rows that join a table get its types', async () => {
  stage.gateway.table = [{ a: 1, b: 'x' }];
  writeFileSync(stage.path('a.csv'), 'a,b\n1,2\n');
  expect(await stage.run([stage.path('a.csv'), '--table', 't', '--op', 'append']).ended).toBe(0);
  expect(stage.gateway.received).toMatchObject([{ op: 'append', columns: ['a: float64', 'b: utf8'] }]);
});

describe('a stream', () => {
  test('shows its rows as they come, a row cut in two once it is whole', async () => {
    const stdin = new PassThrough();
    const run = stage.run(['-', '--table', 't'], stdin);
    const { received } = stage.gateway;
    stdin.write('a,b\n1,x\n2,"');
    await waitFor(() => received.length === 1, { what: 'the first row' });
    expect(received[0]).toMatchObject({ op: 'replace', commit: 'auto', rows: [{ a: 1n, b: 'x' }] });
    stdin.write('y\nz"\n');
    await waitFor(() => received.length === 2, { what: 'the second row' });
    expect(received[1]).toMatchObject({ op: 'append', commit: 'auto', rows: [{ a: 2n, b: 'y\nz' }] });
    stdin.end('3,end');
    expect(await run.ended).toBe(0);
    expect(received[2]).toMatchObject({ op: 'append', rows: [{ a: 3n, b: 'end' }] });
  });

  test('of Parquet is refused, with what to do instead', async () => {
    const run = stage.run(['-', '--table', 't'], Readable.from([other('parquet')]));
    expect(await run.ended).toBe(1);
    expect(run.errors.join('')).toMatch(
      /Parquet is read from its end.*save it to a file, and name that\.\n$/,
    );
  });

  test('of Arrow shows each record batch as it comes', async () => {
    const stdin = new PassThrough();
    const run = stage.run(['-', '--table', 't'], stdin);
    const bytes = arrowOf(rows);
    stdin.write(bytes.subarray(0, bytes.length - 8));
    await waitFor(() => stage.gateway.received.length === 1, { what: 'the record batch' });
    stdin.end(bytes.subarray(-8));
    expect(await run.ended).toBe(0);
    expect(stage.gateway.received).toMatchObject([{ op: 'replace', rows }]);
  });

  test('ends with the row and column where a later value is of another type', async () => {
    const stdin = new PassThrough();
    const run = stage.run(['-', '--table', 't'], stdin);
    stdin.write('a\n1\n');
    await waitFor(() => stage.gateway.received.length === 1, { what: 'the first row' });
    stdin.end('x\n');
    expect(await run.ended).toBe(1);
    expect(run.errors.join('')).toMatch(/^tablecast publish: Column "a", row 2 .*"x".*int64.*\n$/);
  });
});

describe('what cannot be published ends with one line that says what to do', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['ragged.csv', 'a,b\n1,2\n3\n', /row 2 .*2 cells/],
    ['empty.csv', '', /no header line/],
    ['open-quote.csv', 'a\n"x\n', /quote that begins here is not closed/],
    ['latin1.csv', Buffer.from('a\nÿ\n', 'latin1'), /not UTF-8 at byte 2/],
    ['utf16.csv', Buffer.from('\uFEFFa,b\n', 'utf16le'), /UTF-16/],
    ['cut.csv.gz', gzipSync(CSV.repeat(100)).subarray(0, -12), /gzip data is damaged or cut off/],
    ['bad.ndjson', '{"a":1}\n{"a":\n', /line 2/],
    ['bad.json', '[{"a":1},', /JSON is malformed/],
    ['cut.arrow', arrowOf(rows).subarray(0, -8), /end-of-stream/],
    ['cut-inside.arrow', arrowOf(rows).subarray(0, -40), /cut off/],
    ['cut.feather', arrowOf(rows, { format: 'file' }).subarray(0, -40), /Arrow/],
    ['a.parquet', 'PAR1....PAR1', /Parquet/],
    ['cut.parquet', other('parquet').subarray(0, -30), /Parquet file is damaged/],
    ['a.parquet.gz', gzipSync(other('parquet')), /Parquet is read from its end.*save it to a file/],
    ['cut.csv.zst', other('zstdCsv').subarray(0, -8), /zstd data is damaged or cut off/],
    ['book.xlsx', 'PK\u0003\u0004....', /save it as CSV/],
    ['binary.dat', new Uint8Array([1, 0, 2, 0, 3, 0, 1, 1, 1]), /no text/],
  ])('%s', async (name, content, message) => {
    writeFileSync(stage.path(name), content);
    const run = stage.run([stage.path(name), '--table', 't']);
    expect(await run.ended).toBe(1);
    expect(run.errors.join('')).toMatch(/^tablecast publish: [^\n]+\n$/);
    expect(run.errors.join('')).toMatch(message);
    expect(stage.gateway.received).toEqual([]);
  });

  test('a file that is not there', async () => {
    const run = stage.run([stage.path('none.csv'), '--table', 't']);
    expect(await run.ended).toBe(1);
    expect(run.errors.join('')).toMatch(/none\.csv: there is no such file\.\n$/);
  });

  test('a gateway that refuses the rows', async () => {
    stage.gateway.refusal = () => ({ status: 422, code: 'type_mismatch', detail: 'The column "a" is utf8.' });
    writeFileSync(stage.path('a.csv'), CSV);
    const run = stage.run([stage.path('a.csv'), '--table', 't']);
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual(['tablecast publish: The column "a" is utf8.\n']);
  });

  test('a gateway that is busy is asked again', async () => {
    let refusals = 2;
    stage.gateway.refusal = () =>
      refusals-- > 0 ? { status: 429, code: 'rate_limited', detail: 'wait' } : null;
    writeFileSync(stage.path('a.csv'), CSV);
    expect(await stage.run([stage.path('a.csv'), '--table', 't']).ended).toBe(0);
    expect(stage.gateway.received).toHaveLength(1);
  });

  test('parts that were staged go again where the table has nothing else', async () => {
    let taken = 0;
    stage.gateway.refusal = () => (taken++ > 0 ? { status: 413, code: 'memory_full', detail: 'full' } : null);
    const run = stage.run(['-', '--table', 't'], Readable.from([]));
    expect(await run.ended).toBe(1);
    writeFileSync(stage.path('a.csv'), `a\n${'some text that is long\n'.repeat(600_000)}`);
    const large = stage.run([stage.path('a.csv'), '--table', 't']);
    expect(await large.ended).toBe(1);
    expect(stage.gateway.asked).toContain('DELETE /tables/t');
    expect(large.errors.join('')).toMatch(/full\. Nothing of it shows\.\n$/);
  });
});
