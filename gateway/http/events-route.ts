import type { FastifyInstance, FastifyRequest } from 'fastify';
import { choosesColumns } from '../../protocol/chart/chart-parameters.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { ImageKind } from '../live/event-stream-images.ts';
import { EVENT_STREAM_TYPE } from '../live/event-stream-message.ts';
import { NO_TABLES, withTables } from '../live/subscription-group.ts';
import { chartParameters } from './chart-parameters.ts';
import { type ResumePosition, resumeWait } from './resume-wait.ts';
import { type EventsQuery, eventsSchema } from './schemas/events-schema.ts';
import { refuseTooManyViewers } from './viewer-limit.ts';

type EventsRequest = FastifyRequest<{ Querystring: EventsQuery }>;

/** `/events`: which tables changed, as Server-Sent Events (WHATWG HTML, 9.2), and their charts as pictures. */
export async function eventsRoute(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const { events } = parts;
  // The answers end before the server waits for its connections, and have a turn of the event loop to get out.
  app.addHook('preClose', async () => {
    events.close();
    await new Promise(setImmediate);
  });
  app.route<{ Querystring: EventsQuery }>({
    method: 'GET',
    url: '/events',
    schema: eventsSchema,
    exposeHeadRoute: false,
    // A compressor would hold events back until it has a block full of them.
    compress: false,
    preValidation: refuseTooManyViewers(parts),
    handler: async (request, reply) => {
      const tables = [...new Set(request.query.table)];
      const group = withTables(NO_TABLES, tables.length === 0 ? '*' : tables);
      const image = imageOf(parts, request.query, tables);
      const since = await sinceOf(parts, request);
      const stream = events.open({ group, since, image, socket: request.raw.socket });
      parts.link.onViewers();
      stream.body.once('close', () => parts.link.onViewers());
      return reply
        .type(EVENT_STREAM_TYPE)
        .header('cache-control', 'no-cache, no-transform')
        .header('x-accel-buffering', 'no')
        .send(stream.body);
    },
  });
}

/**
 * The version to go on from: a browser that connects again says it in the header, which is newer than its address. Null
 * where it is not of this log.
 */
async function sinceOf(parts: GatewayParts, request: EventsRequest): Promise<number | null> {
  const id = parseEventId([request.headers['last-event-id'] ?? request.query.last_event_id ?? ''].flat()[0]!);
  await resumeWait(parts, id);
  if (id === null || id.epoch !== parts.log.epoch) return null;
  return id.version <= parts.store.version ? id.version : null;
}

function parseEventId(text: string): ResumePosition | null {
  const [, epoch, version] = /^(.+):(\d{1,15})$/.exec(text) ?? [];
  return epoch === undefined ? null : { epoch, version: Number(version) };
}

/** @throws TablecastError `bad_parameter` */
function imageOf({ charts }: GatewayParts, query: EventsQuery, tables: readonly string[]): ImageKind | null {
  const { image: format } = query;
  if (format === undefined) return null;
  const parameters = chartParameters(query);
  if (tables.length !== 1 && (choosesColumns(parameters) || parameters.title !== undefined)) {
    const detail = 'What a picture shows is chosen for one table: name it once with ?table=NAME.';
    throw new TablecastError('bad_parameter', detail);
  }
  return {
    id: JSON.stringify([format, parameters]),
    draw: (table) => charts.render({ table, format, parameters }),
  };
}
