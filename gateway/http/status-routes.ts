import type { FastifyInstance } from 'fastify';
import type { GatewayParts } from '../gateway-parts.ts';

/** Whether the gateway is alive and ready, and what it refused. */
export async function statusRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => ({ status: 'ready', epoch: parts.log.epoch, version: parts.store.version }));
  app.get('/rejections', async () => ({ count: parts.rejections.count, rejections: parts.rejections.list }));
}
