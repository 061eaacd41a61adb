import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { GatewayConfig } from './config.ts';
import type { Log } from './log/log.ts';
import { logServersOf } from './log/log-servers.ts';
import { createMemoryLog } from './log/memory-log.ts';
import type { OpenLogOptions } from './log/open-log.ts';

export type CreateLogOptions = Pick<OpenLogOptions, 'store' | 'fold' | 'onFault'> & {
  readonly logger: FastifyBaseLogger;
};

/** The log of `--log` or `--data-dir`, or one in memory. What only one of them needs is loaded with it. */
export async function createLog(config: GatewayConfig, options: CreateLogOptions): Promise<Log> {
  if (config.log !== null) return sharedLog(config, config.log, options);
  const { dataDir, sync, snapshotBytes } = config;
  if (dataDir === null) return createMemoryLog({ epoch: randomUUID(), fold: options.fold });
  const { openLog } = await import('./log/open-log.ts');
  return openLog({
    ...options,
    path: dataDir,
    sync,
    minLoggedBytes: snapshotBytes,
    onReplayed: (replayed) => options.logger.info({ ...replayed, dataDir }, 'the log is replayed'),
  });
}

async function sharedLog(config: GatewayConfig, log: string, options: CreateLogOptions): Promise<Log> {
  const { openNatsLog } = await import('./log/nats/open-nats-log.ts');
  return openNatsLog({
    ...options,
    servers: logServersOf({ ...config, log }),
    name: config.logStream,
    replicas: config.logReplicas,
    minLoggedBytes: config.snapshotBytes,
    onReplayed: (replayed) => options.logger.info(replayed, 'the log is replayed'),
  });
}
