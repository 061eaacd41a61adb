import type { FastifyInstance } from 'fastify';
import type { GatewayParts } from '../gateway-parts.ts';
import { healthSchema, readySchema, rejectionsSchema } from './schemas/status-schemas.ts';

/** Whether the gateway is alive and ready, and what it refused. */
export async function statusRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  app.get('/healthz', { schema: healthSchema }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: readySchema }, async () => ({
    status: 'ready',
    epoch: parts.log.epoch,
    version: parts.store.version,
  }));
  app.get('/rejections', { schema: rejectionsSchema }, async () => ({
    count: parts.rejections.count,
    rejections: parts.rejections.list,
  }));
}
