import { Argument, Command } from 'commander';
import { type Surroundings, write } from './surroundings.ts';

/** Commands of `tablecast` beside those of this program. */
const OTHER_COMMANDS = [
  { name: 'gateway', description: 'the gateway alone' },
  { name: 'producer', description: "publishes this machine's metrics" },
  { name: 'publish', description: 'publishes files' },
  { name: 'keys', description: 'makes a key pair for the bus' },
  { name: 'log', description: 'checks a data directory' },
];
/** Asks the gateway of the environment for tables. */
const TABLE_NAMES = 'tablecast tables --names 2>/dev/null';

interface Completable {
  readonly name: string;
  readonly description: string;
  /** Long flags with their meanings. */
  readonly flags: readonly { readonly name: string; readonly description: string }[];
  /** Whether its argument is a table. */
  readonly takesTable: boolean;
}

/** `completion SHELL`: a script for that shell which completes commands, flags and the names of tables. */
export function completionCommand(program: Command, { stdout }: Surroundings): Command {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return new Command('completion')
    .description('Prints a script for a shell, such as: source <(tablecast completion bash)')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => write(stdout, scripts[shell](completables(program))));
}

function completables(program: Command): Completable[] {
  const own = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: [...command.options.map(({ long, description }) => ({ name: long ?? '', description }))],
    takesTable: command.name() === 'tail',
  }));
  return [...own, ...OTHER_COMMANDS.map((other) => ({ ...other, flags: [], takesTable: false }))];
}

function bashScript(commands: readonly Completable[]): string {
  const cases = commands
    .filter(({ flags }) => flags.length > 0)
    .map(({ name, flags }) => `    ${name}) words='${namesOf(flags)}' ;;`);
  // compgen -W would carry out what stands in a word, so names are compared one by one.
  return `# Completion of tablecast for bash: source <(tablecast completion bash)
_tablecast() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  local words='' word
  COMPREPLY=()
  case $command in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${namesOf(commands)}'
  elif [ "$previous" = --table ] || { [ "$command" = tail ] && [ "\${current#-}" = "$current" ]; }; then
    words=$(${TABLE_NAMES})
  fi
  while read -r word; do
    if [ -n "$word" ] && [ "\${word#"$current"}" != "$word" -o -z "$current" ]; then COMPREPLY+=("$word"); fi
  done <<< "\${words// /$'\\n'}"
}
complete -F _tablecast tablecast
`;
}

function zshScript(commands: readonly Completable[]): string {
  const cases = commands
    .filter(({ flags }) => flags.length > 0)
    .map(({ name, flags }) => `    ${name}) compadd -- ${namesOf(flags)} ;;`);
  return `#compdef tablecast
# Completion of tablecast for zsh: source <(tablecast completion zsh)
_tablecast() {
  if (( CURRENT == 2 )); then
    compadd -- ${namesOf(commands)}
    return
  fi
  if [[ $words[CURRENT-1] == --table || ( $words[2] == tail && $PREFIX != -* ) ]]; then
    compadd -- \${(f)"$(${TABLE_NAMES})"}
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
}
compdef _tablecast tablecast
`;
}

function fishScript(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, description, flags, takesTable }) => {
    const within = `complete -c tablecast -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c tablecast -n __fish_use_subcommand -a ${name} -d ${fishText(description)}`,
      ...flags.map((flag) => {
        const values = flag.name === '--table' ? ` -x -a '(${TABLE_NAMES})'` : '';
        return `${within} -l ${flag.name.slice(2)}${values} -d ${fishText(flag.description)}`;
      }),
      ...(takesTable ? [`${within} -a '(${TABLE_NAMES})'`] : []),
    ];
  });
  return `# Completion of tablecast for fish: tablecast completion fish | source
complete -c tablecast -f
${lines.join('\n')}
`;
}

function namesOf(things: readonly { readonly name: string }[]): string {
  return things.map(({ name }) => name).join(' ');
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
