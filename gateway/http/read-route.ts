import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentHash } from '../../protocol/table/content-hash.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { acceptedEncoding, varyByEncoding } from './compression.ts';
import { entityTag, isNamedBy } from './entity-tag.ts';
import { readQuery } from './read-query.ts';
import { FORMATS, type Format } from './read-rows.ts';
import { sendChunks } from './row-body.ts';
import { rowsSince } from './rows-since.ts';
import {
  type ReadParameters,
  rowsSchema,
  type TableParameters,
  tableSchema,
  tablesSchema,
} from './schemas/read-schemas.ts';
import { tableInfo } from './table-info.ts';

interface NamedTable<Parameters> {
  Params: { name: string };
  Querystring: Parameters;
}

/** `GET /tables`, one table, and its rows as Arrow, JSON or CSV. */
export function readRoutes(app: FastifyInstance, parts: GatewayParts): void {
  const { store, log, now, sequence } = parts;
  const at = () => ({ epoch: log.epoch, version: store.version, nowMs: now() });

  app.get('/tables', { schema: tablesSchema }, async () => {
    const tables = [...store.tables.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
    return {
      epoch: log.epoch,
      version: store.version,
      tables: tables.map((table) => tableInfo(table, sequence.of(table.name), at())),
    };
  });

  // Answers are encoded here, those of rows with a tag of their encoding.
  const options = { compress: false } as const;
  for (const format of Object.keys(FORMATS) as Format[]) {
    const schema = rowsSchema(format);
    app.get<NamedTable<ReadParameters>>(`/tables/:name.${format}`, { ...options, schema }, (request, reply) =>
      sendRows(parts, format, request, reply),
    );
  }

  app.get<NamedTable<TableParameters>>(
    '/tables/:name',
    { ...options, schema: tableSchema },
    (request, reply) => {
      varyByEncoding(reply);
      const table = store.table(request.params.name);
      const info = tableInfo(table, sequence.of(table.name), at());
      const hash = request.query.content_hash ? { content_hash: contentHash(table.live) } : {};
      const text = JSON.stringify({ ...info, ...hash });
      const encoding = acceptedEncoding(request.headers['accept-encoding']);
      return sendChunks(reply.type(FORMATS.json.contentType), [text].values(), encoding);
    },
  );
}

function sendRows(
  { store, log }: GatewayParts,
  format: Format,
  request: FastifyRequest<NamedTable<ReadParameters>>,
  reply: FastifyReply,
): FastifyReply {
  varyByEncoding(reply);
  const table = store.table(request.params.name);
  const query = readQuery(request.query, table.live, { epoch: log.epoch, version: store.version });
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  const { changed } = table.history;
  const tag = entityTag({
    epoch: log.epoch,
    changed,
    representation: [format, encoding, query],
  });
  void reply
    .header('tablecast-version', store.version)
    .header('tablecast-epoch', log.epoch)
    .header('tablecast-changed', changed)
    .header('etag', tag)
    .header('cache-control', 'no-cache');
  if (isNamedBy(request.headers['if-none-match'], tag)) return reply.code(304).send();
  const { change, dropFirst, total, rows } = rowsSince(table, query);
  void reply.header('tablecast-rows', total).type(FORMATS[format].contentType);
  if (change !== null) void reply.header('tablecast-change', change);
  if (dropFirst > 0) void reply.header('tablecast-drop-first', dropFirst);
  return sendChunks(reply, FORMATS[format].write(rows), encoding);
}
