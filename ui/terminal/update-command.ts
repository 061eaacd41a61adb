import { Command, InvalidArgumentError, Option } from 'commander';
import type { UpdateAnswer } from '../client/node.ts';
import { addGatewayFlags, type GatewayFlags, gatewayHttp } from './gateway-flags.ts';
import { countText } from './quantities.ts';
import { safeText } from './safe-text.ts';
import { type Surroundings, write } from './surroundings.ts';

const HELP = `
Exit codes: 0 done, 1 failed or not drawn in time, 2 wrong flags.

Examples:
  tablecast update
  tablecast update --table orders --table totals
  tablecast update --wait --timeout-ms 5000
`;

interface UpdateFlags extends GatewayFlags {
  readonly table?: string[];
  readonly wait?: boolean;
  readonly timeoutMs?: number;
  readonly json?: boolean;
}

/** `update`: makes what is staged visible, as `/update_data` does. It exits with 1 where viewers have not drawn it in time. */
export function updateCommand(surroundings: Surroundings): Command {
  const command = new Command('update')
    .description('Makes everything staged visible as one new version.')
    .option('--table <name>', 'only what is staged for this table; repeatable', collected)
    .option('--wait', 'wait until the viewers have drawn it')
    .addOption(
      new Option('--timeout-ms <number>', 'how long to wait for them at most (default: 2000)')
        .argParser(parseTimeout)
        .implies({ wait: true }),
    )
    .option('--json', 'the answer of /update_data as it is');
  return addGatewayFlags(command)
    .addHelpText('after', HELP)
    .action((flags: UpdateFlags) => update(flags, surroundings));
}

async function update(flags: UpdateFlags, { stdout }: Surroundings): Promise<void> {
  const answer = await gatewayHttp(flags).updateData({
    ...(flags.table === undefined ? {} : { tables: flags.table }),
    waitForRendered: flags.wait ?? false,
    ...(flags.timeoutMs === undefined ? {} : { timeoutMs: flags.timeoutMs }),
  });
  await write(stdout, `${flags.json ? JSON.stringify(answer) : sentence(answer)}\n`);
  if ((answer.pending ?? 0) > 0) process.exitCode = 1;
}

function sentence({
  version,
  tables,
  rows,
  viewers,
  rendered,
  pending,
  hidden,
  max_ms,
}: UpdateAnswer): string {
  const what =
    tables.length === 0
      ? 'nothing was staged'
      : `${counted(rows, 'row')} of ${tables.map(safeText).join(', ')}`;
  const start = `version ${version}: ${what}; ${counted(viewers, 'viewer')}`;
  if (rendered === undefined) return start;
  const time = max_ms === null || max_ms === undefined ? '' : ` in ${Math.round(max_ms)} ms`;
  const notYet = pending === 0 ? '' : `, ${pending} not yet`;
  return `${start}, drawn by ${rendered}${time}${notYet}${hidden === 0 ? '' : `, ${hidden} hidden`}`;
}

function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function collected(name: string, before: string[] | undefined): string[] {
  return [...(before ?? []), name];
}

function parseTimeout(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 60_000) return Number(text);
  throw new InvalidArgumentError('It is a number of milliseconds, at most 60000.');
}
