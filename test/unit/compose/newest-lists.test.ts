/**
 * The lists that a restore leaves in the home folder. Without this, an older list of a root could
 * be served until the next ceremony, and the service would learn suspensions from an older list.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeNewestLists, type ReadSource, type VerifiedList } from '../../../src/compose/restore/learn-from-lists.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { IssuerId } from '../../../src/ports/signer.js';

const ROOT = 'acr-el' as IssuerId;
const NAME = crlFileName(ROOT);

describe('the list in the home folder after a restore', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-newest-lists-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** `number`: of the list; null: there is none. */
  function source(name: string, number: number | null): ReadSource {
    const at = { name, folder: join(folder, name), lists: 1, fault: null, isOfBackup: name === 'backup' };
    mkdirSync(at.folder);
    if (number === null) return { ...at, verified: [], refused: [] };
    writeFileSync(join(at.folder, NAME), String(number));
    const crl = { number } as VerifiedList['crl'];
    return { ...at, verified: [{ issuer: ROOT, scope: 'full', source: at, crl }], refused: [] };
  }

  function keptOf(sources: readonly ReadSource[]): string {
    placeNewestLists(sources, { crl: join(folder, 'crl'), restore: folder });
    return readFileSync(join(folder, 'crl', NAME), 'utf8');
  }

  it('is the newest of the home folder, the backup and the outlets', () => {
    assert.equal(keptOf([source('crl', 2), source('backup', 1), source('outlet', 3)]), '3');
  });

  it('is that of the backup where the home folder has an older one', () => {
    assert.equal(keptOf([source('crl', 1), source('backup', 3), source('outlet', 2)]), '3');
  });

  it('is that of the backup, which is in its place already, where an outlet has an older one', () => {
    const sources = [source('crl', null), source('backup', 3), source('outlet', 2)];
    writeFileSync(join(folder, 'crl', NAME), '3');
    rmSync(join(folder, 'backup', NAME));
    assert.equal(keptOf(sources), '3');
  });
});
