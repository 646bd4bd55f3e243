/**
 * How every command of the program describes its required options, and what it says when some are
 * missing.
 */
import { Command, Help, type Option } from 'commander';

const STANDARD_HELP = new Help();

/** Sub-commands are made by their parent, so that all of them are of this class. */
export class PfcngCommand extends Command {
  constructor(name?: string) {
    super(name);
    this.configureHelp({ optionDescription });
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
