/**
 * The clock mark: the latest time at which this platform has issued. It is in the database, so that
 * every service and every restart knows it. A clock that is behind the mark was set back: a new
 * certificate would be dated before earlier ones. So nothing is issued until the clock is right
 * again. Revocation, status and recovery go on.
 */

import { formatInstant, type Instant } from '../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Reads, Store, Transaction } from '../ports/store.js';
import { officersFault } from './officers.js';

const MARK = 'clock';
/** The clocks of several services may differ by this, and a clock may be corrected by this. */
export const CLOCK_BEHIND_MS_MAX = MINUTE_MS;
/** The mark is written when the clock has advanced by at least this. */
const ADVANCE_MS_MIN = SECOND_MS;

type ClockMark = { readonly at: Instant };

export async function readClockMark(reads: Pick<Reads, 'mark'>): Promise<ClockMark | null> {
  const text = await reads.mark(MARK);
  return text === null ? null : { at: Number(text) };
}

/** How far a clock that says `now` is behind the mark; 0 within the tolerance. */
export function behindMs(mark: ClockMark | null, now: Instant): number {
  const difference = mark === null ? 0 : mark.at - now;
  return difference > CLOCK_BEHIND_MS_MAX ? difference : 0;
}

/**
 * Advances the mark in the transaction of what happens at `now`, and returns 0; or returns how far
 * the clock is behind.
 */
export async function passClockMark(tx: Pick<Transaction, 'mark' | 'setMark'>, now: Instant): Promise<number> {
  const mark = await readClockMark(tx);
  const behind = behindMs(mark, now);
  if (behind === 0 && (mark === null || now - mark.at >= ADVANCE_MS_MIN)) await tx.setMark(MARK, String(now));
  return behind;
}

type ResetRefusal = { readonly kind: 'refused'; readonly detail: string };

/**
 * After a clock was wrongly ahead, two officers set the mark to the present time. The audit log
 * records them and the previous mark.
 */
export async function resetClockMark(
  { store, now }: { readonly store: Store; readonly now: Instant },
  officers: readonly string[],
): Promise<Result<ClockMark | null, ResetRefusal | StoreFailure>> {
  const outcome = await store.transaction(async (tx): Promise<Result<ClockMark | null, ResetRefusal>> => {
    const fault = await officersFault(tx, officers, { count: 2, action: 'approve' });
    if (fault !== null) return err({ kind: 'refused', detail: fault });
    const before = await readClockMark(tx);
    await tx.setMark(MARK, String(now));
    const details = { officers: [...officers], from: before === null ? null : formatInstant(before.at) };
    await tx.appendAudit([{ at: now, type: 'clock.reset', actor: officers[0] ?? '', outcome: 'success', details }]);
    return ok(before);
  });
  return outcome.ok ? outcome.value : outcome;
}
