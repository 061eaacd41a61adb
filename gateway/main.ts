import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { TablecastError } from '../protocol/errors.ts';
import { warningsOf } from './config/check-config.ts';
import { gatewayCommand } from './config/gateway-command.ts';
import type { GatewayConfig } from './config.ts';
import { startGateway } from './gateway.ts';

const PAGE_DIRECTORY = fileURLToPath(new URL('../page/', import.meta.url));

async function run(config: GatewayConfig): Promise<void> {
  // Tokens among the arguments are not for everybody's eyes (ps).
  if (config.viewToken !== null || config.writeToken !== null || config.log !== null)
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
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(`Tablecast is live at ${gateway.url}`);
  if (gateway.loginUrl !== null)
    console.log(`Log a browser in with this link, once and within 10 minutes: ${gateway.loginUrl}`);
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
