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
export const LASTING_ROUTES: readonly string[] = ['/live', '/events'];

/** What a server that closes waits for. */
export class Draining {
  isStopping = false;
  readonly #underWay = new Set<FastifyReply>();
  #onIdle = () => {};

  /** A request was taken, and is to be answered. */
  track(reply: FastifyReply): void {
    // A connection that is gone closes no more.
    if (reply.raw.destroyed) return;
    this.#underWay.add(reply);
    reply.raw.once('close', () => {
      this.#underWay.delete(reply);
      if (this.#underWay.size === 0) this.#onIdle();
    });
  }

  /** Resolves once all are answered, or after a while. */
  async idle(): Promise<void> {
    if (this.#underWay.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MAX_DRAIN_MS);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * A server that closes takes no new requests (`shutting_down`; `/healthz` goes on), sends its viewers away, each with a
 * time of its own to come back at, and lets what it has taken be answered for a while. Then connections are cut.
 */
export function registerDraining(
  app: FastifyInstance,
  { broadcaster, link }: GatewayParts,
  draining: Draining,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!draining.isStopping || request.routeOptions.url === '/healthz') return done();
    void reply.header('retry-after', RETRY_AFTER_S);
    done(new TablecastError('shutting_down', 'The gateway is stopping; ask again once it is back.'));
  });
  // A request counts once its body is here: one that is half sent was promised nothing.
  app.addHook('preHandler', (request, reply, done) => {
    if (!isLasting(request)) draining.track(reply);
    done();
  });
  app.addHook('preClose', async () => {
    draining.isStopping = true;
    const sessions = [...broadcaster.sessions];
    const delays = restartDelaysMs(sessions.length, Math.random, link.place);
    for (const [i, session] of sessions.entries())
      session.close(CLOSE_SERVICE_RESTART, `retry_after_ms=${delays[i]}`);
    await draining.idle();
  });
}

function isLasting({ routeOptions }: FastifyRequest): boolean {
  return LASTING_ROUTES.includes(routeOptions.url ?? '');
}
