/**
 * The first steps of a service whose database has no CRL, with a folder that has some: from a
 * ceremony, or of an earlier database.
 */
import { present } from '../../../../src/kernel/assert.js';
import { ok } from '../../../../src/kernel/result.js';
import { importCrls } from '../../../../src/operations/crl/import-crls.js';
import { publishCrl } from '../../../../src/operations/crl/publish-crl.js';
import { relearnRevocations } from '../../../../src/operations/restored/relearn.js';
import { type ServiceWorld, toldCrl } from '../service.js';
import { ORGANISATIONS } from '../stage.js';
import type { Answer, Scenario } from './all.js';

export const STARTING: readonly Scenario[] = [
  {
    name: 'import lists',
    onBackup: true,
    operation: importCrls,
    run: async ({ world }) => {
      const imported = await importCrls(world);
      return imported.ok ? ok([]) : imported;
    },
  },
  {
    name: 'learn from lists what was forgotten',
    onBackup: true,
    operation: relearnRevocations,
    run: ({ world }) => recallAll(world),
  },
  {
    name: 'publish a first list, where one is out there',
    onBackup: true,
    operation: publishCrl,
    run: async ({ world }) => {
      const published = await publishCrl(world, present(world.issuers.current(ORGANISATIONS), ORGANISATIONS).id);
      return published.ok ? ok([toldCrl(published.value)]) : published;
    },
  },
];

async function recallAll(world: ServiceWorld): Promise<Answer> {
  for (const issuer of world.issuers.all()) {
    const relearned = await relearnRevocations(world, issuer);
    if (!relearned.ok) return relearned;
  }
  return ok([]);
}
