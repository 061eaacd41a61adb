import type { FastifyInstance } from 'fastify';
import type { GatewayParts } from '../gateway-parts.ts';
import { metricsSchema } from './schemas/status-schemas.ts';

/** `/metrics`, in the Prometheus text format. */
export async function metricsRoute(app: FastifyInstance, { metrics }: GatewayParts): Promise<void> {
  app.get('/metrics', { schema: metricsSchema }, async (_request, reply) => {
    const text = await metrics.exposition();
    return reply.type(metrics.contentType).header('cache-control', 'no-store').send(text);
  });
}
