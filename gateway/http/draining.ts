import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { restartDelaysMs } from '../live/restart-delays.ts';

/** In the range of service restarts: viewers reconnect by themselves. */
const CLOSE_SERVICE_RESTART = 1012;
/** So long requests that were taken may go on. */
const MAX_DRAIN_MS = 3000;
const RETRY_AFTER_S = 1;
/** Lines that end by being closed, not by being answered. */
const LASTING = ['/live', '/events'];

/**
 * A server that closes takes no new requests (`shutting_down`; `/healthz` goes on), sends its viewers away, each with a
 * time of its own to come back at, and lets what it has taken be answered for a while. Then connections are cut.
 */
export function registerDraining(app: FastifyInstance, { broadcaster }: GatewayParts): void {
  const underWay = new Set<FastifyReply>();
  let isStopping = false;
  let onIdle = () => {};
  app.addHook('onRequest', (request, reply, done) => {
    if (!isStopping || request.routeOptions.url === '/healthz') return done();
    void reply.header('retry-after', RETRY_AFTER_S);
    done(new TablecastError('shutting_down', 'The gateway is stopping; ask again once it is back.'));
  });
  // A request counts once its body is here: one that is half sent was promised nothing.
  app.addHook('preHandler', (request, reply, done) => {
    // A connection that is gone closes no more.
    if (!isLasting(request) && !reply.raw.destroyed) {
      underWay.add(reply);
      reply.raw.once('close', () => {
        underWay.delete(reply);
        if (underWay.size === 0) onIdle();
      });
    }
    done();
  });
  app.addHook('preClose', async () => {
    isStopping = true;
    const sessions = [...broadcaster.sessions];
    const delays = restartDelaysMs(sessions.length, Math.random);
    for (const [i, session] of sessions.entries())
      session.close(CLOSE_SERVICE_RESTART, `retry_after_ms=${delays[i]}`);
    if (underWay.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MAX_DRAIN_MS);
      onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  });
}

function isLasting({ routeOptions }: FastifyRequest): boolean {
  return LASTING.includes(routeOptions.url ?? '');
}
