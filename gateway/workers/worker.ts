import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { TablecastError } from '../../protocol/errors.ts';
import { assemble } from '../assemble.ts';
import type { GatewayConfig } from '../config.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { createHttpServer } from '../http/http-server.ts';
import { NO_VIEWERS, type ViewerReadings } from '../metrics/viewer-readings.ts';
import { openWorkerLog, type WorkerLog } from './worker-log.ts';
import { type FromWorker, REPORT_MS, type ToWorker, type WorkerStart } from './worker-message.ts';

export interface WorkerOptions {
  readonly start: WorkerStart;
  readonly feed: Duplex;
  readonly logger: FastifyBaseLogger;
  readonly tell: (message: FromWorker) => void;
}

export interface Worker {
  take(message: ToWorker, socket: Socket | undefined): void;
  /** Resolves where it can no longer follow the first process. */
  readonly lost: Promise<TablecastError>;
  /** Sends its viewers away, and resolves once what it passed on is answered. */
  close(): Promise<void>;
}

/**
 * A process that serves viewers and nothing else: its tables are those of the first process, entry by entry, and all other
 * requests go there.
 */
export async function startWorker({ start, feed, logger, tell }: WorkerOptions): Promise<Worker> {
  let serving: Serving | null = null;
  const connections = takeConnections((socket) => serving!.app.server.emit('connection', socket));
  // From the beginning on: a worker that loads large tables is not one that hangs.
  const timer = setInterval(
    () => tell(report(serving?.parts.readings() ?? NO_VIEWERS, connections.closed)),
    REPORT_MS,
  );
  const told = { viewersElsewhere: 0 };
  try {
    serving = await serve({ start, feed, logger, tell }, told);
  } catch (error) {
    clearInterval(timer);
    throw error;
  }
  const { parts, app, log } = serving;
  return {
    lost: log.lost,
    take(message, socket) {
      switch (message.type) {
        case 'connection':
          connections.take(socket);
          return tell({ type: 'taken' });
        case 'viewers_elsewhere':
          told.viewersElsewhere = message.count;
          return;
        case 'drawn':
          // The version may still be on its way here.
          void log
            .caughtUp()
            .then(() => parts.viewers.drawn(message.ask))
            .then((times) => tell({ type: 'drawn', id: message.id, times }));
          return;
        case 'start':
        case 'stop':
          return;
        default:
          message satisfies never;
      }
    },
    async close() {
      clearInterval(timer);
      await closeParts(parts, () => app.close());
    },
  };
}

interface Serving {
  readonly parts: GatewayParts;
  readonly app: FastifyInstance;
  readonly log: WorkerLog;
}

/** Resolves once the tables are those of the first process. */
async function serve(
  { start, feed, logger, tell }: WorkerOptions,
  told: { readonly viewersElsewhere: number },
): Promise<Serving> {
  const { epoch, pageDirectory, forwardPath, listenPath } = start;
  let log: WorkerLog | null = null;
  const parts = await assemble({
    config: shownAlone(start.config),
    logger,
    openLog: async (_config, { store, fold }) => {
      log = await openWorkerLog({ stream: feed, epoch, store, fold });
      return log;
    },
    sharesLog: start.config.log !== null,
    link: {
      catchUp: () => log!.caughtUp(),
      place: { index: start.number - 1, of: start.config.workers },
      viewersElsewhere: () => told.viewersElsewhere,
      onViewers: () => tell({ type: 'viewers', count: parts.viewers.count() }),
    },
  });
  const app = await createHttpServer(parts, { pageDirectory, logger, forwardPath });
  await app.listen({ path: listenPath });
  return { parts, app, log: log! };
}

/** What the first process does is not done here. */
function shownAlone(config: GatewayConfig): GatewayConfig {
  return { ...config, workers: 1, connect: [], bind: [], pull: [], dataDir: null, log: null, webhook: null };
}

async function closeParts(parts: GatewayParts, closeServer: () => Promise<void>): Promise<void> {
  parts.versions.close();
  parts.receipts.close();
  await closeServer();
  await parts.bodies.close();
  await parts.charts.close();
  parts.events.close();
  parts.broadcaster.close();
  await parts.log.close();
}

function takeConnections(open: (socket: Socket) => void) {
  const counts = { closed: 0 };
  return {
    get closed() {
      return counts.closed;
    },
    /** A connection that broke on the way comes without its socket. */
    take(socket: Socket | undefined): void {
      if (socket === undefined) {
        counts.closed++;
        return;
      }
      socket.once('close', () => counts.closed++);
      open(socket);
    },
  };
}

function report(viewers: ViewerReadings, closedConnections: number): FromWorker {
  const { user, system } = process.cpuUsage();
  return {
    type: 'report',
    viewers,
    closedConnections,
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
  };
}
