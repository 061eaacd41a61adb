import { fileURLToPath } from 'node:url';
import { TablecastError } from '../protocol/errors.ts';
import { warningsOf } from './config/check-config.ts';
import { gatewayCommand } from './config/gateway-command.ts';
import type { GatewayConfig } from './config.ts';
import type { Gateway } from './gateway.ts';

const MAX_LOG_CLOSE_MS = 3000;
/** Ctrl-C reaches everybody in the terminal, who may send it on: what follows so soon is the same wish. */
const SAME_SIGNAL_MS = 300;
/** A second wish ends the program without the drain, but the log's thread is let finish its write. */
const MAX_HURRIED_CLOSE_MS = 1000;
const PAGE_DIRECTORY = fileURLToPath(new URL('../page/', import.meta.url));

async function run(config: GatewayConfig): Promise<void> {
  // Tokens among the arguments, and what a webhook's address may hold, are not for everybody's eyes (ps).
  if ([config.viewToken, config.writeToken, config.webhook, config.log].some((secret) => secret !== null))
    process.title = 'tablecast gateway';
  for (const warning of warningsOf(config)) console.error(`warning: ${warning}`);
  // Not before the flags are known to be right: most of a start is loading these.
  const [{ pino }, { startGateway }] = await Promise.all([import('pino'), import('./gateway.ts')]);
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const gateway = await startGateway({ config, pageDirectory: PAGE_DIRECTORY, logger });
  let stoppingSinceMs: number | null = null;
  const stop = () => {
    if (stoppingSinceMs === null) gateway.close().then(() => process.exit(0), fail);
    else if (performance.now() - stoppingSinceMs > SAME_SIGNAL_MS) endAtOnce(gateway, MAX_HURRIED_CLOSE_MS);
    stoppingSinceMs ??= performance.now();
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
function endAfterFault(error: unknown, gateway: Gateway): void {
  console.error(error);
  // More of them change nothing: it ends in any case.
  process.on('uncaughtException', (more) => console.error(more));
  endAtOnce(gateway, MAX_LOG_CLOSE_MS);
}

/** Ends with the code of a failure, once what is logged is stored or the time is over. */
function endAtOnce({ parts }: Gateway, maxLogCloseMs: number): void {
  setTimeout(() => process.exit(1), maxLogCloseMs);
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
