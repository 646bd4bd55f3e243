/**
 * Finds the due items of one job, and works on them in turn. The database decides what is due; what
 * is remembered here only avoids work and delays.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StoredJob } from '../../ports/store/jobs.js';
import { createLateness } from './lateness.js';
import { type PieceEnd, type PreparedJob, type SharedWorld, workPiece } from './piece.js';
import type { Pool } from './pool.js';
import { mayBeginAt } from './schedule.js';

/** A job works on this many items; others wait until some of them are done. */
export const ITEMS_MAX = 10_000;
/** Pause before an item that was woken, and on which another process works, is looked at again. */
const HELD_POLL_MS = 250;
/**
 * An item whose last work failed in this process is left to other processes for this long, because
 * the cause may be here: a signer that is down, or a clock that is wrong.
 */
const OTHERS_FIRST_MS = 2 * SECOND_MS;
/** Pause after a failure of the database. */
const UNAVAILABLE_MS = SECOND_MS;
const PAUSE_MS: Readonly<Partial<Record<PieceEnd, number>>> = { held: HELD_POLL_MS, unavailable: UNAVAILABLE_MS };

export type JobObserver = {
  readonly ended: (job: string, end: PieceEnd, durationMs: number) => void;
  /** A lease was taken (1) or ended (-1). */
  readonly held: (job: string, change: 1 | -1) => void;
};

type SharedJobWorld = SharedWorld & { readonly pool: Pool; readonly observer: JobObserver };

export type RunningJob = {
  readonly start: () => void;
  /** Begins what is due before its next time in the schedule. null: looks for all that is due. */
  readonly wake: (item: string | null) => void;
  /** No piece of work begins any more; resolves when the last one has ended. */
  readonly stop: () => Promise<void>;
  /** Makes the last run of a job that has one. */
  readonly runLast: () => Promise<void>;
  readonly lateMs: () => number;
  readonly everyMs: number;
};

type DueItem = {
  readonly item: string;
  /** Milliseconds until its work may begin. */
  readonly inMs: number;
  /** Another process works on it. */
  readonly isHeld: boolean;
  readonly stored: StoredJob | null;
};

/** The items that are due; `woken` ones may begin before their next time in the schedule. */
export async function findDue(
  { store, run }: Pick<SharedWorld, 'store' | 'run'>,
  { job, work, everyMs }: PreparedJob,
  woken: ReadonlySet<string>,
): Promise<Result<readonly DueItem[], StoreFailure>> {
  return store.read(async (reads) => {
    const items = (await work.due(reads)).slice(0, ITEMS_MAX);
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
  let later: { readonly at: number; readonly cancel: () => void } | null = null;
  let polling: Promise<void> | null = null;
  let again = false;
  /** Items that were woken since the last look, or during their work. */
  let woken = new Set<string>();
  const waiting = new Set<string>();
  const working = new Set<string>();
  /** The items whose last work failed here, and the steady time at which each became due again. */
  const failedHere = new Map<string, number | null>();
  const lateness = createLateness(steadyMs, working);

  const pollIn = (ms: number): void => {
    const at = steadyMs() + ms;
    if (stopped || (later !== null && later.at <= at)) return;
    later?.cancel();
    later = {
      at,
      cancel: timers.after(ms, () => {
        later = null;
        poll();
      }),
    };
  };

  const poll = (): void => {
    again = polling !== null;
    if (stopped || polling !== null) return;
    polling = look()
      .catch((error: unknown) => log.error('job.failed', { job: job.name, detail: String(error) }))
      .finally(() => {
        polling = null;
        if (again) poll();
      });
  };

  const look = async (): Promise<void> => {
    const wanted = woken;
    woken = new Set();
    const found = await findDue(world, prepared, wanted);
    if (!found.ok) {
      for (const item of wanted) woken.add(item);
      return wanted.size > 0 ? pollIn(UNAVAILABLE_MS) : undefined;
    }
    lateness.looked(found.value);
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
      // Wakes up to this moment are answered by this piece of work.
      const wasWoken = woken.delete(item) || isWoken;
      working.add(item);
      const startedAt = steadyMs();
      let isHeld = false;
      const begun = (): void => {
        isHeld = true;
        observer.held(job.name, 1);
      };
      try {
        const end = await workPiece(world, prepared, { item, woken: wasWoken, isStopping: () => stopped, begun });
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
        if (isHeld) observer.held(job.name, -1);
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
      later?.cancel();
      await polling;
    },
    runLast: async () => undefined,
    lateMs: lateness.lateMs,
  };
}
