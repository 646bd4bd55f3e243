/**
 * The files of founding certificates in a home folder. Without these guarantees a damaged ceremony
 * could stop the start of the service, or a certificate be overlooked.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundingFiles } from '../../../src/compose/founding.js';
import { homePaths } from '../../../src/config/paths.js';
import { present } from '../../../src/kernel/assert.js';
import { type Disk, testPolicy } from '../../support/ceremony/fake-world.js';
import { foundingCeremonies, OFFICER, OTHER_OFFICER } from '../../support/ceremony/founding.js';
import { fileOf } from '../../support/ceremony/in-memory.js';

describe('the files of founding certificates', () => {
  const policy = testPolicy();
  let fort: Disk;
  const folders: string[] = [];
  const temporaryFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-founding-'));
    folders.push(folder);
    return folder;
  };
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  before(async () => {
    fort = await foundingCeremonies(policy).founded();
  });

  it('that cannot be read are reported, and the service starts', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'ceremony'), 'not a folder');
    const [file, ...more] = foundingFiles({ config: { paths: homePaths(home) }, policy });
    assert.deepEqual(more, []);
    const outcome = present(file ?? null, 'a file').verify();
    assert.match(outcome.ok ? '' : outcome.error, /^cannot be read: ENOTDIR/);
  });

  it('are reported if a link leads out of the home folder, and found among thousands of ceremonies', () => {
    const [home, elsewhere] = [temporaryFolder(), temporaryFolder()];
    const { ceremony } = homePaths(home);
    mkdirSync(ceremony, { recursive: true });
    const found = () =>
      foundingFiles({ config: { paths: homePaths(home) }, policy }).map(({ file, verify }) => {
        const outcome = verify();
        return `${file}: ${outcome.ok ? '' : outcome.error}`;
      });
    writeFileSync(join(elsewhere, 'plan.json'), fileOf(fort, 'ceremony/fort/plan.json'));
    symlinkSync(elsewhere, join(ceremony, 'fort'));
    assert.deepEqual(found(), [
      'ceremony/fort/plan.json: is too large, or not a file of the home folder itself: a link leads out of it',
    ]);
    rmSync(join(ceremony, 'fort'));
    for (let number = 0; number <= 1_000; number += 1) mkdirSync(join(ceremony, `a${number}`));
    mkdirSync(join(ceremony, 'z'));
    writeFileSync(join(ceremony, 'z/plan.json'), fileOf(fort, 'ceremony/fort/plan.json'));
    assert.deepEqual(
      new Set(found().map((line) => line.split(': ')[1])),
      new Set(['ceremony/z/transcript.ndjson does not exist']),
    );
  });

  it('are not read if they are larger than a certificate, so that many of them fit in the memory', () => {
    const home = temporaryFolder();
    const path = (name: string) => join(home, `ceremony/fort/${name}`);
    mkdirSync(path('founding'), { recursive: true });
    writeFileSync(path('plan.json'), fileOf(fort, 'ceremony/fort/plan.json'));
    for (const file of [OFFICER, OTHER_OFFICER]) writeFileSync(join(home, file), fileOf(fort, file));
    writeFileSync(join(home, OFFICER), new Uint8Array(64 * 1024));
    const files = foundingFiles({ config: { paths: homePaths(home) }, policy });
    const sizeOf = (path: string) => files.find(({ file }) => file === path)?.certificate?.length ?? null;
    assert.equal(sizeOf(OFFICER), null);
    assert.equal(sizeOf(OTHER_OFFICER), fileOf(fort, OTHER_OFFICER).length);
  });
});
