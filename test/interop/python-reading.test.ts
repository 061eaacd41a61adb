import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

const READ = fileURLToPath(new URL('./read-over-http.py', import.meta.url));
const run = promisify(execFile);

let python: string | null = null;
let gateway: SpawnedGateway | undefined;

beforeAll(async () => {
  python = await pythonVenv();
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
}, pythonVenvTimeoutMs);
afterAll(() => gateway?.close());

describe('values published over HTTP are read back exactly', () => {
  test.for<[reader: string, how: string]>([
    ['pyarrow', 'as a stream of every type'],
    ['json', 'as JSON of every type, by the module json'],
    ['csv', 'as CSV of every type, by the module csv'],
    ['polars', 'by polars.read_ipc_stream(url)'],
    ['polars-text', 'by polars.read_csv and read_json of the bytes'],
    ['pandas-json', 'by pandas.read_json(url)'],
    ['pandas-csv', 'by pandas.read_csv(url)'],
    ['duckdb', 'by DuckDB, from Arrow and from files of the bytes'],
  ])('%s: %s', async ([reader], context) => {
    if (python === null) return context.skip('there is no Python environment here');
    const { stdout } = await run(python, [READ, gateway!.url, reader]);
    expect(stdout).toMatch(new RegExp(`^${reader} \\d+x\\d+`));
  });
});
