/** Without this test, all runs could use a disk, which is slower, and nobody would notice it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';
import { canMakeDisks } from '../../support/machine/small-disk.js';

type Choice = { readonly temporaryFolder: (env: NodeJS.ProcessEnv, inMemory?: string) => string };

const script = pathToFileURL(join(packageRoot(), 'scripts/testing/temporary-folder.mjs')).href;

describe('temporary files of the tests', () => {
  let choice: Choice;
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-memory-'));
  before(async () => {
    choice = (await import(script)) as Choice;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are where TMPDIR says, and without memory where the system says', () => {
    assert.equal(choice.temporaryFolder({ TMPDIR: '/elsewhere' }, folder), '/elsewhere');
    assert.equal(choice.temporaryFolder({}, join(folder, 'absent')), tmpdir());
  });

  const itAsRoot = canMakeDisks ? it : () => {};
  itAsRoot('are in memory if it is large enough and may have programs, except installations', () => {
    const chosen = (options: string, env: NodeJS.ProcessEnv = {}): string => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
      try {
        return choice.temporaryFolder(env, folder);
      } finally {
        execFileSync('umount', [folder]);
      }
    };
    assert.equal(chosen('size=5g'), folder);
    assert.equal(chosen('size=5g', { PFCNG_INSTALLATIONS: '1' }), tmpdir());
    assert.equal(chosen('size=5g,noexec'), tmpdir());
    assert.equal(chosen('size=1g'), tmpdir());
  });
});
