import type { FastifyInstance } from 'fastify';
import type { GatewayParts } from '../gateway-parts.ts';
import { answerOnce } from './answer-once.ts';
import { knownTable } from './known-table.ts';
import { publishBody } from './publish-body.ts';
import { readRoutes } from './read-route.ts';
import { dropSchema, type PublishQuery, publishSchema } from './schemas/publish-schemas.ts';
import { listUnreadBodies } from './unread-bodies.ts';

interface NamedTable {
  Params: { name: string };
  Querystring: PublishQuery;
  Body: Buffer | undefined;
}

/** `/tables` and everything under it. */
export async function tablesRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const { store, log } = parts;

  listUnreadBodies(app, parts);
  readRoutes(app, parts);

  app.post<NamedTable>('/tables/:name', { schema: publishSchema }, async (request, reply) => {
    const { name } = request.params;
    return answerOnce(parts, name, { request, reply }, async () => {
      const { publication, commit } = await publishBody(parts, name, request);
      const answer = {
        epoch: log.epoch,
        version: commit?.version ?? store.version,
        table: name,
        rows: publication.rowCount,
      };
      return commit === null ? { ...answer, staged: store.tables.get(name)?.stage.length ?? 0 } : answer;
    });
  });

  app.delete<NamedTable>('/tables/:name', { schema: dropSchema }, async (request) => {
    const { name } = request.params;
    await knownTable(parts, name);
    const commit = await parts.commit({ type: 'drop', table: name });
    return { epoch: log.epoch, version: commit.version, table: name };
  });
}
