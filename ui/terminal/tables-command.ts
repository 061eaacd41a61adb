import { Command, Option } from 'commander';
import { addGatewayFlags, type GatewayFlags, gatewayHttp } from './gateway-flags.ts';
import { type Surroundings, write } from './surroundings.ts';
import { tablesText } from './tables-text.ts';

const HELP = `
Examples:
  tablecast tables
  tablecast tables --json | jq '.tables[].rows'
  TABLECAST_TOKEN=TOKEN tablecast tables --url https://tables.example
`;

interface TablesFlags extends GatewayFlags {
  readonly json?: boolean;
  readonly names?: boolean;
}

/** `tables`: what the gateway has, once. */
export function tablesCommand(surroundings: Surroundings): Command {
  const command = new Command('tables')
    .description('Lists the tables that the gateway has.')
    .addOption(new Option('--json', 'as GET /tables answers it').conflicts('names'))
    .option('--names', 'the names alone, one a line');
  return addGatewayFlags(command)
    .addHelpText('after', HELP)
    .action(async (flags: TablesFlags) => {
      await write(surroundings.stdout, await tables(flags, surroundings));
    });
}

async function tables(flags: TablesFlags, { stdout }: Surroundings): Promise<string> {
  const answer = await gatewayHttp(flags).tables();
  if (flags.json) return `${JSON.stringify(answer)}\n`;
  const sorted = answer.tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (flags.names) return sorted.map(({ name }) => `${name}\n`).join('');
  const width = stdout.isTTY ? stdout.columns : undefined;
  return `${tablesText(sorted, Date.now(), width).join('\n')}\n`;
}
