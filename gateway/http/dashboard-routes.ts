import type { FastifyInstance } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { isNamedBy } from './entity-tag.ts';
import {
  dashboardSchema,
  dashboardsSchema,
  deleteDashboardSchema,
  saveDashboardSchema,
} from './schemas/dashboard-schemas.ts';

interface NamedDashboard {
  Params: { name: string };
  Body: Buffer | undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Saved dashboards. Their answers are not encoded, for a tag is of their bytes as they are. */
export async function dashboardRoutes(
  app: FastifyInstance,
  { dashboards }: Pick<GatewayParts, 'dashboards'>,
): Promise<void> {
  app.get('/dashboards', { schema: dashboardsSchema }, async (_, reply) => {
    const saved = [...dashboards.dashboards.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    void reply.header('cache-control', 'no-cache');
    return {
      dashboards: saved.map(({ name, dashboard, etag, savedAtMs }) => ({
        name,
        title: dashboard.title ?? null,
        panels: dashboard.panels.length,
        thresholds: dashboard.thresholds?.length ?? 0,
        etag,
        saved_at_ms: savedAtMs,
      })),
    };
  });

  app.get<NamedDashboard>(
    '/dashboards/:name',
    { schema: dashboardSchema, compress: false },
    async (request, reply) => {
      const { text, etag } = dashboards.get(request.params.name);
      void reply.header('etag', etag).header('cache-control', 'no-cache');
      if (isNamedBy(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.type('application/json; charset=utf-8').send(text);
    },
  );

  app.put<NamedDashboard>(
    '/dashboards/:name',
    { schema: saveDashboardSchema, compress: false, bodyLimit: LIMITS.maxDashboardBytes },
    async (request, reply) => {
      const text = bodyText(request.headers['content-type'], request.body);
      const { saved, isNew } = await dashboards.put(request.params.name, text, {
        ifMatch: request.headers['if-match'],
        ifNoneMatch: request.headers['if-none-match'],
      });
      const { name, etag } = saved;
      return reply
        .code(isNew ? 201 : 200)
        .header('etag', etag)
        .send({ name, etag });
    },
  );

  app.delete<NamedDashboard>('/dashboards/:name', { schema: deleteDashboardSchema }, async (request) => {
    const { name } = request.params;
    await dashboards.delete(name, { ifMatch: request.headers['if-match'] });
    return { name };
  });
}

/** @throws TablecastError `unsupported_media_type`, `bad_body` */
function bodyText(contentType: string | undefined, body: Buffer | undefined): string {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/json') {
    throw new TablecastError(
      'unsupported_media_type',
      `A dashboard of type ${JSON.stringify(type)} is not taken; send application/json.`,
    );
  }
  if (body === undefined || body.length === 0)
    throw new TablecastError('bad_body', 'The request has no body; send the dashboard as JSON.');
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw new TablecastError('bad_body', 'The dashboard is not UTF-8.', { cause });
  }
}
