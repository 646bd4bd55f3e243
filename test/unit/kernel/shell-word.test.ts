/**
 * Words of commands that people copy from a screen. Without this guarantee, a folder with a space
 * or an apostrophe in its name would make another command of it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { shellWord } from '../../../src/kernel/shell-word.js';

describe('a word of a command', () => {
  it('is what the shell reads, whatever is in it', () => {
    for (const text of [
      'plain',
      "l'autre dossier",
      '"$(id)" `id` \\ \n*?',
      '',
      '~',
      "'",
      '#x',
      'a;b',
      '{a,b}',
      'Chloé',
    ])
      assert.equal(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' }), text);
  });

  it('is not quoted if it needs no quotes', () => {
    for (const text of ['/srv/pfcng/fort.json', 'aci-fo-pp', 'Chloé', 'a@b:c=d,e+f%g'])
      assert.equal(shellWord(text), text);
  });
});
