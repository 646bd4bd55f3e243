import type { Instant } from '../kernel/clock.js';
import { DAY_MS, HOUR_MS } from '../kernel/duration.js';
import type { Account, AccountLimits, AccountUse } from '../ports/store/accounts.js';
import { type Fault, fault } from '../texts/text.js';
import { isInNetworks } from './networks.js';

/**
 * The form of the ids of accounts. `system` is excluded: it is the name of the service itself in
 * the audit log, which could not tell the two apart.
 */
export const ACCOUNT_ID = '^(?!system$)[a-z0-9][a-z0-9.-]{0,63}$';

/** Whether an account may be used now, and from which addresses. */

type AccountState = Pick<Account, 'disabled' | 'expiresAt'>;

/** Why every request of the account is refused now; null: it is not. */
export function accountFault({ disabled, expiresAt }: AccountState, now: Instant): Fault | null {
  if (disabled) return fault('account-enabled');
  return expiresAt !== null && expiresAt <= now ? fault('account-in-force') : null;
}

/** Why the account may send no requests from this address; null: it may. */
export function networkFault({ networks }: Pick<Account, 'networks'>, address: string): Fault | null {
  const isInside = networks.length === 0 || isInNetworks(networks, address);
  return isInside ? null : fault('network-in-scope', { address });
}

/** The values of an account that does not state its own. */

export const ACCOUNT_DEFAULTS = {
  limits: { perDay: null, perHour: null, inFlight: null },
  networks: [],
  expiresAt: null,
  structure: null,
} as const satisfies Partial<Account>;

/** How many certificates an account may be issued in the present hour and day (UTC). */

export type AccountLimit = keyof AccountLimits;

/** What was counted in the present hour and in the present day. */
type QuotaUse = { readonly hour: number; readonly day: number };

/** A limit that the certificates would exceed. `until`: the end of the hour or of the day. */
export type ReachedLimit = {
  readonly limit: Extract<AccountLimit, 'perHour' | 'perDay'>;
  readonly max: number;
  readonly until: Instant;
};

/** Whether the certificates of an account are counted at all. */
export function isCounted({ limits: { perDay, perHour } }: Pick<Account, 'limits'>): boolean {
  return perDay !== null || perHour !== null;
}

/** The hour of an instant, in hours since 1970. */
export function hourOf(at: Instant): number {
  return Math.floor(at / HOUR_MS);
}

/** The first hour of the day of an instant, in hours since 1970. */
export function firstHourOf(at: Instant): number {
  return hourOf(Math.floor(at / DAY_MS) * DAY_MS);
}

export function usedBy(account: string, counted: readonly AccountUse[], now: Instant): QuotaUse {
  const own = counted.filter((one) => one.account === account);
  const sumFrom = (hour: number): number => own.reduce((sum, one) => (one.hour >= hour ? sum + one.count : sum), 0);
  return { hour: sumFrom(hourOf(now)), day: sumFrom(firstHourOf(now)) };
}

/** Returns the limit that lasts longest among those that `more` certificates would exceed. */
export function reachedLimit(
  { perDay, perHour }: AccountLimits,
  { used, more, now }: { readonly used: QuotaUse; readonly more: number; readonly now: Instant },
): ReachedLimit | null {
  if (perDay !== null && used.day + more > perDay)
    return { limit: 'perDay', max: perDay, until: (Math.floor(now / DAY_MS) + 1) * DAY_MS };
  if (perHour !== null && used.hour + more > perHour)
    return { limit: 'perHour', max: perHour, until: (hourOf(now) + 1) * HOUR_MS };
  return null;
}
