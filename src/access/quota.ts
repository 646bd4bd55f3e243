/** How many certificates an account may be issued in the present hour and day (UTC). */
import type { Instant } from '../kernel/clock.js';
import { DAY_MS, HOUR_MS } from '../kernel/duration.js';
import type { Account, AccountLimits, AccountUse } from '../ports/store/accounts.js';

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
