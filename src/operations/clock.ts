/**
 * The clocks that decide whether something may be issued. The database's clock decides for all
 * nodes (`ports/store/clock.ts`). A node whose clock differs from it issues nothing, because its
 * certificates would have other times than those of the others. The high-water mark is the
 * latest time that the database's clock is known to have had: it advances with each issuance, and a
 * job advances it while nothing is issued. If that clock is behind it, it was set back, and nobody
 * issues anything until it is right again. Revocation, status and recovery go on.
 */
import { accountActor } from '../audit/actors.js';
import type { Instant } from '../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { RunId } from '../ports/node.js';
import type { DatabaseClock } from '../ports/store/clock.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Store, Transaction } from '../ports/store.js';
import type { Clock } from '../ports/world.js';
import { text } from '../texts/text.js';
import type { OperationFailure } from './failures.js';
import { officersFault } from './officers.js';

/** Clocks may differ by this, and a clock may be corrected by this. */
export const CLOCK_OFF_MS_MAX = MINUTE_MS;
/** The mark is written when the clock has advanced by at least this. */
const ADVANCE_MS_MIN = SECOND_MS;

/** How wrong the clocks are. Within the tolerance it is 0. */
export type ClockFault = {
  /** How far the clock of this process is ahead of the database's clock; negative: behind it. */
  readonly offsetMs: number;
  /** How far the database's clock is behind the high-water mark. */
  readonly behindMs: number;
};

/** `own`: the clock of this process. null: both clocks are right. */
export function clockFault({ now, mark }: DatabaseClock, own: Instant): ClockFault | null {
  const offset = own - now;
  const offsetMs = Math.abs(offset) > CLOCK_OFF_MS_MAX ? offset : 0;
  const behind = mark === null ? 0 : mark - now;
  const behindMs = behind > CLOCK_OFF_MS_MAX ? behind : 0;
  return offsetMs === 0 && behindMs === 0 ? null : { offsetMs, behindMs };
}

/** Why a run may not use a serial number now. */
export type IssuanceFault =
  | { readonly kind: 'clock-wrong'; readonly fault: ClockFault }
  /** Another node has ended it: it may have been paused, and others have its intents now. */
  | typeof RUN_ENDED;

/** What clients are told: the process ends soon, and its next run can issue. */
export const RUN_ENDED = {
  kind: 'database-unavailable',
  retryAfterMs: 5 * SECOND_MS,
  detail: 'this run was ended',
} as const satisfies StoreFailure;

/**
 * Must be called in the transaction that uses serial numbers. Advances the mark and returns null,
 * or returns why nothing may be issued now.
 */
export async function passIssuance(
  tx: Pick<Transaction, 'issuanceClock' | 'setClockMark'>,
  { clock, run }: { readonly clock: Clock; readonly run: RunId },
): Promise<IssuanceFault | null> {
  const database = await tx.issuanceClock(run);
  if (!database.isRunLive) return RUN_ENDED;
  const fault = await advanceClockMark(tx, database, clock);
  return fault === null ? null : { kind: 'clock-wrong', fault };
}

/** Advances the mark and returns null, or returns which clock is wrong. */
export async function advanceClockMark(
  tx: Pick<Transaction, 'setClockMark'>,
  database: DatabaseClock,
  clock: Clock,
): Promise<ClockFault | null> {
  const fault = clockFault(database, clock());
  const { now, mark } = database;
  if (fault === null && (mark === null || now - mark >= ADVANCE_MS_MIN)) await tx.setClockMark(now);
  return fault;
}

type ResetRefusal = { readonly kind: 'refused'; readonly detail: string };

/**
 * After the database's clock was wrongly ahead, two officers set the mark to its present time. The
 * audit log records them and the previous mark.
 */
export async function resetClockMark(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  officers: readonly string[],
): Promise<Result<ClockReset, ResetRefusal | StoreFailure>> {
  const outcome = await store.transaction(async (tx): Promise<Result<ClockReset, ResetRefusal>> => {
    const fault = await officersFault(tx, officers, { count: 2, action: 'approve', now: clock() });
    if (fault !== null) return err({ kind: 'refused', detail: fault });
    const { mark: before, now } = await tx.databaseClock();
    await tx.setClockMark(now);
    const details = { officers, from: before };
    await tx.appendAudit([{ at: clock(), type: 'clock.reset', actor: accountActor(officers[0] ?? ''), details }]);
    return ok({ before, mark: now });
  });
  return outcome.ok ? outcome.value : outcome;
}

/** The marks before and after the reset. */
type ClockReset = { readonly before: Instant | null; readonly mark: Instant };

/** What a request for a certificate gets until the clock is right. */
export function clockWrong({
  offsetMs,
  behindMs,
}: ClockFault): Extract<OperationFailure, { readonly kind: 'clock-wrong' }> {
  const message =
    behindMs > 0
      ? text('clock-wrong/behind-mark', { seconds: Math.ceil(behindMs / SECOND_MS) })
      : text('clock-wrong/differs', { seconds: Math.ceil(Math.abs(offsetMs) / SECOND_MS) });
  return { kind: 'clock-wrong', retryAfterMs: MINUTE_MS, message };
}
