/** Creates the database of a home folder. No other module creates an empty one. */
import { toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Reads, Store } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import type { Home } from '../home.js';
import { readIssuers } from '../issuers.js';
import { inspectHomeStore, openHomeStore } from '../store.js';
import { systemRandom } from '../world.js';
import { gapsOf, readEvidence } from './evidence.js';
import { pointBeforeFirstEntry, writeMark } from './mark.js';
import { gapLines } from './start.js';

const ID_OCTETS = 16;

type CreateRefusal = { readonly kind: 'exists' | 'refused'; readonly lines: readonly string[] };

/**
 * Creates an empty database. Refuses if there is one already, or if the home folder, a journal or a
 * published CRL shows that there was one. `afterLoss`: creates it even if something shows that
 * there was one, but the service then does not start before officers have accepted the new one.
 */
export async function createDatabase(
  home: Home,
  { afterLoss, log }: { readonly afterLoss: boolean; readonly log: Log },
): Promise<Result<void, CreateRefusal>> {
  const refuse = (...lines: readonly string[]) => err({ kind: 'refused', lines } as const);
  const before = await inspectHomeStore(home);
  if (before.ok) {
    await before.value.close();
    return err({ kind: 'exists', lines: ['there is a database already: nothing was changed'] });
  }
  if (before.error.kind !== 'no-database') return refuse(before.error.detail);
  const evidence = await readEvidence(home);
  if (!evidence.ok) return refuse(evidence.error);
  const { home: known, signatures } = evidence.value;
  const issuers = readIssuers(home);
  if (!issuers.ok) return refuse(issuers.error);
  const isNew = known === null && signatures.length === 0;
  if (!isNew && !afterLoss)
    return refuse(
      known === null
        ? `the signers have signed before (${signatures.map(({ token }) => token).join(', ')}): there was a database`
        : `this home folder had the database ${known.id} with ${known.seq} entries in its audit log`,
      'put it back from a backup (ops/database.md); if there is none: pfcng database create --after-loss',
    );
  const published = await gapsOf(
    { home, issuers: issuers.value, store: NOTHING_STORED, log },
    { home: null, signatures: [] },
  );
  if (!published.ok) return refuse(published.error);
  if (published.value.length > 0 && !afterLoss) return refuse(...gapLines(published.value));
  const id = toHex(systemRandom(ID_OCTETS));
  const store = await openHomeStore(home, { newId: id });
  if (!store.ok) return refuse(store.error);
  await store.value.close();
  if (known === null) writeMark(home.config.paths.databaseMark, pointBeforeFirstEntry(id));
  return ok(undefined);
}

/**
 * Stands for an empty database when the published CRLs are compared: a CRL that it does not know
 * shows that there was another database.
 */
const NOTHING_STORED: Pick<Store, 'read'> = {
  read: async (work) =>
    ok(
      await work({
        mark: async () => null,
        latestCrl: async () => null,
        crlByNumber: async () => null,
        statuses: async () => ({ records: new Map(), lastChange: 0 }),
      } as Partial<Reads> as Reads),
    ),
};
