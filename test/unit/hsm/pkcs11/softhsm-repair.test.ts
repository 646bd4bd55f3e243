import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repairTokens } from '../../../../hsm/pkcs11/softhsm/softhsm-repair.js';

describe('repairing a SoftHSM token', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pfcng-mend-'));
    file = join(directory, 'tokens', 'some-id', 'token.object');
    mkdirSync(join(directory, 'tokens', 'some-id'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('an incomplete or empty file is restored as it was at the last opening', () => {
    writeFileSync(file, 'label, flags and key');
    repairTokens(directory);
    for (const torn of ['', 'label,']) {
      writeFileSync(file, torn);
      repairTokens(directory);
      assert.equal(readFileSync(file, 'utf8'), 'label, flags and key');
    }
    rmSync(file);
    repairTokens(directory);
    assert.equal(readFileSync(file, 'utf8'), 'label, flags and key');
  });

  it('a complete file with other values, as after a change of PIN, is kept and copied', () => {
    writeFileSync(file, 'label, flags and key');
    repairTokens(directory);
    writeFileSync(file, 'label, flags and KEY');
    repairTokens(directory);
    assert.equal(readFileSync(file, 'utf8'), 'label, flags and KEY');
    writeFileSync(file, '');
    repairTokens(directory);
    assert.equal(readFileSync(file, 'utf8'), 'label, flags and KEY');
  });

  it('a folder without a token is not a failure', () => {
    rmSync(join(directory, 'tokens'), { recursive: true });
    repairTokens(directory);
    writeFileSync(join(directory, 'other'), '');
  });
});
