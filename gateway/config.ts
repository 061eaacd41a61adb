import { isIP } from 'node:net';
import { Command, InvalidArgumentError, Option } from 'commander';
import { TablecastError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { PROGRAM_VERSION } from '../protocol/version.ts';
import type { CommitMode } from './intake.ts';

/** Everything that can be set, read once from flags and environment. */
export interface GatewayConfig {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly connect: readonly string[];
  readonly bind: readonly string[];
  readonly pull: readonly string[];
  readonly commit: CommitMode;
  readonly maxMessageBytes: number;
  readonly maxStagedBytes: number;
  readonly maxMemoryBytes: number;
  /** Bytes and age of the changes per table that viewers can resume from. */
  readonly historyBytes: number;
  readonly historyMs: number;
  /** Bytes that may wait for one viewer, shared frames apart. */
  readonly maxQueuedBytes: number;
  readonly logLevel: LogLevel;
  readonly insecure: boolean;
}

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Below a socket's own high-water mark it would never say that it has drained. */
const MIN_QUEUED_BYTES = 64 * 1024;

const DEFAULT_ADDRESSES = {
  connect: ['tcp://127.0.0.1:5411'],
  bind: ['tcp://127.0.0.1:5412'],
  pull: ['tcp://127.0.0.1:5413'],
} as const;

export const DEFAULT_CONFIG: GatewayConfig = {
  host: '127.0.0.1',
  port: 8080,
  ...DEFAULT_ADDRESSES,
  commit: 'auto',
  maxMessageBytes: LIMITS.maxMessageBytes,
  maxStagedBytes: LIMITS.maxStagedBytes,
  maxMemoryBytes: LIMITS.maxMemoryBytes,
  historyBytes: 64 * 1024 * 1024,
  historyMs: 60_000,
  maxQueuedBytes: 1024 * 1024,
  logLevel: 'warn',
  insecure: false,
};

/**
 * The `gateway` command. Each flag is also an environment variable `TABLECAST_…`; the flag wins. Addresses may be
 * repeated (in a variable separated by commas), replace their default, and `none` switches them off.
 */
export function gatewayCommand(run: (config: GatewayConfig) => Promise<void>): Command {
  const d = DEFAULT_CONFIG;
  return new Command('tablecast gateway')
    .version(PROGRAM_VERSION)
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll(/\s+/g, ' ')}\n`) })
    .description('Takes Arrow publications from ZeroMQ sockets and shows them live in every browser.')
    .addOption(option('--host <address>', 'address to listen on').default(d.host))
    .addOption(
      option('--port <number>', 'port to listen on; 0 picks a free one').argParser(parsePort).default(d.port),
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
    .addOption(bytesOption('--max-message-bytes <number>', 'largest publication', d.maxMessageBytes))
    .addOption(
      bytesOption(
        '--max-staged-bytes <number>',
        'publications that may wait for /update_data',
        d.maxStagedBytes,
      ),
    )
    .addOption(bytesOption('--max-memory-bytes <number>', 'all tables together', d.maxMemoryBytes))
    .addOption(
      bytesOption(
        '--history-bytes <number>',
        'changes per table that viewers can resume from',
        d.historyBytes,
      ),
    )
    .addOption(
      bytesOption('--history-ms <number>', 'age of the changes that viewers can resume from', d.historyMs),
    )
    .addOption(
      option('--max-queued-bytes <number>', 'bytes that may wait for one viewer')
        .argParser((text) => parseCount(text, MIN_QUEUED_BYTES))
        .default(d.maxQueuedBytes),
    )
    .addOption(
      option('--log-level <level>', 'what is logged to standard error')
        .choices([...LOG_LEVELS])
        .default(d.logLevel),
    )
    .addOption(
      option('--insecure', 'allow addresses that other machines reach, without a token').default(d.insecure),
    )
    .action((flags: GatewayConfig) => run(checked(flags)));
}

function option(flags: string, description: string): Option {
  const built = new Option(flags, description);
  return built.env(`TABLECAST_${built.name().toUpperCase().replaceAll('-', '_')}`);
}

function bytesOption(flags: string, description: string, initial: number): Option {
  return option(flags, description)
    .argParser((text: string) => parseCount(text))
    .default(initial);
}

/** The default stands until the first value is given; further values are added. */
function addressOption(flags: string, description: string, initial: readonly string[]): Option {
  let given: string[] = [];
  return option(flags, `${description}; repeatable, "none" for none`)
    .argParser((text: string) => {
      given = [...given, ...text.split(',').map((address) => address.trim())].filter(
        (address) => address !== '',
      );
      return given.includes('none') ? [] : given;
    })
    .default(initial, initial.join(', '));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is a number from 0 to 65535.');
  return port;
}

function parseCount(text: string, minimum = 1): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < minimum || !Number.isSafeInteger(count))
    throw new InvalidArgumentError(`It is a whole number of at least ${minimum}.`);
  return count;
}

/** @throws TablecastError `bad_parameter` for addresses that other machines reach, unless `--insecure` says so */
function checked(config: GatewayConfig): GatewayConfig {
  if (config.insecure) return config;
  if (!isLoopback(config.host)) {
    throw new TablecastError(
      'bad_parameter',
      `--host ${config.host} lets other machines in, and there is no token; keep to 127.0.0.1, or add --insecure if you mean it.`,
    );
  }
  for (const [flag, addresses] of [
    ['--bind', config.bind],
    ['--pull', config.pull],
    ['--connect', config.connect],
  ] as const) {
    for (const address of addresses) {
      const host = /^tcp:\/\/(.*):[^:]*$/.exec(address)?.[1];
      if (host !== undefined && !isLoopback(host.replace(/^\[|\]$/g, ''))) {
        throw new TablecastError(
          'bad_parameter',
          `${flag} ${address} is not on this machine; add --insecure if you mean it.`,
        );
      }
    }
  }
  return config;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
