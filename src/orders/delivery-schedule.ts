/** What becomes of a delivery after an attempt: delivered, tried again later, or dead. */
import type { Instant } from '../kernel/clock.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import type { DeliveryProgress } from '../ports/store/outbox/deliveries.js';

/** How an attempt went. `status`: that of a complete answer; null: there was none. */
export type DeliveryAttempt = {
  readonly status: number | null;
  /** null: the receiver has accepted the event, with a status of 2xx. */
  readonly error: string | null;
  /** The pause that the receiver asks for in Retry-After; null: it asks for none. */
  readonly retryAfterMs: number | null;
};

/** Pauses after the first attempts; then one attempt an hour. */
const PAUSES_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS] as const;
const PAUSE_MS_MAX = HOUR_MS;
/** As a share of the pause, so that deliveries that failed together are not retried together. */
const JITTER = 0.2;
/** From the first attempt to the last. */
const GIVEN_UP_AFTER_MS = 72 * HOUR_MS;
/** The receiver has no use for events any more (RFC 9110 15.5.11). */
const GONE = 410;

type Before = Pick<DeliveryProgress, 'attempts' | 'firstAt'>;

/** `now`: the end of the attempt; `chance`: from 0 to 1. */
export function progressAfter(
  { attempts: before, firstAt: begun }: Before,
  { status, error, retryAfterMs }: DeliveryAttempt,
  { now, chance }: { readonly now: Instant; readonly chance: number },
): DeliveryProgress {
  const attempts = before + 1;
  const firstAt = begun ?? now;
  const tried = { attempts, firstAt, lastStatus: status, lastError: error } as const;
  if (error === null) return { ...tried, state: 'delivered', nextAt: null, doneAt: now };
  if (status === GONE || now - firstAt >= GIVEN_UP_AFTER_MS)
    return { ...tried, state: 'dead', nextAt: null, doneAt: null };
  const planned = (PAUSES_MS[before] ?? PAUSE_MS_MAX) * (1 - JITTER + 2 * JITTER * chance);
  // Retry-After never makes a pause shorter, or a receiver that answers 0 is tried each second.
  const pauseMs = Math.max(planned, Math.min(retryAfterMs ?? 0, PAUSE_MS_MAX));
  return { ...tried, state: 'waiting', nextAt: now + Math.round(pauseMs), doneAt: null };
}

/** The beginning of a delivery that an operator has sent again. */
export function sentAgain(now: Instant): DeliveryProgress {
  return { state: 'waiting', attempts: 0, firstAt: null, nextAt: now, lastStatus: null, lastError: null, doneAt: null };
}
