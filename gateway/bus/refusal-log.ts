import type { FastifyBaseLogger } from 'fastify';

const INTERVAL_MS = 10_000;

/** Warns of peers that are turned away from the bus: they try again many times a second, so one line stands for many. */
export function refusalLog(
  logger: Pick<FastifyBaseLogger, 'warn'>,
  nowMs: () => number = () => performance.now(),
): (who: string) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (who) => {
    unsaid += 1;
    if (nowMs() - lastMs < INTERVAL_MS) return;
    logger.warn(
      { refusals: unsaid },
      `A peer was turned away from the bus, which wants a key that it knows: ${who}`,
    );
    lastMs = nowMs();
    unsaid = 0;
  };
}
