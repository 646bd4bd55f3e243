/**
 * Makes one attempt at an item of a shared job: takes the lease, does the work, stores the result
 * in the schedule, and ends the lease.
 */
import { toHex } from '../../kernel/bytes.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { RunId } from '../../ports/node.js';
import type { StoredJob } from '../../ports/store/jobs.js';
import type { Lease } from '../../ports/store/leases.js';
import type { Store, Transaction } from '../../ports/store.js';
import type { Log, Random } from '../../ports/world.js';
import { type JobLease, LeaseLost, type SharedJob, type SharedWork } from '../job.js';
import { startLeaseRenewal } from './renewed-lease.js';
import { mayBeginAt, scheduleAfter, type WorkEnd } from './schedule.js';
import type { Timers } from './timers.js';

export type SharedWorld = {
  readonly store: Store;
  readonly run: RunId;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly random: Random;
  readonly log: Log;
  readonly timers: Timers;
};

/** A shared job, with its work and its period in this process. */
export type PreparedJob = {
  readonly job: Pick<SharedJob<never>, 'name' | 'leaseDurationMs' | 'budgetMs' | 'isEssential'>;
  readonly work: SharedWork;
  readonly everyMs: number;
};

type AttemptRequest = {
  readonly item: string;
  /** Whether the item was woken, and so may begin before its next time in the schedule. */
  readonly woken: boolean;
  /** Returns whether the process is stopping, so that the work has to end. */
  readonly isStopping: () => boolean;
  /** Called after the lease was taken and before the work begins. */
  readonly begun: () => void;
};

/**
 * How an attempt ended, or why it did not begin. `held`: another holder has the lease of the item.
 * `not-due`: another process has just made an attempt. `unavailable`: the database could not be
 * used.
 */
export type AttemptEnd = WorkEnd['kind'] | 'held' | 'not-due' | 'unavailable';

/**
 * When an item is worked on for the first time, the schedules of those items of the same job are
 * deleted that became due longer ago than this and on which nobody has worked since. Otherwise the
 * table would grow without limit.
 */
const UNUSED_ITEM_RETENTION_MS = 30 * DAY_MS;

type BegunAttempt = { readonly lease: Lease; readonly stored: StoredJob | null; readonly startedAt: number };

/**
 * Returns the name of a lease in the database: `crl/aci-fo-pp`, or the name of the job alone for a
 * job of scope `cluster`.
 */
export function leaseName(job: string, item: string): string {
  return item === '' ? job : `${job}/${item}`;
}

/**
 * Makes an attempt, and returns how it ended. A failure of the work is logged and stored in the
 * schedule, and not thrown.
 */
export async function runAttempt(
  world: SharedWorld,
  prepared: PreparedJob,
  request: AttemptRequest,
): Promise<AttemptEnd> {
  const { job, work } = prepared;
  const { item } = request;
  const askedAt = world.steadyMs();
  const taken = await world.store.transaction((tx) => begin(world, tx, { ...request, prepared }));
  if (!taken.ok) return 'unavailable';
  if (!taken.value.ok) return taken.value.error;
  const begun = taken.value.value;
  const { lease, stored } = begun;
  request.begun();
  const { leaseDurationMs: durationMs, budgetMs } = job;
  const held = startLeaseRenewal(world, { lease, durationMs, askedAt, budgetMs });
  const isOver = (): boolean => world.steadyMs() - askedAt > budgetMs;
  const leased: JobLease = {
    lease,
    store: held.store,
    transaction: held.store.transaction,
    isLost: held.isLost,
    mustEnd: () => request.isStopping() || isOver() || held.isLost(),
    cursor: stored?.cursor ?? null,
    setCursor: (tx, cursor) => tx.setJobCursor({ job: job.name, item }, cursor),
  };
  const outcome = await endOfWork(() => work.work(leased, item));
  await held.stopRenewal();
  if (isOver()) world.log.warn('job.over-budget', { job: job.name, item, budgetMs });
  if (outcome.kind === 'failed') world.log.error('job.failed', { job: job.name, item, detail: String(outcome.error) });
  if (outcome.kind === 'lost') world.log.warn('job.lease-lost', { job: job.name, item });
  const ended = await world.store.transaction((tx) => end(world, tx, { ...begun, prepared, item, outcome }));
  if (!ended.ok) return 'unavailable';
  return ended.value ? outcome.kind : 'lost';
}

async function begin(
  { run }: SharedWorld,
  tx: Transaction,
  { prepared, item, woken }: AttemptRequest & { readonly prepared: PreparedJob },
): Promise<Result<BegunAttempt, 'held' | 'not-due'>> {
  const { job, everyMs } = prepared;
  const [stored, { now }] = [await tx.job({ job: job.name, item }), await tx.databaseClock()];
  if (mayBeginAt(stored, { now, everyMs, woken }) > now) return err('not-due');
  const lease = await tx.takeLease({ name: leaseName(job.name, item), holder: run, durationMs: job.leaseDurationMs });
  if (lease === null) return err('held');
  await tx.setJobSchedule({ ...(stored ?? NEVER_DONE), job: job.name, item, nextAt: now, lastStartedAt: now });
  return ok({ lease, stored, startedAt: now });
}

const NEVER_DONE = { failures: 0, lastSuccessAt: null, lastError: null } as const;

async function endOfWork(work: () => Promise<'done' | 'more'>): Promise<WorkEnd> {
  try {
    return { kind: await work() };
  } catch (error) {
    return error instanceof LeaseLost ? { kind: 'lost' } : { kind: 'failed', error };
  }
}

type AttemptToEnd = BegunAttempt & { readonly prepared: PreparedJob; readonly item: string; readonly outcome: WorkEnd };

/**
 * Stores the outcome and the time at which the item is due again, and ends the lease. false:
 * another process has taken the lease, and nothing was stored.
 */
async function end(
  { random }: SharedWorld,
  tx: Transaction,
  { lease, stored: before, startedAt, prepared, item, outcome }: AttemptToEnd,
): Promise<boolean> {
  const { job, everyMs } = prepared;
  if (!(await tx.isLeaseCurrent(lease))) return false;
  const { now } = await tx.databaseClock();
  const chance = Number.parseInt(toHex(random(2)), 16) / 0xffff;
  // The row is read again, because a request for more work may have reset its count of failures
  // during the attempt.
  const stored = await tx.job({ job: job.name, item });
  await tx.setJobSchedule(scheduleAfter(stored, outcome, { job: job.name, item, startedAt, now, everyMs, chance }));
  await tx.endLease(lease);
  if (before === null) await tx.deleteOldJobs(job.name, now - UNUSED_ITEM_RETENTION_MS);
  return true;
}
