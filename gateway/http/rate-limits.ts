import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../../protocol/bus-address.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayConfig } from '../config.ts';
import { RequestCounts } from './request-counts.ts';
import { isWriting } from './request-kind.ts';

const DEFAULT_PER_SECOND = 50;
const WINDOW_MS = 1000;

/**
 * Counts requests that write, and those that show a wrong token, per client address, an IPv6 one by its /64. Who has
 * sent too many gets 429 (`rate_limited`) with Retry-After until the second is over.
 */
export async function registerRateLimit(
  app: FastifyInstance,
  { host, maxRequestsPerSecond }: Pick<GatewayConfig, 'host' | 'maxRequestsPerSecond'>,
): Promise<void> {
  const max = maxRequestsPerSecond ?? (isLoopbackHost(host) ? 0 : DEFAULT_PER_SECOND);
  if (max === 0) return;
  const silent = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
  await app.register(fastifyRateLimit, {
    global: false,
    max,
    timeWindow: WINDOW_MS,
    store: RequestCounts,
    addHeaders: silent,
    addHeadersOnExceeding: silent,
    allowList: (request) => !isCounted(request),
    errorResponseBuilder: () => {
      const detail = `More than ${max} requests that write came from this address in a second; wait as Retry-After says, or raise --max-requests-per-second.`;
      return new TablecastError('rate_limited', detail);
    },
  });
  app.addHook('onRequest', app.rateLimit());
}

function isCounted(request: FastifyRequest): boolean {
  const { by, right } = request.identity;
  return isWriting(request) || (by !== 'nothing' && right === null);
}
