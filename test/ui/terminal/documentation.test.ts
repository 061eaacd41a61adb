import { expect, test } from 'vitest';
import { terminalProgram } from '../../../ui/terminal/program.ts';
import { readDocument, tableRows } from '../../docs/markdown.ts';

const page = readDocument('docs/client.md');
const { commands } = terminalProgram({
  env: {},
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  ended: new AbortController().signal,
});

test('docs/client.md lists the commands of the terminal', () => {
  const listed = tableRows(page, ['words', 'does']).map(([words = '']) => words.split(/[ `]+/)[2]);
  expect(listed).toEqual(commands.map((command) => command.name()));
});

test('docs/client.md lists their flags, with what each means', () => {
  const flags = commands.flatMap((command) =>
    command.options
      .filter(({ long }) => long !== '--url' && long !== '--token')
      .map((option) => [`\`${command.name()}\``, `\`${option.flags}\``, option.description]),
  );
  expect(tableRows(page, ['of', 'flag', 'meaning'])).toEqual(flags);
});
