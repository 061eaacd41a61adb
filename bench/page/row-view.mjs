// What the page's row view costs: how long a view of a large keyed table takes to build, in slices, and to follow commits
// of upserts. node bench/page/row-view.mjs [--rows 1000000] [--upserts 1000] [--commits 200] [--only NAME]; a case alone is
// what a page that shows one view has, many in one process make the engine optimise less.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    upserts: { type: 'string', default: '1000' },
    commits: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
});
const rowCount = Number(options.rows);
const upsertCount = Number(options.upserts);
const commitCount = Number(options.commits);
const KEY = ['id'];
const SECTORS = 20;

const type = {
  int32: { kind: 'int', bits: 32, signed: true },
  int64: { kind: 'int', bits: 64, signed: true },
  float64: { kind: 'float', bits: 64 },
  utf8: { kind: 'utf8' },
  timestamp: { kind: 'timestamp', unit: 'ns', timezone: 'UTC' },
};
/** A value by row and commit: `tick` changes with every write, the others stay. */
const columns = [
  { name: 'id', type: type.int32, value: (row) => row },
  { name: 'symbol', type: type.utf8, value: (row) => `instrument-${(row * 7919) % rowCount}` },
  { name: 'sector', type: type.utf8, value: (row) => `sector ${row % SECTORS}` },
  { name: 'rating', type: type.float64, value: (row) => (row * 0.618) % 1 },
  { name: 'qty', type: type.int64, value: (row, tick) => BigInt((row * 31 + tick * 7) % 100_000) },
  {
    name: 'time',
    type: type.timestamp,
    value: (row, tick) => 1_760_000_000_000_000_000n + BigInt(tick * 1000 + row),
  },
  { name: 'lot', type: type.int32, value: (row) => row % 97 },
  ...Array.from({ length: 13 }, (_, i) => ({
    name: `price${i}`,
    type: type.float64,
    value: (row, tick) => ((row * 0.754877 + tick * 0.56984 + i * 0.1) % 1) * 1000,
  })),
];
const fields = columns.map(({ name, type }) => ({ name, type, nullable: true, metadata: new Map() }));

function vectorOf({ type, value }, rows, tick) {
  const length = rows.length;
  if (type.kind === 'utf8') {
    const parts = Array.from(rows, (row) => value(row, tick));
    const data = new TextEncoder().encode(parts.join(''));
    const offsets = new Int32Array(length + 1);
    parts.forEach((part, i) => {
      offsets[i + 1] = offsets[i] + part.length;
    });
    return { layout: 'bytes', length, validity: null, offsets, data };
  }
  const isBig = type.kind === 'timestamp' || type.bits === 64;
  const values =
    type.kind === 'float'
      ? new Float64Array(length)
      : isBig
        ? new BigInt64Array(length)
        : new Int32Array(length);
  for (let i = 0; i < length; i++) values[i] = value(rows[i], tick);
  const bytes = new Uint8Array(values.buffer);
  return { layout: 'fixed', length, validity: null, width: values.BYTES_PER_ELEMENT, bytes };
}

function batchOf(rows, tick) {
  return { rowCount: rows.length, columns: columns.map((column) => vectorOf(column, rows, tick)) };
}

