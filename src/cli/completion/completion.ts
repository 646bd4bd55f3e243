/**
 * `pfcng completion`: prints what makes a shell complete commands, options and their values with
 * the Tab key. It is made from the commands themselves, so that it has all of them.
 */
import { Argument, type Command } from 'commander';
import { say } from '../../terminal/say.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import { type CompletedCommand, completedCommands } from './tree.js';
import { zshScript } from './zsh.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Readonly<
  Record<string, (commands: readonly CompletedCommand[]) => readonly string[]>
>;

type Shell = keyof typeof SCRIPTS;
const SHELLS = Object.keys(SCRIPTS) as readonly Shell[];

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print the completion of commands and options for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .option('--json', 'print the commands and their options as JSON')
    .action((shell: Shell, { json }: { readonly json?: boolean }) => {
      const commands = completedCommands(program);
      if (json === true) return say(JSON.stringify(commands));
      for (const line of SCRIPTS[shell](commands)) say(line);
    });
}
