/** A rolling upgrade to a version whose schema has one level more, and back. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { laterVersion } from '../../support/later-version.js';
import { PACKAGE_ROOT, PROGRAM } from '../../support/service/home.js';
import { createService, runPfcng } from '../../support/service/service.js';
import type { Installation } from './installation.js';
import { query } from './promises.js';

/** As ops/database.md says: migrates the database, then restarts one node after the other. */
export async function upgradeAndGoBack(installation: Installation): Promise<void> {
  const folder = await temporaryFolder('pfcng-later-');
  const program = await laterProgram(join(folder, 'tree'));
  const upgrades = installation.nodes.map(({ at, service: before }) => ({
    before,
    after: createService({ ...at, program }),
  }));
  try {
    const { status, stderr } = await runPfcng({ ...installation.nodes[0].at, program }, 'database', 'migrate');
    assert.equal(status, 0, stderr);
    for (const { before, after } of upgrades) {
      await before.stop();
      await after.start();
    }
    assert.deepEqual(await levelsOfRuns(installation), [2, 2, 2]);
    for (const { before, after } of upgrades) {
      await after.stop();
      await before.start();
    }
    assert.deepEqual(await levelsOfRuns(installation), [1, 1, 1]);
  } finally {
    for (const { after } of upgrades) await after.killEverything();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function laterProgram(tree: string): Promise<string> {
  await laterVersion(tree);
  return join(tree, relative(PACKAGE_ROOT, PROGRAM));
}

/** The newest levels that the programs of the live runs know. */
async function levelsOfRuns(installation: Installation): Promise<readonly unknown[]> {
  const rows = await query(installation, 'select schema_level as level from runs where ended_at is null');
  return rows.map(({ level }) => level);
}
