import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/prepare/prepare.mjs';
import { projectRoot } from '../../scripts/prepare/project.mjs';

interface BenchEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run bench` installs them. */
const arePeersInstalled = existsSync(join(projectRoot, 'bench', 'node_modules', 'regular-table'));

const names = [
  'intake-append',
  'intake-small',
  'intake-upsert',
  'intake-check',
  'fanout',
  'latency',
  'fanout-table',
  'slow-viewers',
  'memory',
  'trigger',
  'growth',
  'rejoin',
  'page',
  'page-heap',
  'durable',
  'responsive',
  'scale',
  'costs',
  'capacity',
  'shared-log',
  'workers',
];

function bench(...args: string[]): Promise<BenchEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, 'bench', 'main.mjs'), ...args], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

test('--list names every benchmark', async () => {
  const { exitCode, stdout } = await bench('--list');
  expect(exitCode).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(':')[0]),
  ).toEqual(names);
});

test('an unknown benchmark ends it with one line', async () => {
  const { exitCode, stdout, stderr } = await bench('--only', 'intake');
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^bench: .*"intake".*--list.*\n$/);
});

test('a benchmark prints one JSON line per result', async () => {
  await ensureBuilt();
  const { exitCode, stdout, stderr } = await bench(
    '--only',
    'intake-small',
    '--smoke',
    '--rounds',
    '1',
    '--json',
  );
  expect(exitCode, stderr).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    name: 'intake-small',
    unit: 'messages/s',
    ours: expect.any(Number),
    peers: { bare: expect.any(Number) },
    ratio: { bare: expect.any(Number) },
    goal: { bare: '>= 0.5' },
    met: expect.any(Boolean),
  });
});

test('the benchmark of the page sees each contender change, and idle charts draw nothing', async () => {
  await ensureBuilt();
  const { exitCode, stdout, stderr } = await bench('--only', 'page', '--smoke', '--rounds', '1', '--json');
  expect(exitCode, stderr).toBe(0);
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; ours: number; peers: object; met: boolean });
  const byName = new Map(results.map((one) => [one.name, one]));
  expect(byName.get('page-grouped-firstStateMs')).toMatchObject({
    ours: expect.any(Number),
    peers: arePeersInstalled ? { perspective: expect.any(Number) } : {},
  });
  expect(byName.get('page-scroll-mainThreadPercent')).toMatchObject({
    ours: expect.any(Number),
    peers: arePeersInstalled ? { regularTable: expect.any(Number) } : {},
  });
  expect(byName.get('page-line-100-frameP95Ms')).toMatchObject({ ours: expect.any(Number) });
  expect(byName.get('page-idle-charts-draws')).toMatchObject({ ours: 0, met: true });
}, 600_000);
