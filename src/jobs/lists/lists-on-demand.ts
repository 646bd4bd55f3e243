/**
 * Lists that somebody asks for are made at once, whatever the schedule of the job says, one after
 * the other for each issuer. The lease of the job `crl` keeps other lists of the issuer apart,
 * because the signer would refuse one of two.
 */
import { toHex } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, type Result } from '../../kernel/result.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import type { CrlKind } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord } from '../../ports/store/crls.js';
import type { Store } from '../../ports/store.js';
import { LeaseLost } from '../job.js';
import { type HeldLease, holdLease } from '../runner/held-lease.js';
import { leaseName } from '../runner/piece.js';
import { SYSTEM_TIMERS } from '../runner/timers.js';

export type CrlOutcome = Result<CrlRecord, OperationFailure>;

type ListsOnDemand = {
  readonly publish: (issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>;
  /** Waits for the lists that are being made; the leases of others are not waited for any more. */
  readonly stop: () => Promise<void>;
};

/** The lease under which the lists of an issuer are made. */
type LeaseTerms = { readonly job: string; readonly durationMs: number; readonly budgetMs: number };

type OnDemandWorld = Pick<World, 'store' | 'random'> & {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly lease: LeaseTerms;
  readonly make: (store: Store, issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>;
};

/**
 * A list that others are making is waited for this long; it is longer than making one usually
 * takes. Then the list is made all the same: the CRL numbers keep the order.
 */
const OTHERS_WAIT_MS_MAX = 10 * SECOND_MS;
const OTHERS_POLL_MS = 100;

/** The process was paused, or could not reach the database for as long as its lease lasts. */
const LOST = {
  kind: 'database-unavailable',
  retryAfterMs: SECOND_MS,
  detail: 'the lease of the lists was lost while one was made',
} as const satisfies OperationFailure;

export function createListsOnDemand({ store, random, steadyMs, lease: terms, make }: OnDemandWorld): ListsOnDemand {
  const tails = new Map<IssuerId, Promise<unknown>>();
  /** Lists that nobody has begun to make. Further requests share them. */
  const queued = new Map<string, Promise<CrlOutcome>>();
  let stopped = false;

  const publish: ListsOnDemand['publish'] = (issuer, kind) => {
    const name = `${kind} ${issuer}`;
    const shared = queued.get(name);
    if (shared !== undefined) return shared;
    const next = (tails.get(issuer) ?? Promise.resolve()).then(async () => {
      // It is deleted after a failure too: otherwise all later requests would get that failure.
      const held = await waitForOthers(issuer).finally(() => queued.delete(name));
      try {
        return await make(held?.store ?? store, issuer, kind);
      } catch (error) {
        if (error instanceof LeaseLost) return err(LOST);
        throw error;
      } finally {
        await held?.end();
      }
    });
    queued.set(name, next);
    tails.set(
      issuer,
      next.catch(() => undefined),
    );
    return next;
  };

  /** null: the database is down, others take too long, or the process stops. */
  const waitForOthers = async (issuer: IssuerId): Promise<OwnLease | null> => {
    for (let waitedMs = 0; waitedMs <= OTHERS_WAIT_MS_MAX; waitedMs += OTHERS_POLL_MS) {
      const taken = await take(issuer);
      if (taken !== 'held') return taken;
      if (stopped) return null;
      await new Promise((resolve) => setTimeout(resolve, OTHERS_POLL_MS));
    }
    return null;
  };

  const take = async (issuer: IssuerId): Promise<OwnLease | 'held' | null> => {
    const { job, durationMs, budgetMs } = terms;
    const askedAt = steadyMs();
    // It is another holder than the run, whose job may be making a list now.
    const request = { name: leaseName(job, issuer), holder: toHex(random(16)), durationMs };
    const lease = await store.transaction((tx) => tx.takeLease(request));
    if (!lease.ok) return null;
    if (lease.value === null) return 'held';
    const { value } = lease;
    const held = holdLease({ store, steadyMs, timers: SYSTEM_TIMERS }, { lease: value, durationMs, askedAt, budgetMs });
    const end = async (): Promise<void> => {
      await held.settle();
      await store.transaction((tx) => tx.endLease(value));
    };
    return { store: held.store, end };
  };

  return {
    publish,
    stop: async () => {
      stopped = true;
      await Promise.all(tails.values());
    },
  };
}

type OwnLease = Pick<HeldLease, 'store'> & { readonly end: () => Promise<void> };
