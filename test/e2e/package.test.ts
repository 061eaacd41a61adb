import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { freeAddress } from '../support/free-port.ts';
import { readJson } from '../support/gateway-http.ts';
import { type InstalledPackage, installPackage, installTimeoutMs } from '../support/installed-package.ts';
import { readModules } from '../support/module-graph.ts';
import { livePattern } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};
const MAX_PACKED_BYTES = 3_000_000;

let installed: InstalledPackage;
let running: SpawnedProgram | undefined;

beforeAll(async () => {
  installed = await installPackage();
}, installTimeoutMs);
afterEach(() => running?.close());
afterAll(() => installed?.close(), installTimeoutMs);

/** The installed command, run to its end. */
function tablecast(line: string, input = '', env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: installed.directory, env: { ...process.env, ...env } };
    const args = [installed.command, ...line.split(' ')];
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

async function freeSockets(): Promise<string[]> {
  const [connect, bind, pull] = [await freeAddress(), await freeAddress(), await freeAddress()];
  return ['--port', '0', '--connect', connect, '--bind', bind, '--pull', pull];
}

describe('the package, installed into an empty folder', () => {
  test('starts gateway and producer, with the page and what it serves beside, and nothing to build', async () => {
    running = spawnProgram({
      module: installed.command,
      args: await freeSockets(),
      cwd: installed.directory,
    });
    const [, url = ''] = await running.printed(livePattern, 60_000);
    for (const [path, text] of [
      ['', '<!doctype html>'],
      ['client.js', 'export'],
      ['tablecast.py', 'class Tablecast'],
      ['third-party.txt', 'lit-html'],
      ['docs', 'html'],
    ] as const) {
      const response = await fetch(new URL(path, url));
      expect([path, response.status]).toEqual([path, 200]);
      expect((await response.text()).toLowerCase()).toContain(text.toLowerCase());
    }
    await waitFor(() => readJson<unknown[]>(url, 'tables/cpu.json').then((rows) => rows.length > 0), {
      what: 'the table cpu of the built-in producer',
    });
    expect(running.stderr()).toBe('');
  });

  test('has every command', async () => {
    const args = ['gateway', ...(await freeSockets())];
    running = spawnProgram({ module: installed.command, args, cwd: installed.directory });
    const [, url = ''] = await running.printed(livePattern, 60_000);
    const env = { TABLECAST_URL: url };
    const published = await tablecast(
      'publish - --table prices --key symbol --format csv',
      'symbol,price\nA,1.5\n',
      env,
    );
    expect([published.code, published.stderr]).toEqual([0, expect.anything()]);
    expect((await tablecast('tail prices --once', '', env)).stdout).toBe('symbol  price\nA         1.5\n');
    expect((await tablecast('tables --names', '', env)).stdout).toBe('prices\n');
    expect((await tablecast('update', '', env)).stdout).toMatch(/^version \d+:/);
    expect((await tablecast('top', '', env)).stdout).toMatch(/1 table /);
    for (const command of ['producer', 'gateway', 'publish', 'tail', 'tables', 'top', 'update'])
      expect((await tablecast(`${command} --help`)).stdout).toMatch(
        /^Usage: tablecast[\s\S]*\nExamples:\n {2}tablecast/i,
      );
    expect((await tablecast('--help')).stdout).toMatch(/tablecast COMMAND/);
    expect((await tablecast('--version')).stdout.trim()).toBe(manifest.version);
    expect(await tablecast('nonsense')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no command/),
    });
  });

  test('is linked as a command by npm', () => {
    const link = process.platform === 'win32' ? 'tablecast.cmd' : 'tablecast';
    const bin = join(installed.directory, 'node_modules', '.bin', link);
    expect(existsSync(bin)).toBe(true);
    const { status, stdout } = spawnSync(bin, ['--version'], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    expect([status, stdout.trim()]).toEqual([0, manifest.version]);
  });

  test('has types for the client, the producer and the elements, which tell right from wrong', () => {
    const source = `import { connect } from 'tablecast/client';
import { createProducer, type Producer, TablecastError } from 'tablecast/producer';
import type { TablecastElements } from 'tablecast/elements.js';
export const attributes: TablecastElements<{ className: string }>['tablecast-table'] = {
  className: 'wide', name: 'weather', sort: '-celsius', tools: true,
  // @ts-expect-error there is no such theme
  theme: 'blue',
};
export const celsius = () => document.querySelector('tablecast-table')?.rows?.last(1);
document.addEventListener('tablecast-version', (event) => {
  if (event.target instanceof HTMLElement) event.target.title = 'Version ' + event.detail.version;
});
export async function run(producer: Producer = createProducer({ push: 'tcp://127.0.0.1:5413' })): Promise<number> {
  await producer.publish('weather', { city: ['Oslo'], celsius: [4.5] }, { op: 'upsert', key: 'city' });
  // @ts-expect-error there is no such operation
  await producer.publish('weather', [{ city: 'Oslo' }], { op: 'insert' });
  // @ts-expect-error tables have names
  await producer.publish(5, []);
  const client = connect('http://127.0.0.1:8080', { token: 'secret' });
  for await (const update of client.subscribe('weather')) return update.table('weather')?.rowCount ?? 0;
  throw new TablecastError('internal', 'not reached');
}
`;
    writeFileSync(join(installed.directory, 'consumer.ts'), source);
    const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = ['--types', 'node', '--typeRoots', join(projectRoot, 'node_modules', '@types')];
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', ...types];
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags, 'consumer.ts'], {
      cwd: installed.directory,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  });
});