const plain = { sort: [], filters: [], search: '', searchColumns: null, group: null };
const sortBy = (...names) => ({
  ...plain,
  sort: names.map((column) => ({ column, direction: 'descending' })),
});
const aggregates = ['qty', 'price0', 'price1'].map((column) => ({ column, fn: 'sum' }));
const cases = [
  ['table order', plain],
  ['sorted by a ticking number', sortBy('price0')],
  ['sorted by a number that stays', sortBy('rating')],
  ['sorted by a text that stays, all different', sortBy('symbol')],
  ['sorted by a text that stays, 20 different', sortBy('sector')],
  ['sorted by a text, then a ticking number', sortBy('sector', 'price0')],
  ['sorted by a ticking time', sortBy('time')],
  [
    'filtered by a ticking number',
    { ...plain, filters: [{ type: 'number', column: 'price0', compare: '>', value: '500' }] },
  ],
  ['searched for letters', { ...plain, search: 'instrument-99' }],
  ['searched for digits', { ...plain, search: '77' }],
  ['grouped, with three sums', { ...plain, group: { by: ['sector'], aggregates, expanded: new Set() } }],
  [
    'grouped by two, expanded, sums, min, max',
    {
      ...sortBy('price0'),
      group: {
        by: ['sector', 'lot'],
        aggregates: [...aggregates, { column: 'price0', fn: 'min' }, { column: 'price0', fn: 'max' }],
        expanded: new Set(['["sector 1"]']),
      },
    },
  ],
];

async function load() {
  const outDir = mkdtempSync(join(tmpdir(), 'row-view-'));
  const entry = {
    'row-view': join(projectRoot, 'ui/grid/row-view/row-view.ts'),
    'live-table': join(projectRoot, 'protocol/table/live-table.ts'),
  };
  const lib = { entry, formats: ['es'] };
  await build({
    configFile: false,
    logLevel: 'error',
    build: { outDir, lib, minify: false, target: 'es2023' },
  });
  try {
    const [view, table] = await Promise.all([
      import(join(outDir, 'row-view.js')),
      import(join(outDir, 'live-table.js')),
    ]);
    return { ...view, ...table };
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

/** Of all this process's threads: other programs on the machine do not count. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const { RowView, LiveTable } = await load();
const table = new LiveTable('t');
let version = 0;
const write = (rows) => {
  version++;
  table.write(
    { op: 'upsert', key: KEY, fields, batches: [batchOf(rows, version)] },
    { version, timeMs: version },
  );
  table.tidy();
};
for (let first = 0; first < rowCount; first += 1 << 16) {
  write(Uint32Array.from({ length: Math.min(1 << 16, rowCount - first) }, (_, i) => first + i));
}
let random = 1;
const nextRow = () => {
  random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
  return Math.floor((random / 2 ** 32) * rowCount);
};

function measure(spec) {
  const slices = [];
  const view = new RowView({
    read: () => table,
    nowMs: () => performance.now(),
    schedule: (slice) => slices.push(slice),
    onReady: () => {},
  });
  view.update();
  view.setSpec(spec);
  const sliceMs = [];
  const timed = (work) => {
    const startMs = cpuMs();
    work();
    sliceMs.push(cpuMs() - startMs);
  };
  timed(() => view.update());
  while (view.isBuilding) {
    if (slices.length > 0) timed(slices.shift());
    else timed(() => view.update());
  }
  const updateMs = [];
  for (let commit = 0; commit < commitCount; commit++) {
    write(Uint32Array.from({ length: upsertCount }, nextRow));
    const startMs = cpuMs();
    view.update(1000);
    for (let line = 1000; line < Math.min(1050, view.rowCount); line++) view.rowAt(line);
    updateMs.push(cpuMs() - startMs);
  }
  updateMs.sort((a, b) => a - b);
  const result = {
    'build ms': sliceMs.reduce((a, b) => a + b, 0),
    slices: sliceMs.length,
    'longest slice ms': Math.max(...sliceMs),
    'update median ms': percentile(updateMs, 0.5),
    'p99 ms': percentile(updateMs, 0.99),
    'bytes a row': view.bytes / rowCount,
    lines: view.rowCount,
  };
  view.close();
  return result;
}

const results = {};
for (const [name, spec] of cases) {
  if (options.only !== undefined && !name.includes(options.only)) continue;
  globalThis.gc?.();
  const figures = measure(spec);
  results[name] = Object.fromEntries(
    Object.entries(figures).map(([figure, value]) => [figure, Number(value.toFixed(2))]),
  );
}
console.table(results);
