import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { TablecastError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { openBus } from './bus/bus.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { createHttpServer } from './http/http-server.ts';
import { Intake } from './intake.ts';
import { Broadcaster } from './live/broadcaster.ts';
import { Receipts } from './live/receipts.ts';
import type { CommitScope } from './log/log.ts';
import { createMemoryLog } from './log/memory-log.ts';
import { Rejections } from './rejections.ts';
import { retentionClock } from './retention-clock.ts';
import type { Commit } from './tables/commit.ts';
import { TableStore } from './tables/table-store.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** Where the built page lies. */
  readonly pageDirectory: string;
  readonly logger: FastifyBaseLogger;
  readonly now?: () => number;
}

export interface Gateway {
  readonly url: string;
  readonly parts: GatewayParts;
  close(): Promise<void>;
}

const MAX_STALL_MS = 30_000;

/**
 * Puts the parts together: bus → intake → log → table store → broadcaster → sessions, and the routes beside them.
 *
 * @throws TablecastError `bad_parameter` where a port or address cannot be used
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, logger } = options;
  const parts = assemble(options);
  const closers: (() => Promise<void> | void)[] = [() => parts.log.close(), () => parts.broadcaster.close()];
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= closeAll(closers);
    return closing;
  };
  try {
    const app = await createHttpServer(parts, options);
    closers.push(
      () => app.close(),
      () => parts.receipts.close(),
    );
    await listen(app, config);
    const bus = await openBus({
      ...config,
      onMessages: (messages) => parts.intake.takeMessages(messages),
      onFault: (error) => logger.error(error),
    });
    closers.push(() => bus.close());
    const retention = retentionClock({ store: parts.store, now: parts.now, commit: parts.commit });
    closers.push(() => retention.close());
    const { port } = app.server.address() as AddressInfo;
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    return { url: `http://${host}:${port}/`, parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In reverse order of starting. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

async function listen(app: FastifyInstance, config: GatewayConfig): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    throw listenError(cause, config);
  }
}

function assemble({ config, logger, now = Date.now }: GatewayOptions): GatewayParts {
  const store = new TableStore({
    history: { maxAgeMs: config.historyMs, maxBytes: config.historyBytes },
    maxTables: LIMITS.maxTables,
    maxStagedBytes: config.maxStagedBytes,
    maxMemoryBytes: config.maxMemoryBytes,
  });
  const log = createMemoryLog({ epoch: randomUUID(), fold: (entry) => store.apply(entry) });
  const receipts = new Receipts({ now });
  const onFault = (error: unknown) => logger.error(error);
  const broadcaster = new Broadcaster({
    store,
    epoch: log.epoch,
    receipts,
    now,
    onFault,
    maxStallMs: MAX_STALL_MS,
  });
  const rejections = new Rejections({ max: LIMITS.maxRejections });
  const onCommit = (commit: Commit) => broadcaster.publish(commit);
  const onRejected = (error: TablecastError, table: string | null) =>
    logger.warn({ code: error.code, table }, error.message);
  const intake = new Intake({
    store,
    log,
    rejections,
    commitMode: config.commit,
    maxMessageBytes: config.maxMessageBytes,
    now,
    onCommit,
    onRejected,
  });
  const commit = (scope: CommitScope): Promise<Commit> =>
    new Promise((resolve) => {
      log.append({ publications: [], commit: { scope, timeMs: now() } }, (made) => {
        if (made === null) return;
        onCommit(made);
        resolve(made);
      });
    });
  return { config, store, log, intake, broadcaster, receipts, rejections, now, commit };
}

function listenError(cause: unknown, { host, port }: GatewayConfig): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  if (cause.code === 'EADDRINUSE') {
    return new TablecastError(
      'bad_parameter',
      `Port ${port} on ${host} is in use; choose another with --port (0 picks a free one).`,
      { cause },
    );
  }
  if (cause.code === 'EACCES')
    return new TablecastError(
      'bad_parameter',
      `Port ${port} needs more rights; choose one above 1023 with --port.`,
      { cause },
    );
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') {
    return new TablecastError('bad_parameter', `--host ${host} is no address of this machine.`, { cause });
  }
  return cause;
}
