/**
 * Computes when an attempt at an item of a shared job may begin. All times are those of the
 * database's clock.
 */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { JOB_ERROR_CHARACTERS_MAX, type JobItem, type JobSchedule, type StoredJob } from '../../ports/store/jobs.js';
import { JobFailed } from '../job.js';

const BACK_OFF_MS = { first: SECOND_MS, max: 5 * MINUTE_MS } as const;
/**
 * The pause after a failure is changed at random by at most this share of it, so that several
 * processes do not retry at the same moment.
 */
const JITTER = 0.2;

/**
 * Returns the time from which an attempt at a due item may begin. `woken`: the item does not wait
 * for its next time in the schedule.
 */
export function mayBeginAt(
  stored: Pick<StoredJob, 'nextAt' | 'failures'> | null,
  { now, everyMs, woken }: { readonly now: Instant; readonly everyMs: number; readonly woken: boolean },
): Instant {
  if (stored === null) return now;
  const { nextAt, failures } = stored;
  // A wake does not shorten the pause after a failure.
  if (woken && failures === 0) return now;
  // A time that is later than any pause allows was written while the clock of the database was
  // wrong, and is ignored.
  const pauseMsMax = Math.max(everyMs, (1 + JITTER) * BACK_OFF_MS.max);
  return nextAt > now + pauseMsMax ? now : nextAt;
}

/**
 * How the work on an item ended. `more`: something is left to do. `lost`: the lease was lost. After
 * both, the next attempt may begin at once.
 */
export type WorkEnd =
  | { readonly kind: 'done' | 'more' | 'lost' }
  | { readonly kind: 'failed'; readonly error: unknown };

type Attempt = JobItem & {
  readonly startedAt: Instant;
  readonly now: Instant;
  readonly everyMs: number;
  /** A random number from 0 to 1, which decides the jitter. */
  readonly chance: number;
};

/** Returns the schedule of an item after an attempt. `before`: the stored schedule; null: none. */
export function scheduleAfter(before: StoredJob | null, outcome: WorkEnd, attempt: Attempt): JobSchedule {
  const { job, item, startedAt: lastStartedAt, now, everyMs, chance } = attempt;
  const lastSuccessAt = before?.lastSuccessAt ?? null;
  const { failures = 0, lastError = null } = before ?? {};
  switch (outcome.kind) {
    case 'done':
      return { job, item, nextAt: now + everyMs, failures: 0, lastStartedAt, lastSuccessAt: now, lastError: null };
    case 'more':
      return { job, item, nextAt: now, failures: 0, lastStartedAt, lastSuccessAt: now, lastError: null };
    case 'lost':
      return { job, item, nextAt: now, failures, lastStartedAt, lastSuccessAt, lastError };
    case 'failed': {
      const nextAt = now + backOffMs(failures, chance);
      return {
        job,
        item,
        nextAt,
        failures: failures + 1,
        lastStartedAt,
        lastSuccessAt,
        lastError: errorText(outcome.error),
      };
    }
  }
}

function backOffMs(failuresBefore: number, chance: number): number {
  const pauseMs = Math.min(BACK_OFF_MS.max, BACK_OFF_MS.first * 2 ** Math.min(failuresBefore, 32));
  return Math.round(pauseMs * (1 - JITTER + 2 * JITTER * chance));
}

/**
 * Returns the text of an error for the database. Errors other than `JobFailed` are stored by name
 * only, because their texts may have personal data, such as the value that could not be stored.
 * Their texts are in the log of the process.
 */
function errorText(error: unknown): string {
  if (error instanceof JobFailed) return error.message.slice(0, JOB_ERROR_CHARACTERS_MAX);
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return `${name}: see job.failed in the log`.slice(0, JOB_ERROR_CHARACTERS_MAX);
}
