import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { TablecastError } from '../protocol/errors.ts';
import { assemble } from './assemble.ts';
import { openBus } from './bus/bus.ts';
import { readCurveKeys } from './bus/curve.ts';
import { refusalLog } from './bus/refusal-log.ts';
import type { GatewayConfig } from './config.ts';
import { createLog } from './create-log.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { linkPath } from './http/auth/access.ts';
import { createHttpServer } from './http/http-server.ts';
import { pageUrl } from './http/page-url.ts';
import { listenError } from './listen-error.ts';
import { retentionClock } from './retention-clock.ts';
import { fedLog } from './workers/fed-log.ts';
import { WorkerPool } from './workers/worker-pool.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** Where the built page lies. */
  readonly pageDirectory: string;
  readonly logger: FastifyBaseLogger;
  readonly now?: () => number;
}

export interface Gateway {
  /** Of the page; ends with a slash. */
  readonly url: string;
  /** Logs one browser in, within ten minutes; null where everybody may read. */
  readonly loginUrl: string | null;
  readonly parts: GatewayParts;
  /** Resolves where the gateway can no longer follow its log and has to be started again; null where that cannot be. */
  readonly lost: Promise<TablecastError> | null;
  close(): Promise<void>;
}

/**
 * Puts the parts together: bus → intake → log → table store → broadcaster → sessions, and the routes beside them. With
 * several workers the viewers are theirs, and this process does the rest.
 *
 * @throws TablecastError `bad_parameter` where a port or address cannot be used
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config } = options;
  const pool = config.workers === 1 ? null : new WorkerPool(options);
  const closers: (() => Promise<void> | void)[] = [() => pool?.close()];
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= closeAll(closers);
    return closing;
  };
  try {
    const parts = await assembleWith(pool, options);
    closers.push(...closersOf(parts));
    const app = await createHttpServer(parts, options);
    closers.push(
      () => app.close(),
      () => parts.receipts.close(),
      () => parts.versions.close(),
    );
    const port = await (pool === null ? listen(app, config) : listenWith(pool, app, parts));
    closers.push(() => pool?.close());
    await openSockets(parts, options, closers);
    const url = pageUrl(config, port);
    const { startRight, links } = parts.access;
    const loginUrl = startRight === null ? null : url + linkPath(links.create(startRight));
    return { url, loginUrl, parts, lost: parts.log.shared?.lost ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In reverse order of starting. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

function assembleWith(pool: WorkerPool | null, options: GatewayOptions): Promise<GatewayParts> {
  if (pool === null) return assemble({ ...options, openLog: createLog });
  return assemble({
    ...options,
    openLog: async (config, rest) => fedLog(await createLog(config, rest), pool.feed),
    onFolded: (entry) => pool.feed.folded(entry),
    served: pool,
  });
}

function closersOf(parts: GatewayParts): (() => Promise<void> | void)[] {
  return [
    () => parts.log.close(),
    () => parts.dashboards.close(),
    () => parts.broadcaster.close(),
    () => parts.events.close(),
    () => parts.charts.close(),
    () => parts.bodies.close(),
    () => parts.alerts?.close(),
  ];
}

/** Publications from sockets, and what a gateway does by itself. */
async function openSockets(
  parts: GatewayParts,
  { config, logger }: GatewayOptions,
  closers: (() => Promise<void> | void)[],
): Promise<void> {
  const bus = await openBus({
    ...config,
    onMessages: (messages) => parts.intake.takeMessages(messages),
    room: () => parts.log.shared?.away() ?? (parts.log.isFull ? parts.log.room() : null),
    keys: readCurveKeys(config),
    onFault: (error) => logger.error(error),
    onRefused: refusalLog(logger),
  });
  closers.push(() => bus.close());
  parts.sequence.askBy((tables) => bus.ask(tables));
  const tracking = parts.sequence.start();
  closers.push(() => tracking.close());
  const retention = retentionClock({ ...parts, leads: () => parts.log.shared?.leads ?? true });
  closers.push(() => retention.close());
}

async function listen(app: FastifyInstance, config: GatewayConfig): Promise<number> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    throw listenError(cause, config);
  }
  return (app.server.address() as AddressInfo).port;
}

/** Connections go to workers, and what those pass on comes to the routes here. */
async function listenWith(pool: WorkerPool, app: FastifyInstance, parts: GatewayParts): Promise<number> {
  const { config, store, log } = parts;
  let port: number;
  try {
    port = await pool.listen();
  } catch (cause) {
    throw listenError(cause, config);
  }
  await app.listen({ path: pool.forwardPath });
  await pool.start({ store, epoch: log.epoch });
  return port;
}
