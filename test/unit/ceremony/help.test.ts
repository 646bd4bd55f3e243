/** Officers ask the command itself how it is used. */
import assert from 'node:assert/strict';
import { Command } from 'commander';
import { registerCeremony } from '../../../src/cli/ceremony/ceremony.js';

describe('the help of the ceremony commands', () => {
  it('describes every command, argument and option in French and English', () => {
    const program = new Command();
    registerCeremony(program);
    const [ceremony] = program.commands;
    assert.ok(ceremony !== undefined);
    const all = [ceremony, ...ceremony.commands, ...ceremony.commands.flatMap(({ commands }) => commands)];
    assert.ok(all.length >= 8);
    const texts = all.flatMap((command) => [
      command.description(),
      ...command.registeredArguments.map(({ description }) => description),
      ...command.options.map(({ description }) => description),
    ]);
    // A file name and a word that both languages share are left out.
    for (const text of texts.filter((one) => one !== 'transcript.ndjson' && one !== 'plans' && one !== 'plan')) {
      const [french = '', english = ''] = text.split(' / ');
      assert.ok(french !== '' && english !== '' && french !== english, text);
    }
  });
});
