import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { freePort } from '../support/free-port.ts';
import { readJson, readTable } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

interface TableInfo {
  readonly name: string;
  readonly rows: number;
  readonly staged: number;
}

const directory = mkdtempSync(join(tmpdir(), 'tablecast-publish-'));
const open: SpawnedProgram[] = [];
let gateway: SpawnedGateway;
beforeAll(async () => {
  gateway = await spawnGateway();
  open.push(gateway);
});
afterAll(async () => {
  for (const program of open.splice(0).reverse()) await program.close();
  rmSync(directory, { recursive: true, force: true });
});

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function publish(args: readonly string[], url = gateway.url): SpawnedProgram {
  const module = join(projectRoot, 'scripts', 'tablecast.mjs');
  const program = spawnProgram({ module, args: ['publish', ...args], env: { TABLECAST_URL: url } });
  open.push(program);
  return program;
}

const tableInfo = async (name: string): Promise<TableInfo | undefined> =>
  (await readJson<{ tables: TableInfo[] }>(gateway.url, 'tables')).tables.find(
    (table) => table.name === name,
  );

test('a file becomes a table, with the rows and types that it has', async () => {
  const program = publish([file('weather.csv', 'city,celsius,n\nOslo,4.5,1\n,,\n'), '--table', 'weather']);
  expect(await program.ended, program.stderr()).toMatchObject({ code: 0 });
  expect((await readTable(gateway.url, 'weather'))?.rows).toEqual([
    { city: 'Oslo', celsius: 4.5, n: 1n },
    { city: null, celsius: null, n: null },
  ]);
  expect(program.stdout()).toMatch(/^Published 2 rows to weather in \d+\.\d s, version \d+\n$/);
});

test('a table of many parts is never seen with some of its rows, and is one version', async () => {
  const count = 600_000;
  const lines = Array.from({ length: count }, (_, i) => `${i},some text of row ${i}\n`).join('');
  const { version: before } = await readJson<{ version: number }>(gateway.url, 'tables');
  const program = publish([file('large.csv', `id,text\n${lines}`), '--table', 'large']);
  const seen = new Set<number>();
  let hasEnded = false;
  void program.ended.then(() => {
    hasEnded = true;
  });
  let mostStaged = 0;
  while (!hasEnded) {
    const info = await tableInfo('large');
    seen.add(info?.rows ?? 0);
    mostStaged = Math.max(mostStaged, info?.staged ?? 0);
  }
  expect(await program.ended, program.stderr()).toMatchObject({ code: 0 });
  seen.add((await tableInfo('large'))?.rows ?? 0);
  expect([...seen].toSorted((a, b) => a - b)).toEqual([0, count]);
  expect(mostStaged).toBeGreaterThan(0);
  const { version: after } = await readJson<{ version: number }>(gateway.url, 'tables');
  expect(after).toBe(before + 1);
});

test('a table with a key is written by key', async () => {
  await publish([file('first.csv', 'id,a\n1,x\n2,y\n'), '--table', 'keyed', '--key', 'id']).ended;
  const program = publish([file('second.ndjson', '{"id":2,"a":"z"}\n'), '--table', 'keyed', '--key', 'id']);
  expect(await program.ended, program.stderr()).toMatchObject({ code: 0 });
  expect((await readTable(gateway.url, 'keyed'))?.rows).toEqual([
    { id: 1n, a: 'x' },
    { id: 2n, a: 'z' },
  ]);
});

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it with code %i and one clean line', async (signal, code) => {
  const path = file('slow.csv', `a\n${'1\n'.repeat(1000)}`);
  const program = publish([path, '--table', `slow-${signal}`, '--rate', '1']);
  await waitFor(() => tableInfo(`slow-${signal}`), { what: 'the first row', timeoutMs: 20_000 });
  program.kill(signal);
  expect(await program.ended).toMatchObject({ code });
  expect(program.stderr().trimEnd().split('\n').at(-1)).toBe('tablecast publish: stopped.');
});

test.each<[string[], RegExp]>([
  [['--table', 'x'], /missing required argument 'file'/],
  [['a.csv'], /required option '--table/],
  [['a.csv', '--table', 'no/name'], /--table.*name/],
  [['a.csv', '--table', 'x', '--op', 'insert'], /--op.*replace, append, upsert, delete/],
  [['a.csv', '--table', 'x', '--rate', '0'], /--rate.*above 0/],
  [['a.csv', '--table', 'x', '--rate', '5', '--replay', 't'], /do not go together/],
  [['a.csv', '--table', 'x', '--speed', '5'], /--replay/],
  [['-', '--table', 'x', '--watch'], /--watch needs a file/],
  [['a.csv', '--table', 'x', '--url', 'here'], /--url.*http:/],
  [['a.csv', '--table', 'x', '--wach'], /unknown option '--wach'/],
])('%j is refused with code 2 and one line', async (args, message) => {
  const program = publish(args);
  expect(await program.ended).toMatchObject({ code: 2 });
  expect(program.stderr()).toMatch(/^tablecast publish: [^\n]+\n$/);
  expect(program.stderr()).toMatch(message);
});

test('a gateway that is not there ends it with code 1 and one line', async () => {
  const program = publish([file('a.csv', 'a\n1\n'), '--table', 't'], `http://127.0.0.1:${await freePort()}`);
  expect(await program.ended).toMatchObject({ code: 1 });
  expect(program.stderr()).toMatch(
    /^tablecast publish: No gateway listens at http:\/\/127\.0\.0\.1:\d+; .*--url.*\n$/,
  );
});

test('what does not fit the table ends it with code 1, the column and the row', async () => {
  await publish([file('typed.csv', 'n\n1\n'), '--table', 'typed']).ended;
  const program = publish([file('bad.csv', 'n\n2\nx\n'), '--table', 'typed', '--op', 'append']);
  expect(await program.ended).toMatchObject({ code: 1 });
  expect(program.stderr()).toMatch(/^tablecast publish: Column "n", row 2 .*"x".*int64.*\n$/);
  expect((await readTable(gateway.url, 'typed'))?.rows).toEqual([{ n: 1n }]);
});

test('a gateway with tokens takes the write token, and asks for it where there is none', async () => {
  const guarded = await spawnGateway({
    args: ['--write-token', 'write-it-to-me', '--view-token', 'let-me-see-it'],
  });
  open.push(guarded);
  const path = file('b.csv', 'a\n1\n');
  for (const [args, message] of [
    [[], /wants a token: .*--token or TABLECAST_TOKEN/],
    [['--token', 'wrong'], /does not know this token/],
  ] as const) {
    const refused = publish([path, '--table', 't', ...args], guarded.url);
    expect(await refused.ended).toMatchObject({ code: 1 });
    expect(refused.stderr()).toMatch(message);
  }
  const program = publish([path, '--table', 't', '--token', 'write-it-to-me', '--quiet'], guarded.url);
  expect(await program.ended, program.stderr()).toMatchObject({ code: 0 });
  expect(program.stdout() + program.stderr()).toBe('');
});
