/**
 * The clock's high-water mark: the latest time at which this platform has issued, kept in the database so that every service on
 * it and every restart knows it. A clock that is behind it was set back: what is issued now would be dated before what was
 * issued already, so nothing is, until the clock is right again. Revocation, status and the end of what was begun go on.
 */
import { decideAccess } from '../access/decide.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Account } from '../ports/store/accounts.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Reads, Store, Transaction } from '../ports/store.js';

const MARK = 'clock';
/** What the clocks of several services may differ by, and what a clock that is being disciplined may give back. */
export const CLOCK_BEHIND_MS_MAX = MINUTE_MS;
/** The mark is not written for less. */
const ADVANCE_MS_MIN = SECOND_MS;

export type ClockMark = { readonly at: Instant };

export async function readClockMark(reads: Pick<Reads, 'mark'>): Promise<ClockMark | null> {
  const text = await reads.mark(MARK);
  return text === null ? null : { at: Number(text) };
}

/** How far a clock that says `now` is behind; 0 where that is within bounds. */
export function behindMs(mark: ClockMark | null, now: Instant): number {
  const difference = mark === null ? 0 : mark.at - now;
  return difference > CLOCK_BEHIND_MS_MAX ? difference : 0;
}

/** Moves the mark on with the clock, in the transaction of what is done at that time; else how far the clock is behind. */
export async function passClockMark(tx: Pick<Transaction, 'mark' | 'setMark'>, now: Instant): Promise<number> {
  const mark = await readClockMark(tx);
  const behind = behindMs(mark, now);
  if (behind === 0 && (mark === null || now - mark.at >= ADVANCE_MS_MIN)) await tx.setMark(MARK, String(now));
  return behind;
}

export type ResetRefusal = { readonly kind: 'refused'; readonly detail: string };

/**
 * After a jump ahead that was wrong: the mark becomes the time of now, by the word of two officers, and the audit log has who
 * they were and what it was before.
 */
export async function resetClockMark(
  { store, now }: { readonly store: Store; readonly now: Instant },
  officers: readonly string[],
): Promise<Result<ClockMark | null, ResetRefusal | StoreFailure>> {
  if (new Set(officers).size !== 2 || officers.length !== 2) return refused('name two different officers');
  const outcome = await store.transaction(async (tx) => {
    const accounts = await tx.accounts();
    for (const id of officers) {
      const fault = whyNot(accounts.find((one) => one.id === id));
      if (fault !== null) return refused(`${id}: ${fault}`);
    }
    const before = await readClockMark(tx);
    await tx.setMark(MARK, String(now));
    const details = { officers: [...officers], from: before === null ? null : formatInstant(before.at) };
    await tx.appendAudit([{ at: now, type: 'clock.reset', actor: officers[0] ?? '', outcome: 'success', details }]);
    return ok(before);
  });
  return outcome.ok ? outcome.value : outcome;
}

function whyNot(account: Account | undefined): string | null {
  if (account === undefined) return 'there is no such account';
  const decision = decideAccess(account, 'approve', null);
  return decision.ok ? null : decision.error.detail;
}

function refused(detail: string): Result<never, ResetRefusal> {
  return err({ kind: 'refused', detail });
}
