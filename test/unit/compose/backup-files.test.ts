/**
 * Which files a backup looks at. Without this test, what `pfcng policy decide` leaves as root in
 * the folder of the policies could end each backup, which runs as the user of the service.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyParts } from '../../../src/compose/backup/home-files.js';

describe('the files of a backup', () => {
  it('are those of the policies, without hidden ones, which may be closed to its user', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-policies-'));
    try {
      mkdirSync(join(folder, 'environments'));
      for (const name of ['oids.json', 'environments/production.json']) writeFileSync(join(folder, name), '{}');
      // Root may read everything. A link to itself can be read by nobody.
      for (const name of ['.decide', 'environments/.part']) symlinkSync(join(folder, name), join(folder, name));
      const names: string[] = [];
      for await (const { name } of policyParts(folder)) names.push(name);
      assert.deepEqual(names, ['policies/environments/production.json', 'policies/oids.json']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
