import type { FastifyRateLimitStore } from '@fastify/rate-limit';

const MAX_CLIENTS = 10_000;

interface Count {
  readonly endMs: number;
  current: number;
}

/**
 * Counts requests per client in windows of time. The plugin's own store hands out the count itself and not what it was:
 * of requests that come at one moment it would refuse all where only the last are too many.
 */
export class RequestCounts implements FastifyRateLimitStore {
  readonly #counts = new Map<string, Count>();

  incr(
    client: string,
    done: (error: Error | null, result?: { current: number; ttl: number }) => void,
    windowMs = 1000,
  ): void {
    const nowMs = performance.now();
    const known = this.#counts.get(client);
    const count =
      known !== undefined && nowMs < known.endMs ? known : { endMs: nowMs + windowMs, current: 0 };
    count.current += 1;
    // The clients whose windows began longest ago go first.
    if (count !== known) this.#counts.delete(client);
    this.#counts.set(client, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_CLIENTS && oldest !== undefined) this.#counts.delete(oldest);
    done(null, { current: count.current, ttl: count.endMs - nowMs });
  }

  child(): this {
    return this;
  }
}
