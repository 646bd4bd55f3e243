/**
 * The first steps of a service whose database has no CRL, with a folder that has some: from a
 * ceremony, or of an earlier database.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../../../src/kernel/assert.js';
import { ok } from '../../../../src/kernel/result.js';
import { importCrls, importRootLists } from '../../../../src/operations/crl/import-crls.js';
import { publishCrl } from '../../../../src/operations/crl/publish-crl.js';
import { type Evidence, findGaps } from '../../../../src/operations/restored/gaps.js';
import { relearnRevocations } from '../../../../src/operations/restored/relearn.js';
import { NEW_ID } from '../../../support/db/fixture.js';
import { crlReportOf, folders, type ServiceWorld } from '../service.js';
import { ORGANISATIONS } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const ROOT_LIST = 'ACR-FO.crl';

/** The home folder and the signers know something that the database does not. */
const EVIDENCE: Evidence = {
  home: { id: NEW_ID, seq: 1, chainHash: 'ab'.repeat(32) },
  signatures: [
    { token: 'ca-elementaire', issuer: 'aci-el-org', sha256: 'ab'.repeat(32), of: { serial: 'ab'.repeat(16) } },
    { token: 'ca-elementaire', issuer: 'aci-el-org', sha256: 'ab'.repeat(32), of: { number: 9, scope: 'full' } },
  ],
};

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
    name: 'import a list of a root that revokes a CA',
    operation: importRootLists,
    before: async (service) => writeFileSync(join(folders(service.place).crl, ROOT_LIST), service.stage.root.list),
    run: async ({ world, stage }) => {
      const issuers = { ...world.issuers, all: () => [stage.root.issuer, ...world.issuers.all()] };
      const imported = await importRootLists({ ...world, issuers });
      return imported.ok ? ok([]) : imported;
    },
  },
  {
    name: 'compare with what others know',
    onBackup: true,
    operation: findGaps,
    run: async ({ world }) => {
      const found = await findGaps(world, EVIDENCE);
      return found.ok ? ok([]) : found;
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
      return published.ok ? ok([crlReportOf(published.value)]) : published;
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
