/**
 * Polls the database for the due items of one shared job, and makes the attempts at them. The
 * database decides what is due. What this process remembers only saves queries, and decides how
 * soon it polls again.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StoredJob } from '../../ports/store/jobs.js';
import { type AttemptEnd, type PreparedJob, runAttempt, type SharedWorld } from './attempt.js';
import { createLateness } from './lateness.js';
import type { Pool } from './pool.js';
import { mayBeginAt } from './schedule.js';

/** Limit of the due items of one poll; the others wait until some of these are done. */
export const DUE_ITEMS_MAX = 10_000;
/** Pause before the next poll for an item that was woken while another holder has its lease. */
const HELD_POLL_MS = 250;
/**
 * After an attempt failed in this process, the item is left to other processes for this long,
 * because the cause may be here: a signer that is down, or a clock that is wrong.
 */
const OTHERS_FIRST_MS = 2 * SECOND_MS;
/** Pause after a failure of the database. */
const UNAVAILABLE_MS = SECOND_MS;
const PAUSE_MS: Readonly<Partial<Record<AttemptEnd, number>>> = { held: HELD_POLL_MS, unavailable: UNAVAILABLE_MS };

export type JobObserver = {
  /**
   * Called when an attempt of a shared job has ended, and when a job of scope `run` has done its
   * work or failed.
   */
  readonly ended: (job: string, end: AttemptEnd, durationMs: number) => void;
  /** Called when a lease was taken (1) or ended (-1). */
  readonly leaseCountChanged: (job: string, change: 1 | -1) => void;
};

type SharedJobWorld = SharedWorld & { readonly pool: Pool; readonly observer: JobObserver };

export type RunningJob = {
  readonly start: () => void;
  /**
   * Makes the work on an item begin before its next time in the schedule, if the item is due. null:
   * reads now which items are due. A job of scope `run` does its work now.
   */
  readonly wake: (item: string | null) => void;
  /**
   * Begins no more work. A job of scope `run` waits for the end of its work. A shared job asks its
   * attempts to end and does not wait for them, because the pools of the runner do.
   */
  readonly stop: () => Promise<void>;
  /** Runs the job once more if `at-stop` is in its `alsoRuns`. */
  readonly runLast: () => Promise<void>;
  /**
   * Milliseconds since the work of a job of scope `run` last succeeded, or since the oldest due
   * item of a shared job became due.
   */
  readonly lateMs: () => number;
  readonly everyMs: number;
};

type DueItem = {
  readonly item: string;
  /** Milliseconds until its work may begin. */
  readonly inMs: number;
  /** Whether another holder has the lease of the item. */
  readonly isHeld: boolean;
  readonly stored: StoredJob | null;
};

/** Reads which items are due. Those in `woken` may begin before their next time in the schedule. */
export async function findDue(
  { store, run }: Pick<SharedWorld, 'store' | 'run'>,
  { job, work, everyMs }: PreparedJob,
  woken: ReadonlySet<string>,
): Promise<Result<readonly DueItem[], StoreFailure>> {
  return store.read(async (reads) => {
    const items = (await work.due(reads)).slice(0, DUE_ITEMS_MAX);
    if (items.length === 0) return [];
    const stored = new Map((await reads.jobsOfItems(job.name, items)).map((one) => [one.item, one]));
    const { now } = await reads.databaseClock();
    return items.map((item) => {
      const row = stored.get(item) ?? null;
      const holder = row?.holder ?? null;
      const inMs = Math.max(0, mayBeginAt(row, { now, everyMs, woken: woken.has(item) }) - now);
      return { item, inMs, isHeld: holder !== null && holder !== run, stored: row };
    });
  });
}