describe('what is packed', () => {
  test('is small, and holds programs, types and documents alone', () => {
    expect(installed.packedBytes).toBeLessThan(MAX_PACKED_BYTES);
    const [, stated] = /package of ([\d.]+) MB/.exec(readFileSync(join(projectRoot, 'README.md'), 'utf8'))!;
    expect(Math.abs(installed.packedBytes / 1e6 - Number(stated))).toBeLessThan(0.5);
    const kinds = /^(LICENSE|.*\.(md|mjs|js|d\.ts|json|css|html|svg|ttf|txt|py)|deploy\/.*)$/;
    expect(installed.files.map(({ path }) => path).filter((path) => !kinds.test(path))).toEqual([]);
    expect(installed.files.filter(({ path }) => /(^|\/)test/.test(path))).toEqual([]);
  });

  test('has the licence of everything that its bundles are made of', () => {
    for (const [bundle, names] of [
      ['page', ['echarts', 'zrender', 'lit', 'lit-html', 'flatbuffers', '@preact/signals-core']],
      ['client', ['flatbuffers']],
      ['elements', ['echarts', 'lit-html', 'flatbuffers']],
      ['programs', ['fastify', 'typebox', 'pino', 'ws', 'commander']],
    ] as const) {
      const text = readFileSync(join(projectRoot, 'dist', bundle, 'third-party.txt'), 'utf8');
      const listed = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm)].map(([, name]) => name);
      expect(listed).toEqual(expect.arrayContaining([...names]));
      expect(text.match(/copyright/gi)?.length).toBeGreaterThanOrEqual(names.length);
    }
  });

  test('uses every dependency, and nothing that is none', () => {
    const inPackage = installed.files.map(({ path }) => path).filter((path) => path.startsWith('scripts/'));
    const isPacked = (path: string) =>
      inPackage.includes(path) ||
      !/^(scripts|ui)\/|\.config\.ts$/.test(path) ||
      /^ui\/(client|terminal)\//.test(path);
    const modules = readModules(projectRoot, ['protocol', 'producer', 'gateway', 'ui', 'scripts']);
    const imported = modules
      .filter(({ path }) => isPacked(path))
      .flatMap(({ imports }) => imports)
      .filter(({ file, specifier }) => file === null && !/^(node:|\.|\/)/.test(specifier))
      .map(({ specifier }) =>
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    const used = new Set(imported);
    const declared = Object.keys(manifest.dependencies);
    expect([...used].filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !used.has(name))).toEqual([]);
  });
});
