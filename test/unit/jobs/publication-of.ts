/** What the publication of lists uses of a service; a setting says what the database has. */
import assert from 'node:assert/strict';
import { createCrlPublication } from '../../../src/jobs/lists/crl-publication.js';
import { err, ok } from '../../../src/kernel/result.js';
import type { OperationFailure } from '../../../src/operations/failures.js';
import type { World } from '../../../src/operations/world.js';
import type { CrlPolicy } from '../../../src/policy/model.js';
import type { CrlKind } from '../../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CrlRecord, CrlSeries } from '../../../src/ports/store/crls.js';
import type { RunRecord } from '../../../src/ports/store/nodes.js';
import type { Reads, Store, Transaction } from '../../../src/ports/store.js';

export const ISSUER = 'aci-fo-pp' as IssuerId;
export const NOW = Date.UTC(2026, 2, 1);
export const DAY_MS = 86_400_000;

type Setting = {
  readonly thisUpdate?: number | null;
  readonly delta?: { readonly thisUpdate: number; readonly seen?: number } | null;
  readonly crl?: Partial<CrlPolicy>;
  readonly deltaCrl?: boolean;
  /** So often it is found that another service has the lease. */
  readonly leased?: number;
  /** The database throws at the first lease that is asked for. */
  readonly leaseThrows?: boolean;
  /** The next publication fails like this. */
  readonly failure?: { readonly kind: string; readonly rule?: string };
  /** An authority before the other, whose lists cannot be made. */
  readonly broken?: IssuerId;
  /** Numbers of the last change of a status, and of the last that a list has. */
  readonly changes?: { last: number; seen: number };
  readonly now?: number;
  /** The partitions of the authority that have a list; default: the authority has no partitions. */
  readonly partitionsListed?: readonly string[];
  /** Number of the last change of a status that the lists of the partitions have. */
  readonly partitionsSeen?: number;
  /** The clock of the database; default: that of this node. */
  readonly databaseNow?: number;
  /** The live runs of others; what is left out is as of a node whose clock is right. */
  readonly others?: readonly Partial<RunRecord>[];
  /** How often the job has failed in a row. */
  readonly failures?: number;
};

const CRL = {
  periodMs: DAY_MS,
  jitterMs: 0,
  daily: null,
  afterRevocationMs: 5,
  afterRevocationMsMax: 60_000,
  onRevocation: 'full',
  partitions: {},
};

/** As much of a world as the timing of publications looks at. */
export function publicationOf(setting: Setting = {}) {
  const { thisUpdate = NOW, delta = null, crl: timing = {}, deltaCrl = false, leased = 0, now = NOW } = setting;
  const { databaseNow = now, others = [], failures = 0 } = setting;
  let leasedStill = leased;
  let { leaseThrows = false } = setting;
  const { changes = { last: 0, seen: 0 } } = setting;
  const published: string[] = [];
  const failed: string[] = [];
  /** What the measurement of delays was told. */
  const ended: boolean[] = [];
  const release: (() => void)[] = [];
  const crl = (at: number, scope = 'full', change = changes.seen) =>
    ({ thisUpdate: at, issuer: ISSUER, scope, number: 4, seen: { change, listedSince: 0 } }) as CrlRecord;
  const latest = (scope: string) => {
    if (/-\d+$/.test(scope))
      return setting.partitionsListed?.includes(scope) === true ? crl(NOW, scope, setting.partitionsSeen) : null;
    if (scope === 'delta') return delta === null ? null : crl(delta.thisUpdate, 'delta', delta.seen);
    return thisUpdate === null ? null : crl(thisUpdate);
  };
  const reads = {
    latestCrls: async (series: readonly CrlSeries[]) => series.map(({ scope }) => latest(scope)),
    lastChanges: async (issuers: readonly IssuerId[]) => issuers.map(() => changes.last),
    databaseClock: async () => ({ now: databaseNow, mark: null }),
    liveRuns: async () =>
      others.map((run) => ({ node: 'other', roles: ['worker'], seenAt: databaseNow, clockOffsetMs: 0, ...run })),
    job: async () => (failures === 0 ? null : { failures }),
  } as unknown as Reads;
  const leases = {
    takeLease: async (request: object) => {
      if (leaseThrows) {
        leaseThrows = false;
        throw new Error('SQLSTATE XX000');
      }
      leasedStill -= 1;
      return leasedStill >= 0 ? null : { ...request, fencingToken: 1 };
    },
    isLeaseCurrent: async () => true,
    endLease: async () => undefined,
  } as unknown as Transaction;
  const world = {
    node: 'own',
    policy: {
      environment: {
        addresses: { deltaCrl },
        crl: {
          ...CRL,
          delta: { periodMs: DAY_MS / 24 },
          ...timing,
          ...(setting.partitionsListed === undefined ? {} : { partitions: { [ISSUER]: 2 } }),
        },
      },
    },
    issuers: {
      all: () => [
        ...(setting.broken === undefined ? [] : [{ id: setting.broken, kind: 'issuing' }]),
        { id: ISSUER, kind: 'issuing' },
        { id: 'acr-fo', kind: 'root' },
      ],
    },
    store: {
      read: async (work: (given: Reads) => Promise<unknown>) => ok(await work(reads)),
      transaction: async (work: (given: Transaction) => Promise<unknown>) => ok(await work(leases)),
    } as unknown as Store,
    random: (length: number) => new Uint8Array(length),
    clock: () => now,
  } as unknown as World;
  const publish = (_: Store, issuer: IssuerId, kind: CrlKind) => {
    if (setting.failure !== undefined) return Promise.resolve(err(setting.failure as OperationFailure));
    if (issuer === setting.broken) return Promise.reject(new Error('a serial of 1 to 20 octets'));
    published.push(kind === 'full' ? issuer : `${issuer} ${kind}`);
    return new Promise<ReturnType<typeof ok<CrlRecord>>>((resolve) => release.push(() => resolve(ok(crl(NOW, kind)))));
  };
  const publication = createCrlPublication({
    ...world,
    steadyMs: () => performance.now(),
    publish,
    beginPublication: () => (isPublished) => void ended.push(isPublished),
    wake: () => void look(),
  });
  /** Does what is due, as the runner does. */
  const look = async (): Promise<void> => {
    const due = await publication.due(reads);
    const works = due.map((issuer) => publication.work(world, issuer));
    for (const work of await Promise.allSettled(works)) {
      if (work.status === 'rejected') failed.push(String(work.reason));
    }
  };
  const finish = async (): Promise<void> => {
    while (release.length > 0) release.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** Looks once for what is due; what was published. */
  const lookOnce = async (): Promise<readonly string[]> => {
    const due = look();
    await pause(1);
    await finish();
    await due;
    return published;
  };
  return { publication, published, failed, ended, reads, world, finish, lookOnce };
}

export async function until(isTrue: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !isTrue(); await pause(1)) assert.ok(performance.now() < end);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