export function createSharedJob(world: SharedJobWorld, prepared: PreparedJob): RunningJob {
  const { pool, observer, steadyMs, timers, log } = world;
  const { job, everyMs } = prepared;
  let stopped = true;
  let endPolls = (): void => undefined;
  let nextPoll: { readonly at: number; readonly cancel: () => void } | null = null;
  let polling: Promise<void> | null = null;
  let mustPollAgain = false;
  /** Items that were woken since the last poll, or during an attempt at them. */
  let woken = new Set<string>();
  const waiting = new Set<string>();
  const working = new Set<string>();
  /**
   * The items whose last attempt failed in this process, each with the time on the monotonic clock
   * at which it was first found due again; null: it was not yet.
   */
  const failedHere = new Map<string, number | null>();
  const lateness = createLateness(steadyMs, working);

  const pollIn = (ms: number): void => {
    const at = steadyMs() + ms;
    if (stopped || (nextPoll !== null && nextPoll.at <= at)) return;
    nextPoll?.cancel();
    nextPoll = {
      at,
      cancel: timers.after(ms, () => {
        nextPoll = null;
        poll();
      }),
    };
  };

  const poll = (): void => {
    mustPollAgain = polling !== null;
    if (stopped || polling !== null) return;
    polling = pollOnce()
      .catch((error: unknown) => log.error('job.failed', { job: job.name, detail: String(error) }))
      .finally(() => {
        polling = null;
        if (mustPollAgain) poll();
      });
  };

  const pollOnce = async (): Promise<void> => {
    const wanted = woken;
    woken = new Set();
    const wakeAgain = (): void => {
      for (const item of wanted) wakeIn(item, UNAVAILABLE_MS);
    };
    const found = await findDue(world, prepared, wanted).catch((error: unknown) => {
      wakeAgain();
      throw error;
    });
    if (!found.ok) return wakeAgain();
    lateness.updateDueItems(found.value);
    for (const { item, inMs, isHeld } of found.value) {
      const isWanted = wanted.has(item);
      if (waiting.has(item)) continue;
      if (working.has(item)) {
        if (isWanted) woken.add(item);
      } else if (isHeld) {
        if (isWanted) wakeIn(item, HELD_POLL_MS);
      } else {
        const pauseMs = inMs > 0 ? inMs : othersFirstMs(item);
        if (pauseMs > 0) {
          if (isWanted) woken.add(item);
          if (pauseMs < everyMs) pollIn(pauseMs);
        } else begin(item, isWanted);
      }
    }
  };

  const othersFirstMs = (item: string): number => {
    const dueSince = failedHere.get(item);
    if (dueSince === undefined) return 0;
    if (dueSince === null) failedHere.set(item, steadyMs());
    return Math.max(0, (dueSince ?? steadyMs()) + OTHERS_FIRST_MS - steadyMs());
  };

  const wakeIn = (item: string, ms: number): void => {
    woken.add(item);
    pollIn(ms);
  };

  const begin = (item: string, isWoken: boolean): void => {
    waiting.add(item);
    pool.add(async () => {
      waiting.delete(item);
      if (stopped) return;
      // This attempt answers all wakes up to this moment.
      const wasWoken = woken.delete(item) || isWoken;
      working.add(item);
      const startedAt = steadyMs();
      let isHeld = false;
      const begun = (): void => {
        isHeld = true;
        observer.leaseCountChanged(job.name, 1);
      };
      try {
        const end = await runAttempt(world, prepared, { item, woken: wasWoken, isStopping: () => stopped, begun });
        observer.ended(job.name, end, steadyMs() - startedAt);
        if (end === 'failed') failedHere.set(item, null);
        if (end === 'done' || end === 'more') {
          failedHere.delete(item);
          lateness.succeeded(item);
        }
        if (wasWoken && (end === 'held' || end === 'unavailable')) woken.add(item);
        if (end !== 'held' || wasWoken) pollIn(PAUSE_MS[end] ?? 0);
      } catch (error) {
        log.error('job.failed', { job: job.name, item, detail: String(error) });
        pollIn(UNAVAILABLE_MS);
      } finally {
        working.delete(item);
        if (isHeld) observer.leaseCountChanged(job.name, -1);
      }
    });
  };

  return {
    everyMs,
    start: () => {
      stopped = false;
      endPolls = timers.every(everyMs, poll);
      poll();
    },
    wake: (item) => {
      if (item !== null) woken.add(item);
      poll();
    },
    stop: async () => {
      stopped = true;
      endPolls();
      nextPoll?.cancel();
      await polling;
    },
    runLast: async () => undefined,
    lateMs: lateness.lateMs,
  };
}
