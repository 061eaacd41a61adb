import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, toTablecastError } from '../../protocol/errors.ts';
import type { ChartFormat } from '../charts/chart-renderer.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { chartParameters } from './chart-parameters.ts';
import { acceptedEncoding, varyByEncoding } from './compression.ts';
import { entityTag, isNamedBy } from './entity-tag.ts';
import { sendProblem } from './problem.ts';
import { sendChunks } from './row-body.ts';
import { type ChartQuery, chartSchema } from './schemas/chart-schemas.ts';

interface NamedTable {
  Params: { name: string };
  Querystring: ChartQuery;
}

const FORMATS: readonly ChartFormat[] = ['json', 'svg', 'png', 'html'];

/** `/tables/NAME/chart.json` and its siblings: a table's chart as data, picture or page. */
export async function chartRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  for (const format of FORMATS) {
    const options = { compress: false, schema: chartSchema(format) } as const;
    app.get<NamedTable>(`/tables/:name/chart.${format}`, options, (request, reply) =>
      sendChart(parts, format, request, reply),
    );
  }
}

async function sendChart(
  parts: GatewayParts,
  format: ChartFormat,
  request: FastifyRequest<NamedTable>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { store, log, charts, config } = parts;
  const table = store.table(request.params.name);
  const parameters = chartParameters(request.query);
  const encoding = format === 'png' ? null : acceptedEncoding(request.headers['accept-encoding']);
  const describe = (version: number, changed: number): string => {
    const tag = entityTag({
      epoch: log.epoch,
      changed,
      representation: ['chart', format, encoding, parameters],
    });
    varyByEncoding(reply);
    void reply
      .header('tablecast-version', version)
      .header('tablecast-epoch', log.epoch)
      .header('tablecast-changed', changed)
      .header('etag', tag)
      .header('cache-control', 'no-cache');
    return tag;
  };
  const tag = describe(store.version, table.history.changed);
  if (isNamedBy(request.headers['if-none-match'], tag)) return reply.code(304).send();
  try {
    const chart = await charts.render({ table: table.name, format, parameters });
    describe(chart.version, chart.changed);
    void reply.type(chart.contentType);
    if (chart.policy !== null) {
      void reply.header('content-security-policy', `${chart.policy}; ${frameRule(config.allowFrame)}`);
    }
    if (chart.missingGlyphs.length > 0) {
      void reply.header('tablecast-missing-glyphs', encodeURIComponent(chart.missingGlyphs.join('')));
    }
    return format === 'png' ? reply.send(chart.bytes) : sendChunks(reply, [chart.bytes].values(), encoding);
  } catch (thrown) {
    const error = toTablecastError(thrown);
    if (ERRORS[error.code].status === 503) void reply.header('retry-after', 1);
    if (error.code === 'internal') throw thrown;
    return sendProblem(reply.removeHeader('etag'), error);
  }
}

function frameRule(allowFrame: readonly string[]): string {
  return `frame-ancestors ${allowFrame.includes('*') ? '*' : ["'self'", ...allowFrame].join(' ')}`;
}
