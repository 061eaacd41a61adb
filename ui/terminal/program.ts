import { Command } from 'commander';
import { PROGRAM_VERSION } from '../../protocol/version.ts';
import { completionCommand } from './completion-command.ts';
import type { Surroundings } from './surroundings.ts';
import { tablesCommand } from './tables-command.ts';
import { tailCommand } from './tail-command.ts';
import { topCommand } from './top-command.ts';
import { updateCommand } from './update-command.ts';

/** The commands that look at a gateway from a terminal. */
export function terminalProgram(surroundings: Surroundings): Command {
  const program = new Command('tablecast').version(PROGRAM_VERSION);
  const commands = [
    tailCommand(surroundings),
    updateCommand(surroundings),
    tablesCommand(surroundings),
    topCommand(surroundings),
    completionCommand(program, surroundings),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .configureOutput({
        writeOut: (text) => surroundings.stdout.write(text),
        // The one who catches it says it.
        outputError: () => {},
      });
  }
  return program;
}
