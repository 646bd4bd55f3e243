/** The commands of the program as data, for the scripts of the shells. */
import type { Command, Option } from 'commander';
import { wordsOf } from '../common/command.js';

type CompletedOption = {
  /** `--state`. */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** The values that it takes; empty: any. */
  readonly choices: readonly string[];
};

export type CompletedCommand = {
  /** `order submit`; empty: the program itself. */
  readonly words: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Names of its sub-commands, with what they do. */
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  /** Values of its first argument; empty: a file, or something that only people know. */
  readonly choices: readonly string[];
};

const HELP: CompletedOption = { name: '--help', description: 'show the help', takesValue: false, choices: [] };

export function completedCommands(command: Command): readonly CompletedCommand[] {
  const shown = command.createHelp().visibleCommands(command);
  // Commander adds a command `help`, which is no command of the program's own.
  const subcommands = shown.filter((one) => command.commands.includes(one));
  return [
    {
      words: wordsOf(command),
      description: lineOf(command.description()),
      options: [...command.options.filter(({ hidden }) => !hidden).map(optionOf), HELP],
      subcommands: subcommands.map((one) => ({ name: one.name(), description: lineOf(one.description()) })),
      choices: command.registeredArguments[0]?.argChoices ?? [],
    },
    ...subcommands.flatMap(completedCommands),
  ];
}

function optionOf({ long, short, description, required, optional, argChoices }: Option): CompletedOption {
  return {
    name: long ?? short ?? '',
    description: lineOf(description),
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

/** A description on one line, as a list of a shell shows it. */
function lineOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Quotes a text for bash, zsh and fish alike. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The options of all commands that a value follows, each name once. */
export function valuedOptions(commands: readonly CompletedCommand[]): readonly CompletedOption[] {
  const all = commands.flatMap(({ options }) => options).filter(({ takesValue }) => takesValue);
  return [...new Map(all.map((option) => [option.name, option])).values()];
}
