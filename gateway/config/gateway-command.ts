import { Command } from 'commander';
import { PROGRAM_VERSION } from '../../protocol/version.ts';
import { DEFAULT_CONFIG, type GatewayConfig, LOG_LEVELS } from '../config.ts';
import { checkConfig } from './check-config.ts';
import {
  addressOption,
  countOption,
  listOption,
  option,
  optionalOption,
  parseBasePath,
  parseCount,
  parseOrigin,
  parsePort,
  parseProxy,
  parseWebhook,
} from './option-kinds.ts';
import { sharedLogOptions } from './shared-log-options.ts';

const HELP = `
Each flag is also a variable, such as TABLECAST_PORT; the flag wins.

Examples:
  tablecast gateway
  tablecast gateway --port 9000 --commit hold            shows publications when /update_data is asked for
  tablecast gateway --data-dir data                      keeps tables over restarts
  TABLECAST_WRITE_TOKEN=TOKEN tablecast gateway --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
`;
/** Each has all tables in memory. */
const MAX_WORKERS = 64;
/** Below a socket's own high-water mark it would never say that it has drained. */
const MIN_QUEUED_BYTES = 64 * 1024;

/**
 * The `gateway` command. Each flag is also an environment variable `TABLECAST_…`; the flag wins. Addresses may be
 * repeated (in a variable separated by commas), replace their default, and `none` switches them off.
 *
 * @throws TablecastError `bad_parameter` from its action where flags do not go together
 */
export function gatewayCommand(run: (config: GatewayConfig) => Promise<void>): Command {
  const command = new Command('tablecast gateway')
    .version(PROGRAM_VERSION)
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll(/\s+/g, ' ')}\n`) })
    .description('Takes Arrow publications from ZeroMQ sockets and shows them live in every browser.');
  addAddresses(command);
  addSharedLog(command);
  addLimits(command);
  addAccess(command);
  addCurve(command);
  return command
    .addOption(
      option('--webhook <url>', 'told by POST of thresholds of dashboards that begin and cease to hold')
        .argParser(parseWebhook)
        .default(null, 'none'),
    )
    .addOption(
      option('--log-level <level>', 'what is logged to standard error')
        .choices([...LOG_LEVELS])
        .default(DEFAULT_CONFIG.logLevel),
    )
    .addOption(
      option('--insecure', 'allow addresses that other machines reach, without a token').default(false),
    )
    .addHelpText('after', HELP)
    .action((flags: GatewayConfig) => run(checkConfig(flags)));
}

function addAddresses(command: Command): void {
  const d = DEFAULT_CONFIG;
  command
    .addOption(option('--host <address>', 'address to listen on').default(d.host))
    .addOption(
      option('--port <number>', 'port to listen on; 0 picks a free one').argParser(parsePort).default(d.port),
    )
    .addOption(
      option(
        '--workers <number>',
        'processes that serve viewers, beside one that takes publications in; 1 does both',
      )
        .argParser((text) => parseCount(text, 1, MAX_WORKERS))
        .default(d.workers),
    )
    .addOption(
      addressOption('--connect <address>', 'connect a SUB socket to a producer that binds', d.connect),
    )
    .addOption(addressOption('--bind <address>', 'bind a SUB socket for producers that connect', d.bind))
    .addOption(addressOption('--pull <address>', 'bind a PULL socket for PUSH sockets', d.pull))
    .addOption(
      option('--commit <mode>', 'auto: publications show by themselves; hold: on /update_data')
        .choices(['auto', 'hold'])
        .default(d.commit),
    )
    .addOption(
      optionalOption('--data-dir <directory>', 'keep tables there, so that they outlive the gateway'),
    )
    .addOption(
      option(
        '--sync <when>',
        'with --data-dir, what is acknowledged outlives a power cut (always) or a crash of the gateway alone (interval)',
      )
        .choices(['always', 'interval'])
        .default(d.sync),
    )
    .addOption(
      countOption(
        '--snapshot-bytes <number>',
        'with --data-dir or --log, what is logged at least before all tables are written anew',
        d.snapshotBytes,
      ),
    );
}

function addSharedLog(command: Command): void {
  const servers = 'NATS servers that keep one log for several gateways: nats://host:4222';
  command.addOption(optionalOption('--log <servers>', servers));
  for (const log of sharedLogOptions()) command.addOption(log);
}

function addLimits(command: Command): void {
  const d = DEFAULT_CONFIG;
  const limits = [
    countOption('--max-message-bytes <number>', 'largest publication', d.maxMessageBytes),
    countOption(
      '--max-staged-bytes <number>',
      'publications that may wait for /update_data',
      d.maxStagedBytes,
    ),
    countOption('--max-memory-bytes <number>', 'all tables together', d.maxMemoryBytes),
    countOption('--history-bytes <number>', 'changes per table that viewers can resume from', d.historyBytes),
    countOption('--history-ms <number>', 'age of the changes that viewers can resume from', d.historyMs),
    countOption(
      '--max-queued-bytes <number>',
      'bytes that may wait for one viewer',
      d.maxQueuedBytes,
      MIN_QUEUED_BYTES,
    ),
    countOption('--max-viewers <number>', 'viewers at one time', d.maxViewers),
    option('--max-requests-per-second <number>', 'requests that write, per client address; 0 for no limit')
      .argParser((text) => parseCount(text, 0))
      .default(null, '50 off loopback, else 0'),
  ];
  for (const limit of limits) command.addOption(limit);
}

function addAccess(command: Command): void {
  const options = [
    optionalOption('--write-token <token>', 'needed to write; reads too'),
    optionalOption('--view-token <token>', 'needed to read'),
    listOption('--allow-origin <origin>', 'another site whose pages may call', parseOrigin),
    listOption('--allow-frame <origin>', 'another site that may show the page in a frame', parseOrigin),
    listOption('--trust-proxy <address>', 'a proxy whose X-Forwarded headers are believed', parseProxy),
    option('--base-path <path>', 'where everything is under, behind a proxy that passes paths on as they are')
      .argParser(parseBasePath)
      .default('', '/'),
    optionalOption('--tls-cert <file>', 'certificate chain to serve HTTPS with, PEM'),
    optionalOption('--tls-key <file>', 'private key of that certificate, PEM'),
  ];
  for (const access of options) command.addOption(access);
}

function addCurve(command: Command): void {
  const options = [
    optionalOption('--curve-secret-key-file <file>', "the gateway's ZeroMQ key pair"),
    optionalOption('--curve-allowed-keys <file>', 'public keys of the producers that may connect'),
    optionalOption('--curve-producer-key <key>', 'public key of the producers that --connect names'),
  ];
  for (const curve of options) command.addOption(curve);
}
