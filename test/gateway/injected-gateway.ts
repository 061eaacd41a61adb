import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { DEFAULT_CONFIG } from '../../gateway/config.ts';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { Broadcaster } from '../../gateway/live/broadcaster.ts';
import { Receipts } from '../../gateway/live/receipts.ts';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import { ModelGateway } from './model-gateway.ts';

/** The HTTP routes on a gateway beside its model, without a port: requests are injected. */
export async function startInjected(history: HistoryLimits): Promise<{
  readonly app: FastifyInstance;
  readonly gateway: ModelGateway;
  close(): Promise<void>;
}> {
  const gateway = new ModelGateway({ history, onCommit: (commit) => broadcaster.publish(commit) });
  const now = () => gateway.nowMs;
  const { store, log, intake, rejections } = gateway;
  const receipts = new Receipts({ now });
  const broadcaster = new Broadcaster({
    store,
    epoch: log.epoch,
    receipts,
    now,
    onFault: (error) => {
      throw error;
    },
    maxStallMs: 1000,
  });
  const app = await createHttpServer(
    {
      config: DEFAULT_CONFIG,
      store,
      log,
      intake,
      rejections,
      broadcaster,
      receipts,
      now,
      commit: async (scope) => gateway.commit(scope)!,
    },
    { pageDirectory: '/there/is/no/page', logger: pino({ level: 'silent' }) },
  );
  const close = async () => {
    receipts.close();
    await app.close();
    broadcaster.close();
  };
  return { app, gateway, close };
}
