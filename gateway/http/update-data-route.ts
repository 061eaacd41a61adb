import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { receiptOf } from '../live/receipts.ts';
import type { Commit } from '../tables/commit.ts';
import { answerOnce } from './answer-once.ts';
import { knownTable } from './known-table.ts';
import { publishBody } from './publish-body.ts';
import {
  DEFAULT_TIMEOUT_MS,
  getUpdateSchema,
  postUpdateSchema,
  type UpdateQuery,
} from './schemas/update-data-schemas.ts';
import { listUnreadBodies } from './unread-bodies.ts';

interface UpdateData {
  Querystring: UpdateQuery;
  Body: Buffer | undefined;
}

/** `/update_data`: commits what is staged, or a body's publication first, and can wait until viewers have drawn it. */
export async function updateDataRoute(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  listUnreadBodies(app, parts);
  const update = async (request: FastifyRequest<UpdateData>, reply: FastifyReply) => {
    void reply.header('cache-control', 'no-store');
    const tables = [...new Set(request.query.table)];
    if (!hasBody(request)) return answerOf(parts, await commitStaged(parts, tables), request.query);
    const table = onlyTable(tables);
    return answerOnce(parts, table, { request, reply }, async () => {
      const { commit } = await publishBody(parts, table, request, 'auto');
      return answerOf(parts, commit!, request.query);
    });
  };
  app.get<UpdateData>('/update_data', { schema: getUpdateSchema, exposeHeadRoute: false }, update);
  app.post<UpdateData>('/update_data', { schema: postUpdateSchema }, update);
}

/** An empty body of any type is no body. */
function hasBody({ body }: { readonly body: Buffer | undefined }): boolean {
  return body !== undefined && body.length > 0;
}

async function answerOf(parts: GatewayParts, commit: Commit, query: UpdateQuery) {
  const peers = parts.log.shared?.peers;
  const answer = {
    epoch: parts.log.epoch,
    version: commit.version,
    tables: commit.tables,
    rows: commit.rows,
    viewers: parts.viewers.count() + (peers?.viewers ?? 0),
  };
  if (query.wait === undefined) return answer;
  const ask = {
    version: commit.version,
    committedAtMs: commit.timeMs,
    timeoutMs: query.timeout_ms ?? DEFAULT_TIMEOUT_MS,
  };
  const [own, others] = await Promise.all([parts.viewers.drawn(ask), peers?.drawn(ask) ?? []]);
  return { ...answer, ...receiptOf([own, ...others]) };
}

async function commitStaged(parts: GatewayParts, tables: readonly string[]): Promise<Commit> {
  for (const name of tables) await knownTable(parts, name);
  return parts.commit(tables.length === 0 ? { type: 'all' } : { type: 'stage', tables });
}

/** @throws TablecastError `bad_parameter` */
function onlyTable(tables: readonly string[]): string {
  const [table] = tables;
  if (table !== undefined && tables.length === 1) return table;
  throw new TablecastError(
    'bad_parameter',
    'A body is published to one table: name it once with ?table=NAME.',
  );
}
