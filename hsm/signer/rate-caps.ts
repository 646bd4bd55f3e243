/**
 * Counts the certificates of each profile in the last hour, by minute, to limit what a stolen
 * service can have signed. Counting by minute also limits the memory. The oldest minute counts
 * whole until no part of it is in the last hour, so that no period of one hour has more
 * certificates than the cap. Times are those of `steady-time.ts`.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Instant } from '../../src/kernel/clock.js';
import { MINUTE_MS } from '../../src/kernel/duration.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { Tally } from '../journal/journal-entry.js';

type OverCap = { readonly retryAfterMs: number };

const WINDOW_MINUTES = 60;
const RATE_WINDOW_MS = (WINDOW_MINUTES + 1) * MINUTE_MS;

type Counts = Map<string, Map<number, number>>;

export type RateCaps = {
  /** Counts one more certificate, or returns after how long the next one is allowed. */
  take(certificate: { readonly profile: string; readonly perHourMax: number }, now: Instant): Result<void, OverCap>;
  /**
   * Returns the counts for the journal, once a minute before the first certificate of that minute;
   * null: they are not due, or nothing is counted.
   */
  tallyDue(now: Instant): Tally | null;
};

export function minuteOf(at: Instant): number {
  return Math.floor(at / MINUTE_MS);
}

export function createRateCaps(before: Tally): RateCaps {
  const counts = countsOf(before);
  let tallied: number | null = null;

  function forgetBefore(now: Instant): void {
    const oldest = minuteOf(now) - WINDOW_MINUTES;
    for (const [profile, minutes] of counts) {
      for (const minute of minutes.keys()) if (minute < oldest) minutes.delete(minute);
      if (minutes.size === 0) counts.delete(profile);
    }
  }

  return {
    take({ profile, perHourMax }, now) {
      assert(perHourMax > 0, 'a cap is at least 1');
      forgetBefore(now);
      const minutes = counts.get(profile) ?? new Map<number, number>();
      let counted = [...minutes.values()].reduce((sum, count) => sum + count, 0);
      if (counted < perHourMax) {
        const minute = minuteOf(now);
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
        counts.set(profile, minutes);
        return ok(undefined);
      }
      let opens = now;
      for (const [minute, count] of [...minutes].sort(([one], [other]) => one - other)) {
        if (counted < perHourMax) break;
        counted -= count;
        opens = (minute + WINDOW_MINUTES + 1) * MINUTE_MS;
      }
      return err({ retryAfterMs: opens - now });
    },
    tallyDue(now) {
      const minute = minuteOf(now);
      if (minute === tallied) return null;
      tallied = minute;
      forgetBefore(now);
      return counts.size === 0 ? null : tallyOf(counts);
    },
  };
}

/** The part of a journal entry that is counted: the profile of a certificate, or a tally. */
export type RecountedEntry = { readonly steadyAt: Instant; readonly profile?: string; readonly tally?: Tally };

/**
 * Counts the certificates of the last hour again, from the entries of a journal, the last entry
 * first.
 */
type Recount = {
  /** Adds an entry. Returns false when no earlier entry matters. */
  push(entry: RecountedEntry): boolean;
  result(): { readonly lastAt: Instant; readonly tally: Tally };
};

export function createRecount(): Recount {
  const counts: Counts = new Map();
  let lastAt: Instant | null = null;
  const add = (profile: string, minute: number, count: number): void => {
    const minutes = counts.get(profile) ?? new Map<number, number>();
    minutes.set(minute, (minutes.get(minute) ?? 0) + count);
    counts.set(profile, minutes);
  };
  return {
    push({ steadyAt, profile, tally }) {
      lastAt ??= steadyAt;
      if (steadyAt < lastAt - RATE_WINDOW_MS) return false;
      if (profile !== undefined) add(profile, minuteOf(steadyAt), 1);
      if (tally === undefined) return true;
      for (const [counted, minutes] of countsOf(tally)) for (const [minute, n] of minutes) add(counted, minute, n);
      return false;
    },
    result: () => ({ lastAt: lastAt ?? 0, tally: tallyOf(counts) }),
  };
}

function countsOf(tally: Tally): Counts {
  return new Map(
    Object.entries(tally).map(([profile, minutes]) => [
      profile,
      new Map(Object.entries(minutes).map(([minute, count]) => [Number(minute), count])),
    ]),
  );
}

function tallyOf(counts: Counts): Tally {
  return Object.fromEntries([...counts].map(([profile, minutes]) => [profile, Object.fromEntries(minutes)]));
}
