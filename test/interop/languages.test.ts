import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { readDocument, tableRows } from '../docs/markdown.ts';
import { readJson } from '../support/gateway-http.ts';
import {
  type CompiledLanguage,
  compiledLanguages,
  languageProgram,
  type Program,
  toolchainsTimeoutMs,
} from '../support/language-programs.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { runPython } from '../support/run-python.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const WAYS = ['PUSH', 'PUB', 'HTTP'] as const;
type Way = (typeof WAYS)[number];
interface Cell {
  readonly language: string;
  readonly library: string;
  readonly way: Way;
}
interface Table {
  readonly rows: number;
  readonly key: string[] | null;
  readonly staged: number;
  readonly changed: number;
}
type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

const matrix = tableRows(readDocument('examples/README.md'), ['language', 'with', ...WAYS]);
const cells: Cell[] = matrix.flatMap(([language = '', library = '', ...marks]) =>
  WAYS.filter((_, i) => marks[i] === '✓').map((way) => ({
    language: /^\[(.+)\]/.exec(language)![1]!,
    library,
    way,
  })),
);
const pythonCells = cells.filter(({ language }) => language === 'Python');
const nodeCells = cells.filter(({ language }) => language === 'JavaScript');
const compiledCells = cells.filter(({ language }) => compiledLanguages.some((one) => one === language));

let gateway: SpawnedGateway;
let python: string | null = null;

beforeAll(async () => {
  python = await pythonVenv();
  gateway = await spawnGateway();
}, pythonVenvTimeoutMs);
afterAll(() => gateway?.close());

test('every ✓ of the list is run here', () => {
  expect(pythonCells.length + nodeCells.length + compiledCells.length).toBe(cells.length);
  expect(cells.length).toBeGreaterThan(20);
  const marks = new Set(matrix.flatMap((row) => row.slice(2)));
  expect(marks).toEqual(new Set(['✓', '–', 'not run']));
});

function addressOf(way: Way): string {
  return { PUSH: gateway.pull, PUB: gateway.bind, HTTP: gateway.url.replace(/\/$/, '') }[way];
}

const OWN_MODULE = `import sys
from tablecast import Tablecast
way, address, frame, part = sys.argv[1], sys.argv[2], {"city": ["Oslo", "Rome"], "celsius": [4.5, 17.0]}, {"city": ["Rome"], "celsius": [17.0]}
with Tablecast(address) if way == "http" else Tablecast(**{{"push": "push", "pub": "connect"}[way]: address}) as cast:
  cast.publish("tablecast.py-whole", part)
  cast.publish("tablecast.py-whole", frame)
  cast.append("tablecast.py-log", frame)
  cast.append("tablecast.py-log", part)
  cast.upsert("tablecast.py-cities", frame, key="city")
  cast.delete("tablecast.py-cities", part)
  cast.publish("tablecast.py-later", frame, hold=True)`;

describe('one program each, with all operations: Python', () => {
  test.for(pythonCells)('$library over $way', async ({ library, way }, context) => {
    if (python === null) return context.skip('there is no Python environment here');
    const name = library.toLowerCase();
    for (const table of ['whole', 'log', 'cities', 'later']) await drop(`${name}-${table}`);
    const args = [way.toLowerCase(), addressOf(way)];
    const frames = join(projectRoot, 'examples', 'python', 'frames.py');
    const { code, stderr } =
      name === 'tablecast.py'
        ? await runPython(python, OWN_MODULE, args)
        : await run([python, frames], [name, ...args]);
    expect([code, stderr]).toEqual([0, '']);
    await waitFor(() => tableIs(`${name}-later`, { staged: 1, rows: 0 }), {
      what: 'the held publication, which is the last',
      timeoutMs: 20_000,
    });
    const [oslo, rome] = [
      { city: 'Oslo', celsius: 4.5 },
      { city: 'Rome', celsius: 17 },
    ];
    expect(await readJson(gateway.url, `tables/${name}-whole.json`)).toEqual([oslo, rome]);
    expect(await readJson(gateway.url, `tables/${name}-log.json`)).toEqual([oslo, rome, rome]);
    expect(await readJson(gateway.url, `tables/${name}-cities.json`)).toEqual([oslo]);
  });
});

describe('each operation by one run of the example: the other languages', () => {
  beforeEach(() => drop('weather'));

  test.for(nodeCells)('$language over $way', async ({ way }) => {
    const program = join(projectRoot, 'examples', 'node', 'publish.mjs');
    await expectOperations([process.execPath, program], way, way === 'PUB' ? ['connect'] : ['push']);
  });

  test.for(compiledCells)('$language over $way', { timeout: toolchainsTimeoutMs }, async (cell, context) => {
    const program = await languageProgram(cell.language as CompiledLanguage);
    if (typeof program === 'string') return context.skip(program);
    await expectOperations(program, cell.way);
  });

  /** Runs it once for each operation, and looks at the table each time. */
  async function expectOperations(program: Program, way: Way, more: string[] = []): Promise<void> {
    const steps: [header: Record<string, string>, becomes: Partial<Table>][] = [
      [{}, { rows: 2, key: null }],
      [{ op: 'append' }, { rows: 4 }],
      [
        { op: 'replace', key: 'city' },
        { rows: 2, key: ['city'] },
      ],
      [{ op: 'upsert' }, { rows: 2 }],
      [
        { op: 'append', commit: 'hold' },
        { rows: 2, staged: 1 },
      ],
      [{ op: 'delete' }, { rows: 0, staged: 0 }],
    ];
    let changed = 0;
    for (const [header, becomes] of steps) {
      const how = way === 'HTTP' ? new URLSearchParams(header).toString() : JSON.stringify(header);
      const { code, stdout, stderr } = await publish(program, way, [how, ...more]);
      expect([code, stderr]).toEqual([0, expect.anything()]);
      if (way === 'HTTP') expect(JSON.parse(stdout)).toMatchObject({ table: 'weather', rows: 2 });
      const isShown = header.commit !== 'hold';
      const table = await waitFor(
        async () => {
          const now = await tableIs('weather', becomes);
          return now !== null && (!isShown || now.changed > changed) && now;
        },
        { what: `${JSON.stringify(becomes)} by ${how}`, timeoutMs: 20_000 },
      );
      changed = table.changed;
    }
  }
});

/** Its output goes through curl where it sends nothing itself. */
function publish(program: Program, way: Way, [how = '', ...more]: string[]): Promise<Ended> {
  if (!program[0].endsWith(join('cpp', 'publish'))) return run(program, [addressOf(way), how, ...more]);
  const type = 'Content-Type: application/vnd.apache.arrow.stream';
  const url = `${addressOf(way)}/tables/weather?${how}`;
  const line = `"${program[0]}" | curl --silent --show-error --data-binary @- -H "${type}" "${url}"`;
  return run(['sh', '-c'], [line]);
}

function run([command, ...start]: Program, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, [...start, ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

async function tableIs(name: string, part: Partial<Table>): Promise<Table | null> {
  const table = await readJson<Table>(gateway.url, `tables/${name}`);
  expect(table).toMatchObject(part);
  return table;
}

async function drop(name: string): Promise<void> {
  await (await fetch(new URL(`tables/${name}`, gateway.url), { method: 'DELETE' })).text();
}
