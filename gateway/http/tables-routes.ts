import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { parseTableName } from '../../protocol/table-name.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { StoredTable } from '../tables/stored-table.ts';
import { refuseForeignSites } from './cross-site.ts';
import { publishBody } from './publish-body.ts';
import { count, flag, type Query, repeated, single } from './query.ts';
import { FORMATS, type Format, type Rows } from './read-rows.ts';
import { tableInfo } from './table-info.ts';

interface NamedTable {
  Params: { name: string };
  Querystring: Query;
  Body: Buffer | undefined;
}

/** `/tables` and everything under it. */
export async function tablesRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const { store, log, now } = parts;
  const at = () => ({ epoch: log.epoch, version: store.version, nowMs: now() });

  app.get('/tables', async () => {
    const tables = [...store.tables.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
    return {
      epoch: log.epoch,
      version: store.version,
      tables: tables.map((table) => tableInfo(table, at())),
    };
  });

  app.get<NamedTable>('/tables/:name', async (request, reply) => {
    const { name, format } = dataName(request.params.name);
    const table = store.table(parseTableName(name));
    if (format !== null) return sendRows(parts, table, format, request, reply);
    const info = tableInfo(table, at());
    return flag(request.query, 'content_hash') ? { ...info, content_hash: contentHash(table.live) } : info;
  });

  app.post<NamedTable>('/tables/:name', { preHandler: refuseForeignSites }, async (request) => {
    const name = parseTableName(request.params.name);
    const { publication, commit } = await publishBody(parts, name, request);
    const answer = {
      epoch: log.epoch,
      version: commit?.version ?? store.version,
      table: name,
      rows: publication.rowCount,
    };
    return commit === null ? { ...answer, staged: store.tables.get(name)?.stage.length ?? 0 } : answer;
  });

  app.delete<NamedTable>('/tables/:name', { preHandler: refuseForeignSites }, async (request) => {
    const { name } = store.table(parseTableName(request.params.name));
    const commit = await parts.commit({ type: 'drop', table: name });
    return { epoch: log.epoch, version: commit.version, table: name };
  });
}

/** `prices.csv` is the table `prices` as CSV; no table's name ends so. */
function dataName(name: string): { name: string; format: Format | null } {
  const format = (Object.keys(FORMATS) as Format[]).find((suffix) => name.endsWith(`.${suffix}`));
  return format === undefined ? { name, format: null } : { name: name.slice(0, -format.length - 1), format };
}

async function sendRows(
  parts: GatewayParts,
  table: StoredTable,
  format: Format,
  request: FastifyRequest<NamedTable>,
  reply: FastifyReply,
): Promise<unknown> {
  const { store, log } = parts;
  const { changed } = table.history;
  const etag = `"${log.epoch}-${changed}-${format}-${Buffer.from(JSON.stringify(request.query)).toString('base64url')}"`;
  void reply
    .header('tablecast-version', store.version)
    .header('tablecast-epoch', log.epoch)
    .header('etag', etag)
    .header('cache-control', 'no-cache');
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const rows = rowsFor(parts, table, request.query, reply);
  return reply
    .type(FORMATS[format].contentType)
    .send(Readable.from(FORMATS[format].write(rows), { objectMode: false }));
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}

function rowsFor(parts: GatewayParts, table: StoredTable, query: Query, reply: FastifyReply): Rows {
  const { live } = table;
  const columns = columnsOf(table, query);
  const fields = columns.map((column) => live.fields[column]!);
  const offset = count(query, 'offset') ?? 0;
  const limit = count(query, 'limit') ?? live.rowCount;
  const since = sinceOf(parts, query);
  if (since === null) return { fields, batches: live.read(columns, offset, offset + limit) };
  const delta = rowsSince(table, since, columns);
  void reply.header('tablecast-change', delta === null ? 'snapshot' : 'delta');
  if (delta === null) return { fields, batches: live.read(columns, offset, offset + limit) };
  if (delta.dropFirst > 0) void reply.header('tablecast-drop-first', delta.dropFirst);
  return { fields, batches: delta.batches };
}

/** `?columns=a,b`, in the order asked for. @throws TablecastError `bad_parameter` */
function columnsOf(table: StoredTable, query: Query): number[] {
  const { fields } = table.live;
  const names = repeated(query, 'columns').flatMap((list) => list.split(','));
  if (names.length === 0) return fields.map((_, i) => i);
  if (new Set(names).size < names.length) {
    throw new TablecastError('bad_parameter', 'The parameter "columns" names a column twice.');
  }
  return names.map((name) => {
    const column = fields.findIndex((field) => field.name === name);
    if (column < 0)
      throw new TablecastError('bad_parameter', `The table "${table.name}" has no column "${name}".`);
    return column;
  });
}

/** The version to start from; -1 for one that cannot be started from; null where all rows are wanted. */
function sinceOf(parts: GatewayParts, query: Query): number | null {
  const since = count(query, 'since');
  const epoch = single(query, 'epoch');
  if (since === undefined) return null;
  if (epoch !== undefined && epoch !== parts.log.epoch) return -1;
  return since > parts.store.version ? -1 : since;
}

/** The rows written after a version; null where a reader cannot be brought from there by rows alone. */
function rowsSince(
  table: StoredTable,
  since: number,
  columns: readonly number[],
): { batches: Rows['batches']; dropFirst: number } | null {
  const { live, history } = table;
  if (since < 0 || !history.reaches(since) || live.deletedAfter(since).length > 0) return null;
  const now = live.queue;
  const then = history.queueAt(since);
  const dropFirst = now === null ? 0 : Math.min(then.endRow, now.firstRow) - then.firstRow;
  return { batches: live.readAfter(columns, since), dropFirst };
}
