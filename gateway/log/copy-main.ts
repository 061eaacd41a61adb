import { Command } from 'commander';
import { TablecastError } from '../../protocol/errors.ts';
import { sharedLogOptions } from '../config/shared-log-options.ts';
import { type LogFlags, logServersOf } from './log-servers.ts';
import { copyLog } from './nats/copy-log.ts';

interface Flags extends Omit<LogFlags, 'log'> {
  readonly logStream: string;
  readonly logReplicas: number;
}

// What `tablecast log copy DIR nats://HOST:PORT` runs.
const command = new Command('tablecast log copy')
  .description('Begins a log that several gateways share with what a data directory holds.')
  .argument('<directory>', 'a --data-dir that no gateway uses; it stays as it is')
  .argument('<servers>', 'NATS servers: nats://host:4222')
  .action(async (path: string, log: string, flags: Flags) => {
    const servers = logServersOf({ ...flags, log });
    const { logStream: name, logReplicas: replicas } = flags;
    const copied = await copyLog({ path, servers, name, replicas });
    console.log(`${copied.tables} tables at version ${copied.version}, ${copied.bytes} bytes`);
    console.log(`epoch ${copied.epoch}`);
  });
for (const option of sharedLogOptions()) command.addOption(option);

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof TablecastError ? `error: ${error.message}` : error);
  process.exitCode = 1;
}
