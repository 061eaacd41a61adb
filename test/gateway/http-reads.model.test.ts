import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { startInjected } from './injected-gateway.ts';
import type { ModelGateway } from './model-gateway.ts';
import { histories, type Step, TABLES } from './random-actions.ts';
import type { ColumnType, ModelCell, ModelTable } from './table-model.ts';

const TIMEOUT_MS = 400_000;

type Answer = Awaited<ReturnType<FastifyInstance['inject']>>;

/** A program that keeps its own copy of a table by `?since=`. */
interface Reader {
  version: string;
  columns: string[];
  rows: ModelCell[][];
}

test('rows read as Arrow, JSON and CSV, whole, in part and since a version, equal a naive model', {
  timeout: TIMEOUT_MS,
}, async () => {
  const history = fc.record({ maxAgeMs: fc.constantFrom(0, 60_000), maxBytes: fc.constantFrom(1000, 1e9) });
  await fc.assert(
    fc.asyncProperty(histories({ large: false, maxSteps: 14 }), history, async (steps, limits) => {
      const { app, gateway, close } = await startInjected(limits);
      try {
        await followHistory(app, gateway, steps);
      } finally {
        await close();
      }
    }),
    { numRuns: 150 },
  );
});

async function followHistory(app: FastifyInstance, gateway: ModelGateway, steps: readonly Step[]) {
  const readers = new Map<string, Reader>();
  const cached = new Map<string, { etag: string; text: string }>();
  for (const step of steps) {
    gateway.take(step);
    const name = TABLES[step.luck % TABLES.length]!;
    const table = gateway.model.tables.get(name);
    if (table === undefined) {
      expect((await app.inject(`/tables/${name}.json`)).statusCode).toBe(404);
      readers.delete(name);
      continue;
    }
    await compareWhole(app, name, table, cached);
    await comparePart(app, name, table, step.luck);
    const reader = readers.get(name) ?? { version: '0', columns: [], rows: [] };
    readers.set(name, reader);
    await refresh(app, name, table, reader, step.luck);
    expect(reader.version).toBe(String(gateway.model.version));
    expect(reader.columns).toEqual([...table.columns.keys()]);
    expect(reader.rows).toEqual(table.cells);
  }
}

async function compareWhole(
  app: FastifyInstance,
  name: string,
  table: ModelTable,
  cached: Map<string, { etag: string; text: string }>,
) {
  const known = cached.get(name);
  const headers = known === undefined ? {} : { 'if-none-match': known.etag };
  const answer = await app.inject({ url: `/tables/${name}.json`, headers });
  const text = answer.statusCode === 304 ? known!.text : answer.body;
  expect(text).toBe(jsonOf(table, [...table.columns.keys()], table.cells));
  cached.set(name, { etag: String(answer.headers.etag), text });
  expect((await app.inject(`/tables/${name}.csv`)).body).toBe(csvOf(table));
  const arrow = readRows((await app.inject(`/tables/${name}.arrow`)).rawPayload);
  expect(arrow.columns).toEqual([...table.columns.keys()]);
  if (arrow.columns.length > 0) expect(arrow.rows).toEqual(table.cells);
}

async function comparePart(app: FastifyInstance, name: string, table: ModelTable, luck: number) {
  const all = [...table.columns.keys()];
  const columns = all.filter((_, i) => (luck >> i) & 1).reverse();
  if (columns.length === 0) return;
  const offset = luck % 7;
  const limit = luck % 11;
  const url = `/tables/${name}.json?columns=${columns.join(',')}&offset=${offset}&limit=${limit}`;
  const rows = table.cells
    .slice(offset, offset + limit)
    .map((cells) => columns.map((column) => cells[all.indexOf(column)] ?? null));
  expect((await app.inject(url)).body).toBe(jsonOf(table, columns, rows));
}

