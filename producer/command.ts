import { Command, Option } from 'commander';
import { isLoopbackAddress, parseTcpAddress } from '../protocol/bus-address.ts';
import { TablecastError, toTablecastError } from '../protocol/errors.ts';
import { addKeyOptions, type KeyFlags, keysOf } from './key-flags.ts';
import { type SystemSource, startSystemSource } from './system-source.ts';

const DEFAULT_BIND = 'tcp://127.0.0.1:5411';
const HELP = `
Examples:
  tablecast producer                                     for gateways on this machine, which connect
  tablecast producer --push tcp://127.0.0.1:5413         for one gateway, which binds
  tablecast producer --push tcp://gateway.example:5413 --curve-secret-key-file producer.key --curve-server-key KEY
`;

export interface ProducerCommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** The source runs from here on; the caller closes it. */
  readonly onStarted: (source: SystemSource) => void;
}

interface Flags extends KeyFlags {
  readonly bind?: string[];
  readonly connect?: string[];
  readonly push?: string[];
  readonly insecure?: boolean;
}

/** `producer [system] --bind ADDR | --connect ADDR | --push ADDR`: publishes this machine's metrics. */
export function producerCommand(options: ProducerCommandOptions): Command {
  const command = new Command('tablecast producer')
    .description("Publishes this machine's CPU, memory, network, disks and processes.")
    .argument('[source]', 'what to publish; "system" is the one there is', 'system')
    .addOption(addressOption('bind', `where gateways connect to (default: ${DEFAULT_BIND})`))
    .addOption(addressOption('connect', "a gateway's SUB socket that binds, such as tcp://127.0.0.1:5412"))
    .addOption(
      addressOption(
        'push',
        "a gateway's PULL socket, such as tcp://127.0.0.1:5413; waits where there is none",
      ),
    );
  addKeyOptions(command)
    .option('--insecure', 'binds addresses that other machines reach, without keys')
    .addHelpText('after', HELP)
    .showSuggestionAfterError(false)
    .action((source: string, flags: Flags) => start(source, flags, options));
  return command;
}

/** A flag that may be repeated, and its variable `TABLECAST_PRODUCER_…`, where commas part the addresses; the flag wins. */
function addressOption(name: string, description: string): Option {
  return new Option(`--${name} <address>`, `${description}; may be repeated`).argParser(
    (address: string, before: string[] | undefined) => [...(before ?? []), address],
  );
}

function start(source: string, flags: Flags, options: ProducerCommandOptions): void {
  if (source !== 'system') {
    throw new TablecastError('bad_parameter', `There is no source "${source}"; the one there is: system.`);
  }
  const addresses = addressesOf(flags, options.env);
  for (const [flag, list] of Object.entries(addresses))
    for (const address of list) checkAddress(flag, address);
  const keys = keysOf(flags, options.env);
  if (flags.insecure !== true && keys === undefined) addresses.bind.forEach(checkLoopback);
  const started = startSystemSource({
    ...addresses,
    ...(keys === undefined ? {} : { keys }),
    // The command ends in half a second: what ZeroMQ holds then has this long to leave.
    lingerMs: 200,
    onTableError: (table, error) => {
      options.printError(
        `tablecast producer: ${table} is left out for now: ${toTablecastError(error).message}`,
      );
    },
    onError: (error) => options.printError(`tablecast producer: ${toTablecastError(error).message}`),
  });
  const shown = [...started.producer.endpoints, ...addresses.connect, ...addresses.push];
  options.onStarted(started);
  options.print(`Publishing this machine's metrics at ${shown.join(', ')}`);
}

function addressesOf(flags: Flags, env: ProducerCommandOptions['env']) {
  const given = flags.bind ?? flags.connect ?? flags.push;
  // One flag is enough to say where: the environment then counts for nothing.
  const of = (name: 'bind' | 'connect' | 'push') =>
    given === undefined ? split(env[`TABLECAST_PRODUCER_${name.toUpperCase()}`]) : (flags[name] ?? []);
  const addresses = { bind: of('bind'), connect: of('connect'), push: of('push') };
  const isEmpty = Object.values(addresses).every((list) => list.length === 0);
  return isEmpty ? { ...addresses, bind: [DEFAULT_BIND] } : addresses;
}

function split(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function checkAddress(flag: string, address: string): void {
  const tcp = parseTcpAddress(address);
  const isPort =
    tcp !== null && (tcp.port === '*' ? flag === 'bind' : Number(tcp.port) > 0 && Number(tcp.port) < 65_536);
  if (isPort || /^ipc:\/\/\S+$/.test(address)) return;
  throw new TablecastError(
    'bad_parameter',
    `--${flag} ${address}: it is no address; write it as tcp://127.0.0.1:5411.`,
  );
}

function checkLoopback(address: string): void {
  if (isLoopbackAddress(address)) return;
  throw new TablecastError(
    'bad_parameter',
    `--bind ${address}: other machines could read it without keys; use tcp://127.0.0.1:5411, add --curve-secret-key-file, or --insecure.`,
  );
}
