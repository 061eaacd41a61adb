import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { TablecastError } from '../protocol/errors.ts';
import { warningsOf } from './config/check-config.ts';
import { gatewayCommand } from './config/gateway-command.ts';
import type { GatewayConfig } from './config.ts';
import { type Gateway, startGateway } from './gateway.ts';

const MAX_LOG_CLOSE_MS = 3000;
const PAGE_DIRECTORY = fileURLToPath(new URL('../page/', import.meta.url));

async function run(config: GatewayConfig): Promise<void> {
  // Tokens among the arguments, and what a webhook's address may hold, are not for everybody's eyes (ps).
  if ([config.viewToken, config.writeToken, config.webhook, config.log].some((secret) => secret !== null))
    process.title = 'tablecast gateway';
  for (const warning of warningsOf(config)) console.error(`warning: ${warning}`);
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const gateway = await startGateway({ config, pageDirectory: PAGE_DIRECTORY, logger });
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    gateway.close().then(() => process.exit(0), fail);
  };
  gateway.lost?.then(fail);
  process.once('uncaughtException', (error) => endAfterFault(error, gateway));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(`Tablecast is live at ${gateway.url}`);
  if (gateway.loginUrl !== null)
    console.log(`Log a browser in with this link, once and within 10 minutes: ${gateway.loginUrl}`);
}

/** What nobody caught, rejections too, ends the program: nobody knows what else it has broken. What is logged is stored before. */
function endAfterFault(error: unknown, { parts }: Gateway): void {
  console.error(error);
  // More of them change nothing: it ends in any case.
  process.on('uncaughtException', (more) => console.error(more));
  setTimeout(() => process.exit(1), MAX_LOG_CLOSE_MS);
  void parts.log.close().finally(() => process.exit(1));
}

/** A failure that the user can mend is one line; anything else is a fault of ours and comes with its trace. */
function fail(error: unknown): never {
  console.error(error instanceof TablecastError ? `error: ${error.message}` : error);
  process.exit(1);
}

try {
  await gatewayCommand(run).parseAsync();
} catch (error) {
  fail(error);
}
