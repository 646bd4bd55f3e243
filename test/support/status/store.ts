/**
 * A store of statuses and CRLs in memory, for tests of the operations alone: each transaction is
 * whole or not at all.
 */
import type { AuditEvent } from '../../../src/audit/events.js';
import { ok, type Result } from '../../../src/kernel/result.js';
import type { CrlStore } from '../../../src/operations/crl/world.js';
import type { StatusSource } from '../../../src/operations/status/ocsp-statuses.js';
import type { CrlRecord, CrlSample, RevokedEntry } from '../../../src/ports/store/crls.js';
import type { StoreFailure } from '../../../src/ports/store/failure.js';
import type { StatusRecord } from '../../../src/ports/store/statuses.js';
import { batches } from './authority.js';

export type StatusStore = StatusSource &
  CrlStore & {
    readonly statuses: Map<string, StatusRecord>;
    /** Number of the last change of a status in this database. */
    lastChange: number;
    entries: readonly RevokedEntry[];
    /**
     * What the database says of some certificates beside what it gives as the entries of a list.
     */
    sample: CrlSample;
    crls: readonly CrlRecord[];
    audit: readonly AuditEvent[];
    /** When set, everything fails with it. */
    failure: StoreFailure | null;
    /** Awaited by each `statuses` and before each transaction: where a test holds things up. */
    beforeStatus: () => Promise<void>;
    beforeTransaction: () => Promise<void>;
  };

export function createStatusStore(): StatusStore {
  let last: Promise<unknown> = Promise.resolve();
  const store: StatusStore = {
    statuses: new Map(),
    lastChange: 0,
    entries: [],
    sample: { listed: [], unlisted: [], newest: null },
    crls: [],
    audit: [],
    failure: null,
    beforeStatus: async () => undefined,
    beforeTransaction: async () => undefined,
    groupedRead: async (work, item) =>
      guarded(store, async () => {
        const statuses = async (_: string, serials: readonly string[]) => {
          const found = [...store.statuses].filter(([serial]) => serials.includes(serial));
          await store.beforeStatus();
          return { records: new Map(found), lastChange: store.lastChange };
        };
        const [outcome] = await work.run({ statuses }, [item]);
        return outcome as Exclude<typeof outcome, undefined>;
      }),
    transaction: async (work) => {
      await store.beforeTransaction();
      const turn = last.then(() => guarded(store, () => wholeOrNot(store, () => work(transactionOn(store)))));
      last = turn.catch(() => undefined);
      return turn;
    },
    revokedSnapshot: async (_, use) =>
      guarded(store, () => {
        const { entries } = store;
        return use({
          seen: { change: 0, listedSince: 0 },
          changes: async () => null,
          sample: async () => ({ ...store.sample, listed: [...store.sample.listed, ...entries.slice(0, 50)] }),
          count: async () => ({ entries: entries.length, encodedReasons: 0, encodedDates: 0 }),
          entries: () => batches(entries),
        });
      }),
  };
  return store;
}

async function wholeOrNot<Value>(store: StatusStore, work: () => Promise<Value>): Promise<Value> {
  const { crls, audit } = store;
  try {
    return await work();
  } catch (error) {
    store.crls = crls;
    store.audit = audit;
    throw error;
  }
}

async function guarded<Value>(store: StatusStore, work: () => Promise<Value>): Promise<Result<Value, StoreFailure>> {
  return store.failure === null ? ok(await work()) : { ok: false, error: store.failure };
}

type CrlWork = Parameters<Parameters<CrlStore['transaction']>[0]>[0];

function transactionOn(store: StatusStore): CrlWork {
  const of = (issuer: string) => store.crls.filter((crl) => crl.issuer === issuer).sort((a, b) => b.number - a.number);
  return {
    isRunLive: async () => true,
    latestCrl: async (issuer, scope = 'full') =>
      of(issuer).find((crl) => crl.scope === scope && crl.state === 'published') ?? null,
    crlByNumber: async (issuer, number, scope = 'full') =>
      of(issuer).find((crl) => crl.scope === scope && crl.number === number) ?? null,
    deltaBases: async () => [],
    mark: async () => null,
    reservedCrls: async (issuer) => of(issuer).filter(({ state }) => state === 'reserved'),
    reserveCrl: async ({ issuer, thisUpdate, nextUpdate, numberMin, scope = 'full' }) => {
      const number = Math.max((of(issuer)[0]?.number ?? 0) + 1, numberMin ?? 1);
      const made = { tbsSha256: null, sha256: null, sizeBytes: null, entries: null, publishedAt: null };
      const empty = { ...made, base: null, seen: null };
      const crl: CrlRecord = { issuer, thisUpdate, nextUpdate, ...empty, scope, number, state: 'reserved' };
      store.crls = [...store.crls, crl];
      return crl;
    },
    updateCrl: async (crl) => {
      store.crls = store.crls.map((old) => (old.issuer === crl.issuer && old.number === crl.number ? crl : old));
    },
    publish: async () => [],
    appendAudit: async (events) => {
      const before = store.audit.length;
      store.audit = [...store.audit, ...events];
      return events.map((_, at) => before + at + 1);
    },
  };
}
