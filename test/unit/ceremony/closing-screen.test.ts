/**
 * The last screen of a ceremony, from which people copy commands. Without this guarantee, a command
 * would fail, or do something else, in a folder with a space in its name.
 */
import assert from 'node:assert/strict';
import { closingScreen } from '../../../src/ceremony/sitting/closing-screen.js';
import { testPlan, testPolicy } from '../../support/ceremony/fake-world.js';

describe('the last screen of a ceremony', () => {
  it('has commands that can be copied, whatever is in the names of folders and people', () => {
    const policy = testPolicy();
    const plan = testPlan('fort', policy);
    const signing = { name: `Anne "d'Arc"`, certificateSha256: 'a'.repeat(64) };
    const people = plan.people.map((person, at) => (at === 0 ? { ...person, ...signing } : person));
    const place = { home: '/srv/clé de Léa', planFile: 'fort.json', command: './ceremony' };
    const lines = closingScreen({ place }, { ...plan, people }, 'b'.repeat(64)).flatMap((line) =>
      'fr' in line ? [line.fr, line.en] : [],
    );
    const screen = lines.join('\n');
    for (const command of [
      "./ceremony verify '/srv/clé de Léa'",
      "./ceremony minutes '/srv/clé de Léa/ceremony/fort/transcript.ndjson'",
      "./ceremony share print '/srv/clé de Léa/ceremony/fort/root-shares/1'/????????-*.json",
      `--person 'Anne "d'\\''Arc"' --certificate`,
    ])
      assert.equal(screen.split(command).length, 3, `${command}\n${screen}`);
  });
});
