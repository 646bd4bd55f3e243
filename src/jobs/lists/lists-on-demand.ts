/**
 * Makes CRLs on demand: at once, whatever the schedule of the job `crl` says, and one after the
 * other for each issuer. They are made under the lease of that job if it becomes free in time.
 * Without the lease, two processes could make a CRL of one issuer at the same time, and the signer
 * would reject one of them.
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
import { leaseName } from '../runner/attempt.js';
import { type RenewedLease, startLeaseRenewal } from '../runner/renewed-lease.js';
import { SYSTEM_TIMERS } from '../runner/timers.js';

export type CrlOutcome = Result<CrlRecord, OperationFailure>;

type ListsOnDemand = {
  readonly publish: (issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>;
  /**
   * Waits for the CRLs that are being made. CRLs that still wait for the lease of another process
   * are made without it.
   */
  readonly stop: () => Promise<void>;
};

/** The lease under which the CRLs of an issuer are made. */
type LeaseTerms = { readonly job: string; readonly durationMs: number; readonly budgetMs: number };

type OnDemandWorld = Pick<World, 'store' | 'random'> & {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly lease: LeaseTerms;
  readonly make: (store: Store, issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>;
};

/**
 * How long a CRL on demand waits for the lease of another holder; this is longer than making a CRL
 * usually takes. After that it is made without the lease: the CRL numbers still keep the CRLs in
 * order.
 */
const OTHERS_WAIT_MS_MAX = 10 * SECOND_MS;
const OTHERS_POLL_MS = 100;

/**
 * The failure of a request for a CRL whose lease was lost: the process was paused, or could not
 * reach the database for as long as the lease lasts.
 */
const LEASE_LOST = {
  kind: 'database-unavailable',
  retryAfterMs: SECOND_MS,
  detail: 'the lease of the lists was lost while one was made',
} as const satisfies OperationFailure;

export function createListsOnDemand({ store, random, steadyMs, lease: terms, make }: OnDemandWorld): ListsOnDemand {
  /** The last requested CRL of each issuer. The next one begins after it. */
  const lastRequested = new Map<IssuerId, Promise<unknown>>();
  /** CRLs that are requested and not begun yet. Further requests share them. */
  const queued = new Map<string, Promise<CrlOutcome>>();
  let stopped = false;

  const publish: ListsOnDemand['publish'] = (issuer, kind) => {
    const name = `${kind} ${issuer}`;
    const shared = queued.get(name);
    if (shared !== undefined) return shared;
    const next = (lastRequested.get(issuer) ?? Promise.resolve()).then(async () => {
      // The entry is deleted after a failure too: otherwise all later requests would get that
      // failure.
      const held = await waitForLease(issuer).finally(() => queued.delete(name));
      try {
        return await make(held?.store ?? store, issuer, kind);
      } catch (error) {
        if (error instanceof LeaseLost) return err(LEASE_LOST);
        throw error;
      } finally {
        await held?.end();
      }
    });
    queued.set(name, next);
    lastRequested.set(
      issuer,
      next.catch(() => undefined),
    );
    return next;
  };

  /**
   * Takes the lease as soon as no other holder has it. null: the database is down, other holders
   * take too long, or this process stops.
   */
  const waitForLease = async (issuer: IssuerId): Promise<OnDemandLease | null> => {
    for (let waitedMs = 0; waitedMs <= OTHERS_WAIT_MS_MAX; waitedMs += OTHERS_POLL_MS) {
      const taken = await tryTakeLease(issuer);
      if (taken !== 'held') return taken;
      if (stopped) return null;
      await new Promise((resolve) => setTimeout(resolve, OTHERS_POLL_MS));
    }
    return null;
  };

  const tryTakeLease = async (issuer: IssuerId): Promise<OnDemandLease | 'held' | null> => {
    const { job, durationMs, budgetMs } = terms;
    const askedAt = steadyMs();
    // The holder of the lease is a random id and not the run, because the job of the same run may
    // have the lease now.
    const request = { name: leaseName(job, issuer), holder: toHex(random(16)), durationMs };
    const lease = await store.transaction((tx) => tx.takeLease(request));
    if (!lease.ok) return null;
    if (lease.value === null) return 'held';
    const { value } = lease;
    const held = startLeaseRenewal(
      { store, steadyMs, timers: SYSTEM_TIMERS },
      { lease: value, durationMs, askedAt, budgetMs },
    );
    const end = async (): Promise<void> => {
      await held.stopRenewal();
      await store.transaction((tx) => tx.endLease(value));
    };
    return { store: held.store, end };
  };

  return {
    publish,
    stop: async () => {
      stopped = true;
      await Promise.all(lastRequested.values());
    },
  };
}

type OnDemandLease = Pick<RenewedLease, 'store'> & { readonly end: () => Promise<void> };
