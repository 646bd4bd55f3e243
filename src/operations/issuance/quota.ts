/**
 * The quotas of accounts in a reservation. They are read under the lock of the accounts' rows and
 * counted in the transaction that stores the intents, so that the sums of an hour and a day are
 * exact over all nodes, and a crash loses none. An intent that is given up later still counts.
 */
import { firstHourOf, hourOf, type ReachedLimit, reachedLimit, usedBy } from '../../access/account.js';
import type { Instant } from '../../kernel/clock.js';
import type { AccountLimits, AccountUse } from '../../ports/store/accounts.js';
import type { Transaction } from '../../ports/store.js';
import { text } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';

/** What a request wants. */
export type WantedUse = {
  /** null: the certificates count for no account. */
  readonly account: string | null;
  /** The profile of each certificate. */
  readonly profiles: readonly string[];
};

export type Quotas = {
  /** The failure of a request for which its account has no room; null: it has. */
  readonly refusal: (wanted: WantedUse) => OperationFailure | null;
  /** Counts certificates that are reserved in the same transaction. */
  readonly add: (reserved: WantedUse) => void;
  /** What was added, once for each account and profile. */
  readonly added: () => readonly AccountUse[];
};

type QuotaTransaction = Pick<Transaction, 'lockAccountLimits' | 'accountUse'>;

/** `accounts`: those with limits. */
export async function readQuotas(tx: QuotaTransaction, accounts: readonly string[], now: Instant): Promise<Quotas> {
  const ids = [...new Set(accounts)];
  const limits: ReadonlyMap<string, AccountLimits> = ids.length === 0 ? new Map() : await tx.lockAccountLimits(ids);
  const before = ids.length === 0 ? [] : await tx.accountUse(ids, firstHourOf(now));
  const added = new Map<string, AccountUse>();
  return {
    refusal: ({ account, profiles }) => {
      const own = account === null ? undefined : limits.get(account);
      if (account === null || own === undefined) return null;
      const used = usedBy(account, [...before, ...added.values()], now);
      const reached = reachedLimit(own, { used, more: profiles.length, now });
      return reached === null ? null : quotaExceeded(reached, now);
    },
    add: ({ account, profiles }) => {
      if (account === null || !limits.has(account)) return;
      for (const profile of profiles) {
        const name = `${account} ${profile}`;
        const count = (added.get(name)?.count ?? 0) + 1;
        added.set(name, { account, hour: hourOf(now), profile, count });
      }
    },
    added: () => [...added.values()],
  };
}

function quotaExceeded({ limit, max, until }: ReachedLimit, now: Instant): OperationFailure {
  return { kind: 'quota-exceeded', limit, retryAfterMs: until - now, message: text(`account-limit/${limit}`, { max }) };
}
