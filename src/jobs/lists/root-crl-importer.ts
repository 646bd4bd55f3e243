/**
 * Reads the CRLs of the roots in the folder of published files, where a ceremony may have put new
 * ones. The issuing CAs that they list are then revoked for all nodes.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import { importRootLists, type RootListsWorld, reportCrlFault } from '../../operations/crl/import-crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { RunJob } from '../job.js';

export type RootCrlImporter = { readonly read: () => Promise<Result<void, StoreFailure>> };

/**
 * The lists are short, so they are read often. This is the longest delay until a revocation that is
 * put into the folder of a running service takes effect on every node.
 */
export const CEREMONY_LISTS_EVERY_MS = 5 * SECOND_MS;

export const readCeremonyLists: RunJob<{ readonly ceremonyLists: RootCrlImporter }> = {
  name: 'ceremony-lists',
  scope: 'run',
  roles: ['worker'],
  everyMs: CEREMONY_LISTS_EVERY_MS,
  isEssential: true,
  alsoRuns: [],
  prepare: ({ ceremonyLists }) => ({
    run: async () => {
      // While the database is unavailable nothing is issued; the next run reads the lists again.
      await ceremonyLists.read();
    },
  }),
};

/** A list that cannot be read is reported once, until it can be read again or has another fault. */
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