async function refresh(app: FastifyInstance, name: string, table: ModelTable, reader: Reader, luck: number) {
  const answer = await app.inject(`/tables/${name}.arrow?since=${reader.version}`);
  const { columns, rows } = readRows(answer.rawPayload);
  expect(await readPages(app, `/tables/${name}.arrow?since=${reader.version}`, answer, luck)).toEqual(rows);
  await compareColumns(app, `/tables/${name}.arrow?since=${reader.version}`, { columns, rows }, luck);
  reader.version = String(answer.headers['tablecast-version']);
  if (answer.headers['tablecast-change'] === 'snapshot') {
    Object.assign(reader, { columns, rows });
    return;
  }
  expect(answer.headers['tablecast-change']).toBe('delta');
  const before = reader.rows.map((cells) =>
    columns.map((column) => cells[reader.columns.indexOf(column)] ?? null),
  );
  reader.columns = columns;
  if (table.key === null) {
    const drop = Number(answer.headers['tablecast-drop-first'] ?? 0);
    reader.rows = [...before, ...rows].slice(drop);
    return;
  }
  const keyColumns = table.key.map((column) => columns.indexOf(column));
  const keyed = new Map<string, ModelCell[]>();
  for (const cells of [...before, ...rows])
    keyed.set(keyColumns.map((column) => `${typeof cells[column]} ${String(cells[column])}`).join(), cells);
  reader.rows = [...keyed.values()];
}

/** The same rows in pages: every page tells of the whole, not of itself. */
async function readPages(app: FastifyInstance, url: string, whole: Answer, luck: number) {
  const told = ['tablecast-change', 'tablecast-drop-first', 'tablecast-rows', 'tablecast-changed'];
  const total = Number(whole.headers['tablecast-rows']);
  const limit = 1 + (luck % 5) + Math.floor(total / 4);
  const rows: ModelCell[][] = [];
  for (let offset = 0; offset <= total; offset += limit) {
    const page = await app.inject(`${url}&offset=${offset}&limit=${limit}`);
    expect(told.map((header) => page.headers[header])).toEqual(told.map((header) => whole.headers[header]));
    rows.push(...readRows(page.rawPayload).rows);
  }
  return rows;
}

async function compareColumns(
  app: FastifyInstance,
  url: string,
  whole: { columns: readonly string[]; rows: readonly ModelCell[][] },
  luck: number,
) {
  const chosen = whole.columns.filter((_, i) => (luck >> i) & 1).reverse();
  if (chosen.length === 0) return;
  const offset = luck % 3;
  const answer = await app.inject(`${url}&columns=${chosen.join(',')}&offset=${offset}&limit=4`);
  const { columns, rows } = readRows(answer.rawPayload);
  expect(columns).toEqual(chosen);
  expect(rows).toEqual(
    whole.rows
      .slice(offset, offset + 4)
      .map((cells) => chosen.map((column) => cells[whole.columns.indexOf(column)]!)),
  );
}

function readRows(bytes: Uint8Array): { columns: string[]; rows: ModelCell[][] } {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map((field) => field.name);
  const vectors = columns.map((_, i) => table.getChildAt(i)!);
  const rows = Array.from({ length: columns.length === 0 ? 0 : table.numRows }, (_, row) =>
    vectors.map((vector) => vector.get(row) as ModelCell),
  );
  return { columns, rows };
}

function jsonOf(
  table: ModelTable,
  columns: readonly string[],
  rows: readonly (readonly ModelCell[])[],
): string {
  const records = rows.map((cells) => {
    const members = columns.map((column, i) => {
      const cell = cells[i] ?? null;
      const absent = cell === null || (typeof cell === 'number' && !Number.isFinite(cell));
      const text = typeof cell === 'string' ? JSON.stringify(cell) : textOf(cell, table.columns.get(column)!);
      return `${JSON.stringify(column)}:${absent ? 'null' : text}`;
    });
    return `{${members.join(',')}}`;
  });
  return `[${records.join(',')}]`;
}

function csvOf(table: ModelTable): string {
  const types = [...table.columns.values()];
  const lines = table.cells.map((cells) =>
    cells.map((cell, i) => {
      if (typeof cell !== 'string')
        return cell === null ? (types.length === 1 ? '""' : '') : textOf(cell, types[i]!);
      return cell === '' || /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
    }),
  );
  return [[...table.columns.keys()], ...lines].map((line) => `${line.join(',')}\n`).join('');
}

/** Floats keep a decimal, so that readers take them for floats. */
function textOf(cell: ModelCell, type: ColumnType): string {
  if (type !== 'float64') return String(cell);
  if (Object.is(cell, -0)) return '-0.0';
  if (cell === Number.POSITIVE_INFINITY) return 'inf';
  const text = String(cell);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
