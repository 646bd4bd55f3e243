/**
 * What every command of the program has in common: how its help describes required options and
 * shows an example, and what it says when options are missing.
 */
import { Command, Help, type Option } from 'commander';
import { EXAMPLES } from '../examples.js';

const STANDARD_HELP = new Help();

/** Sub-commands are made by their parent, so that all of them are of this class. */
export class PfcngCommand extends Command {
  constructor(name?: string) {
    super(name);
    this.configureHelp({ optionDescription });
    this.addHelpText('after', () => exampleText(this));
  }

  override createCommand(name?: string): PfcngCommand {
    return new PfcngCommand(name);
  }

  /** Commander calls this for the first option that is missing; the message names them all. */
  missingMandatoryOptionValue(): never {
    const missing = this.options.filter(
      (option) => option.mandatory && this.getOptionValue(option.attributeName()) === undefined,
    );
    const names = missing.map(({ flags }) => `'${flags}'`).join(', ');
    const message = `error: required option${missing.length === 1 ? '' : 's'} ${names} not specified`;
    return this.error(message, { code: 'commander.missingMandatoryOptionValue' });
  }
}

function optionDescription(option: Option): string {
  const described = STANDARD_HELP.optionDescription(option);
  return option.mandatory ? `${described} (required)` : described;
}

/** Returns the words of a command without the name of the program: `order submit`. */
export function wordsOf(command: Command): string {
  const { parent } = command;
  if (parent === null) return '';
  const before = wordsOf(parent);
  return before === '' ? command.name() : `${before} ${command.name()}`;
}

/** Empty for a command that only has sub-commands. */
function exampleText(command: Command): string {
  const example = EXAMPLES[wordsOf(command)];
  return example === undefined ? '' : `\nExample:\n  ${example}`;
}
