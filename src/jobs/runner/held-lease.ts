/**
 * A lease while its work is in progress: it is renewed at a third of its duration, and every
 * transaction checks its token first, so that the work of a process that was paused is rolled back.
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
  /** When the lease was asked for, which is not later than the time at which it began. */
  readonly askedAt: number;
  /** After this time it is not renewed any more. */
  readonly budgetMs: number;
};

export type HeldLease = {
  readonly isLost: () => boolean;
  /** All transactions of this store check the token first. */
  readonly store: Store;
  /** Ends the renewals. */
  readonly settle: () => Promise<void>;
};

export function holdLease({ store, steadyMs, timers }: LeaseWorld, terms: LeaseTerms): HeldLease {
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
    settle: async () => {
      endRenewals();
      await renewing;
    },
  };
}
