import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { Commit } from '../tables/commit.ts';
import { refuseForeignSites } from './cross-site.ts';
import { publishBody } from './publish-body.ts';
import { count, type Query, single, tableNames } from './query.ts';

const DEFAULT_TIMEOUT_MS = 2000;
const MAX_TIMEOUT_MS = 60_000;

type UpdateRequest = FastifyRequest<{ Querystring: Query; Body: Buffer | undefined }>;

/** `/update_data`: commits what is staged, or a body's publication first, and can wait until viewers have drawn it. */
export async function updateDataRoute(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  app.route<{ Querystring: Query; Body: Buffer | undefined }>({
    method: ['GET', 'POST'],
    url: '/update_data',
    exposeHeadRoute: false,
    preHandler: refuseForeignSites,
    handler: async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const wait = waitOf(request.query);
      const commit = await update(request, parts);
      const { epoch } = parts.log;
      const answer = {
        epoch,
        version: commit.version,
        tables: commit.tables,
        rows: commit.rows,
        viewers: parts.broadcaster.sessions.size,
      };
      if (wait === null) return answer;
      const receipt = await parts.receipts.wait(
        parts.broadcaster.sessions,
        commit.version,
        commit.timeMs,
        wait.timeoutMs,
      );
      return { ...answer, ...receipt };
    },
  });
}

function waitOf(query: Query): { timeoutMs: number } | null {
  const wait = single(query, 'wait');
  const timeoutMs = count(query, 'timeout_ms', MAX_TIMEOUT_MS) ?? DEFAULT_TIMEOUT_MS;
  if (wait === undefined) return null;
  if (wait !== 'rendered')
    throw new TablecastError(
      'bad_parameter',
      `The parameter "wait" is "rendered", not ${JSON.stringify(wait)}.`,
    );
  return { timeoutMs };
}

async function update(request: UpdateRequest, parts: GatewayParts): Promise<Commit> {
  const tables = tableNames(request.query);
  if (request.body === undefined || request.body.length === 0) {
    for (const name of tables) parts.store.table(name);
    return parts.commit(tables.length === 0 ? { type: 'all' } : { type: 'stage', tables });
  }
  const [table] = tables;
  if (table === undefined || tables.length > 1) {
    throw new TablecastError(
      'bad_parameter',
      'A body is published to one table: name it once with ?table=NAME.',
    );
  }
  const { commit } = await publishBody(parts, table, request, 'auto');
  return commit!;
}
