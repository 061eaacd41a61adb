import type { FastifyInstance } from 'fastify';
import type { GatewayParts } from '../gateway-parts.ts';
import { busSchema, healthSchema, readySchema, rejectionsSchema } from './schemas/status-schemas.ts';

/** Whether the gateway is alive and ready, where it is published to, and what it refused. */
export async function statusRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  app.get('/healthz', { schema: healthSchema }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: readySchema }, async () => {
    const notReady = parts.log.shared?.notReady ?? null;
    if (notReady !== null) throw notReady;
    return { status: 'ready', epoch: parts.log.epoch, version: parts.store.version };
  });
  app.get('/bus', { schema: busSchema }, async () => {
    const { connect, bind, pull, curveSecretKeyFile } = parts.config;
    return { connect, bind, pull, curve: curveSecretKeyFile !== null };
  });
  app.get('/rejections', { schema: rejectionsSchema }, async () => ({
    count: parts.rejections.count,
    rejections: parts.rejections.list,
  }));
}
