/**
 * Reads the CRLs of the roots in the folder of published files, in which operators may have put a
 * new one after a ceremony. An issuing CA that such a CRL lists is then revoked for all nodes.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import { importRootLists, type RootListsWorld, reportCrlFault } from '../../operations/crl/import-crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { RunJob } from '../job.js';

export type RootCrlImporter = { readonly read: () => Promise<Result<void, StoreFailure>> };

/**
 * The period of the job. It is short, because reading the CRLs of roots takes little time. It is
 * the longest delay until a revocation takes effect on every node, after its CRL was put into the
 * folder of a running service.
 */
export const CEREMONY_LISTS_EVERY_MS = 5 * SECOND_MS;

export const readCeremonyListsJob: RunJob<{ readonly ceremonyLists: RootCrlImporter }> = {
  name: 'ceremony-lists',
  scope: 'run',
  roles: ['worker'],
  everyMs: CEREMONY_LISTS_EVERY_MS,
  isEssential: true,
  alsoRuns: [],
  prepare: ({ ceremonyLists }) => ({
    run: async () => {
      // The result is ignored: while the database is not available, nothing is issued, and the job
      // reads the CRLs again after its period.
      await ceremonyLists.read();
    },
  }),
};

/**
 * Creates the importer. A CRL that cannot be read is reported once, until it can be read again or
 * has another fault.
 */
export function createRootCrlImporter(world: RootListsWorld): RootCrlImporter {
  let reported: ReadonlySet<string> = new Set();
  return {
    read: async () => {
      const faults = await importRootLists(world);
      if (!faults.ok) return faults;
      const found = new Map(faults.value.map((fault) => [JSON.stringify(fault), fault]));
      for (const [name, fault] of found) if (!reported.has(name)) reportCrlFault(world.log, fault);
      reported = new Set(found.keys());
      return ok(undefined);
    },
  };
}
