/**
 * Required options of all commands: without these checks a person learns from one error after the
 * other what a command needs.
 */
import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { createProgram } from '../../../src/cli/main.js';

function withAllBelow(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

describe('required options', () => {
  it('are marked in the help of every command, and others are not', async () => {
    let marked = 0;
    for (const command of withAllBelow(await createProgram())) {
      const help = command.createHelp();
      for (const option of command.options) {
        const isMarked = help.optionDescription(option).endsWith(' (required)');
        assert.equal(isMarked, option.mandatory, `${nameOf(command)} ${option.flags}`);
        if (!option.mandatory) continue;
        marked += 1;
        assert.ok(command.helpInformation().replace(/\s+/g, ' ').includes('(required)'), nameOf(command));
      }
    }
    assert.ok(marked > 10, String(marked));
  });

  it('that are missing are named all at once, for every command', async () => {
    for (const command of withAllBelow(await createProgram())) {
      const flags = command.options.filter(({ mandatory }) => mandatory).map((option) => option.flags);
      if (flags.length === 0) continue;
      let printed = '';
      command.configureOutput({
        writeErr: (text) => {
          printed += text;
        },
      });
      command.exitOverride();
      const values = command.registeredArguments.map(() => 'x');
      await assert.rejects(command.parseAsync(values, { from: 'user' }), { exitCode: 1 });
      for (const one of flags) assert.ok(printed.includes(`'${one}'`), `${nameOf(command)}: ${printed}`);
    }
  });
});
