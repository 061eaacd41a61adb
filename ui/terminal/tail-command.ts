import { Command, InvalidArgumentError, Option } from 'commander';
import { TablecastError } from '../../protocol/errors.ts';
import { parseTableName } from '../../protocol/table-name.ts';
import { connect } from '../client/node.ts';
import { CHANGE_FORMATS, type ChangeFormat } from './change-lines.ts';
import { addGatewayFlags, type GatewayFlags, gatewayHttp } from './gateway-flags.ts';
import type { Surroundings } from './surroundings.ts';
import { printTable, streamChanges, type TailOptions } from './tail-stream.ts';
import { showTable } from './tail-view.ts';

const HELP = `
Exit codes: 0 done, 1 failed, 2 wrong flags, 130 Ctrl-C.

Examples:
  tablecast tail prices                                  live, in a terminal
  tablecast tail prices --once --csv > prices.csv
  tablecast tail log --json -n 10 | jq .level            what is written from now on, after the last ten rows
  tablecast tail prices --arrow | python read.py         an Arrow stream that goes on
  tablecast tail prices --url https://tables.example --token TOKEN
`;

interface TailFlags extends GatewayFlags, Partial<Record<ChangeFormat, boolean>> {
  readonly once?: boolean;
  readonly rows?: number;
}

/** `tail NAME`: one table live, as a screen in a terminal and as a stream of its changes for other programs. */
export function tailCommand(surroundings: Surroundings): Command {
  const command = new Command('tail')
    .description(
      'Follows one table: live on the screen, or as a stream of its changes where that is no terminal.',
    )
    .argument('<name>', 'the table', parseName)
    .addOption(formatOption('json', 'one JSON object a line, with _version and _op'))
    .addOption(formatOption('csv', 'rows as they are written, as CSV'))
    .addOption(formatOption('arrow', 'rows as they are written, as an Arrow IPC stream'))
    .option('--once', 'print the table as it is now, and end')
    .option('-n, --rows <number>', 'begin with the last rows only, at most this many', parseRows);
  return addGatewayFlags(command)
    .addHelpText('after', HELP)
    .action((name: string, flags: TailFlags) => tail(name, flags, surroundings));
}

function formatOption(format: ChangeFormat, description: string): Option {
  return new Option(`--${format}`, description).conflicts(CHANGE_FORMATS.filter((other) => other !== format));
}

async function tail(name: string, flags: TailFlags, surroundings: Surroundings): Promise<void> {
  const format = CHANGE_FORMATS.find((one) => flags[one]);
  const isScreen = format === undefined && !flags.once && surroundings.stdout.isTTY;
  // Whoever is told wrong, by the address or the token, is told at once.
  const exists = await gatewayHttp(flags)
    .table(name)
    .then(() => true, noSuchTable);
  if (exists !== true && flags.once) throw exists;
  if (exists !== true && !isScreen) note(surroundings, `there is no table "${name}" yet; waiting for it`);
  const client = connect(flags.url, {
    ...(flags.token === undefined ? {} : { token: flags.token }),
    onError: (error) => {
      if (!isScreen) note(surroundings, error instanceof Error ? error.message : String(error));
    },
  });
  surroundings.ended.addEventListener('abort', () => client.close());
  if (surroundings.ended.aborted) client.close();
  const options: TailOptions = {
    client,
    name,
    maxFirstRows: flags.rows ?? Number.POSITIVE_INFINITY,
    surroundings,
    note: (text) => note(surroundings, text),
  };
  try {
    if (isScreen) await showTable(options);
    else if (flags.once && format === undefined) await printTable(options);
    else await streamChanges({ ...options, format: format ?? 'json', once: flags.once ?? false });
  } finally {
    client.close();
  }
}

function noSuchTable(error: unknown): TablecastError {
  if (error instanceof TablecastError && error.code === 'no_such_table') return error;
  throw error;
}

function note({ stderr }: Surroundings, text: string): void {
  stderr.write(`tablecast tail: ${text}\n`);
}

function parseName(text: string): string {
  try {
    return parseTableName(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : '');
  }
}

function parseRows(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}
