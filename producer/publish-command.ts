import { Command, InvalidArgumentError, Option } from 'commander';
import type { Op } from '../protocol/header.ts';
import { parseTableName } from '../protocol/table-name.ts';
import { PROGRAM_VERSION } from '../protocol/version.ts';
import { FILE_FORMATS, type FileFormat } from './files/file-format.ts';
import type { Pace } from './files/pace.ts';

/** As in the protocol's header, whose parser takes longer to load than a small file to send. */
const OPS = ['replace', 'append', 'upsert', 'delete'] as const satisfies readonly Op[];
const DEFAULT_URL = 'http://127.0.0.1:8080';

/** What the command line asks for. */
export interface PublishRequest {
  /** A path, or `-` for the standard input. */
  readonly name: string;
  readonly table: string;
  readonly op: Op;
  readonly key: readonly string[];
  readonly format?: FileFormat;
  readonly commit: 'auto' | 'hold';
  readonly watch: boolean;
  readonly pace: Pace | null;
  readonly url: URL;
  readonly token?: string;
  readonly quiet: boolean;
}

interface Flags {
  readonly table: string;
  readonly key?: readonly string[];
  readonly op?: Op;
  readonly format?: FileFormat;
  readonly commit: 'auto' | 'hold';
  readonly watch?: boolean;
  readonly rate?: number;
  readonly replay?: string;
  readonly speed?: number;
  readonly url: URL;
  readonly token?: string;
  readonly quiet?: boolean;
}

const HELP = `
Formats, by name and content: CSV, TSV, JSON (records or columns), NDJSON, Arrow streams and files (Feather), each also
compressed with gzip (.gz) or zstd (.zst), and Parquet files.

A file's rows show all at once, when all of them are there; what comes from standard input, or at a pace, shows as it comes.

Examples:
  tablecast publish prices.csv --table prices
  tablecast publish prices.csv --table prices --key symbol      writes rows by key, and leaves the others
  tablecast publish app.ndjson --table log --op append --watch   goes on with each line that is added
  tablecast publish result.csv --table result --watch            shows the file anew whenever it is rewritten
  tablecast publish trades.arrow --table trades --replay time --speed 10
  psql --csv -c "select * from orders" | tablecast publish - --table orders
`;

/**
 * `tablecast publish FILE|- --table NAME`. Wrong flags are CommanderErrors.
 *
 * @param env for what the flags leave out: `TABLECAST_URL`, `TABLECAST_TOKEN`
 */
export function publishCommand(
  env: Readonly<Record<string, string | undefined>>,
  run: (request: PublishRequest) => Promise<void>,
): Command {
  const command = new Command('tablecast publish')
    .version(PROGRAM_VERSION)
    .description('Publishes a file, or what comes from standard input, as a table.')
    .argument('<file>', 'what to publish; "-" is standard input')
    .addOption(new Option('--table <name>', "the table's name").argParser(tableName).makeOptionMandatory())
    .addOption(
      new Option('--key <column>', "the table's key, repeatable: rows are written by key").argParser(
        (column: string, before: readonly string[] | undefined) => [...(before ?? []), column],
      ),
    )
    .addOption(
      new Option('--op <op>', 'what rows do (default: replace, with --key upsert)').choices([...OPS]),
    )
    .addOption(
      new Option('--format <format>', 'what the input is (default: what its name and content say)').choices([
        ...FILE_FORMATS,
      ]),
    )
    .addOption(
      new Option('--commit <mode>', 'auto: rows show; hold: on /update_data')
        .choices(['auto', 'hold'])
        .default('auto'),
    );
  return addPaceAndPlace(command, env)
    .addHelpText('after', HELP)
    .showSuggestionAfterError(false)
    .action((name: string, flags: Flags) => run(requestOf(command, name, flags, env)));
}

function addPaceAndPlace(command: Command, env: Readonly<Record<string, string | undefined>>): Command {
  return command
    .option('--watch', 'goes on: publishes what is added to the file, and the file anew when it is rewritten')
    .addOption(new Option('--rate <rows>', 'at most so many rows a second').argParser(positive))
    .option('--replay <column>', 'at the pace at which the times of this column went by')
    .addOption(new Option('--speed <factor>', 'so many times faster (default: 1)').argParser(positive))
    .addOption(
      new Option('--url <url>', 'where the gateway is, also TABLECAST_URL')
        .argParser(gatewayUrl)
        .default(gatewayUrl(env.TABLECAST_URL || DEFAULT_URL), env.TABLECAST_URL || DEFAULT_URL),
    )
    .addOption(new Option('--token <token>', "the gateway's write token, also TABLECAST_TOKEN"))
    .option('--quiet', 'says nothing but errors');
}

function requestOf(
  command: Command,
  name: string,
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): PublishRequest {
  const { table, key = [], op, format, commit, watch = false, url, quiet = false } = flags;
  const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
  const pace = paceOf(flags);
  if (flags.rate !== undefined && flags.replay !== undefined)
    refuse('--rate and --replay do not go together; give one of them');
  if (flags.speed !== undefined && flags.replay === undefined)
    refuse('--speed needs --replay COLUMN, the column with the times');
  if (watch && name === '-') refuse('--watch needs a file; standard input is followed without it');
  if (watch && pace !== null) refuse('--watch does not go together with --rate and --replay');
  const token = flags.token ?? env.TABLECAST_TOKEN;
  return {
    name,
    table,
    op: op ?? (key.length === 0 ? 'replace' : 'upsert'),
    key,
    commit,
    watch,
    pace,
    url,
    quiet,
    ...(format === undefined ? {} : { format }),
    ...(token === undefined || token === '' ? {} : { token }),
  };
}

function paceOf({ rate, replay, speed = 1 }: Flags): Pace | null {
  if (rate !== undefined) return { type: 'rate', rowsPerSecond: rate };
  return replay === undefined ? null : { type: 'replay', column: replay, speed };
}

function tableName(text: string): string {
  try {
    return parseTableName(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function positive(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It is a number above 0.');
}

function gatewayUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') return url;
  throw new InvalidArgumentError(`It is an address such as ${DEFAULT_URL}.`);
}
