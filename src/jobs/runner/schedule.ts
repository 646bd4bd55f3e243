/** When an item of a job may be worked on, by the clock of the database. */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { JOB_ERROR_CHARACTERS_MAX, type JobItem, type JobSchedule, type StoredJob } from '../../ports/store/jobs.js';
import { JobFailed } from '../job.js';

const BACK_OFF_MS = { first: SECOND_MS, max: 5 * MINUTE_MS } as const;
/** As a share of the pause, so that several processes do not retry at the same moment. */
const JITTER = 0.2;

/** Work that is due may begin at this time. `woken`: it is wanted now. */
export function mayBeginAt(
  stored: Pick<StoredJob, 'nextAt' | 'failures'> | null,
  { now, everyMs, woken }: { readonly now: Instant; readonly everyMs: number; readonly woken: boolean },
): Instant {
  if (stored === null) return now;
  const { nextAt, failures } = stored;
  // A wake does not shorten the pause after a failure.
  if (woken && failures === 0) return now;
  // A later time was written while the clock was wrong.
  const pauseMsMax = Math.max(everyMs, (1 + JITTER) * BACK_OFF_MS.max);
  return nextAt > now + pauseMsMax ? now : nextAt;
}

/** `more` and `lost`: the item may be worked on again at once. */
export type Outcome =
  | { readonly kind: 'done' | 'more' | 'lost' }
  | { readonly kind: 'failed'; readonly error: unknown };

type Attempt = JobItem & {
  readonly startedAt: Instant;
  readonly now: Instant;
  readonly everyMs: number;
  /** From 0 to 1. */
  readonly chance: number;
};

export function scheduleAfter(before: StoredJob | null, outcome: Outcome, attempt: Attempt): JobSchedule {
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
 * What is stored of an error. Texts of other errors than `JobFailed` may have personal data, such
 * as the value that could not be stored: they are in the log of the process only.
 */
function errorText(error: unknown): string {
  if (error instanceof JobFailed) return error.message.slice(0, JOB_ERROR_CHARACTERS_MAX);
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return `${name}: see job.failed in the log`.slice(0, JOB_ERROR_CHARACTERS_MAX);
}
