/**
 * Renews a lease while its work is in progress, each time a third of its duration has passed. Every
 * transaction of the work first checks the fencing token of the lease. If the process was paused
 * and another one has taken the lease, the transaction is rolled back.
 */
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Lease } from '../../ports/store/leases.js';
import type { Store, Transaction } from '../../ports/store.js';
import { LeaseLost } from '../job.js';
import type { Timers } from './timers.js';

type LeaseWorld = {
  readonly store: Store;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly timers: Timers;
};

type LeaseTerms = {
  readonly lease: Lease;
  readonly durationMs: number;
  /**
   * The time on the monotonic clock at which the lease was requested, so it began at this time or
   * later.
   */
  readonly askedAt: number;
  /** The lease is renewed for this long after `askedAt`, and no longer. */
  readonly budgetMs: number;
};

export type RenewedLease = {
  /** Whether another process has taken the lease, or its duration has passed without a renewal. */
  readonly isLost: () => boolean;
  /**
   * All transactions of this store check the fencing token first, and throw `LeaseLost` if the
   * lease was lost.
   */
  readonly store: Store;
  /** Ends the renewals, and waits for one that is in progress. The lease itself is not ended. */
  readonly stopRenewal: () => Promise<void>;
};

export function startLeaseRenewal({ store, steadyMs, timers }: LeaseWorld, terms: LeaseTerms): RenewedLease {
  const { lease, durationMs, budgetMs } = terms;
  let validUntil = terms.askedAt + durationMs;
  let wasTaken = false;
  let renewing: Promise<void> | null = null;

  const isLost = (): boolean => wasTaken || steadyMs() >= validUntil;

  const renew = async (): Promise<void> => {
    const askedAt = steadyMs();
    if (wasTaken || askedAt - terms.askedAt > budgetMs) return;
    const renewed = await store.transaction((tx) => tx.renewLease(lease, durationMs));
    if (!renewed.ok) return;
    if (renewed.value) validUntil = askedAt + durationMs;
    else wasTaken = true;
  };
  const endRenewals = timers.every(durationMs / 3, () => {
    renewing ??= renew()
      .catch(() => undefined)
      .finally(() => {
        renewing = null;
      });
  });

  const transaction = <Value>(work: (tx: Transaction) => Promise<Value>): Promise<Result<Value, StoreFailure>> => {
    if (isLost()) throw new LeaseLost(lease.name);
    return store.transaction(async (tx) => {
      if (await tx.isLeaseCurrent(lease)) return work(tx);
      wasTaken = true;
      throw new LeaseLost(lease.name);
    });
  };

  return {
    isLost,
    store: {
      ...store,
      transaction: async (work) => transaction(work),
      groupedTransaction: async ({ run }, item) =>
        transaction(async (tx) => {
          const [outcome] = await run(tx, [item]);
          return outcome as Awaited<ReturnType<typeof run>>[number];
        }),
    },
    stopRenewal: async () => {
      endRenewals();
      await renewing;
    },
  };
}
