/** One piece of work for one item: takes the lease, works, stores how it went, ends the lease. */
import { toHex } from '../../kernel/bytes.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { RunId } from '../../ports/node.js';
import type { StoredJob } from '../../ports/store/jobs.js';
import type { Lease } from '../../ports/store/leases.js';
import type { Store, Transaction } from '../../ports/store.js';
import type { Log, Random } from '../../ports/world.js';
import { type JobLease, LeaseLost, type SharedJob, type SharedWork } from '../job.js';
import { holdLease } from './held-lease.js';
import { mayBeginAt, type Outcome, scheduleAfter } from './schedule.js';
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

/** A job with its work in this process. */
export type PreparedJob = {
  readonly job: Pick<SharedJob<never>, 'name' | 'leaseDurationMs' | 'budgetMs' | 'isEssential'>;
  readonly work: SharedWork;
  readonly everyMs: number;
};

type PieceRequest = {
  readonly item: string;
  readonly woken: boolean;
  /** Whether the process stops. */
  readonly isStopping: () => boolean;
  /** Called when the lease was taken, before the work. */
  readonly begun: () => void;
};

/** `held`: another process works on it; `not-due`: another one has just done it. */
export type PieceEnd = Outcome['kind'] | 'held' | 'not-due' | 'unavailable';

/** An item that was due before, and that nobody has worked on since, is deleted. */
const KEPT_MS = 30 * DAY_MS;

type BegunPiece = { readonly lease: Lease; readonly stored: StoredJob | null; readonly startedAt: number };

export function leaseName(job: string, item: string): string {
  return item === '' ? job : `${job}/${item}`;
}

export async function workPiece(world: SharedWorld, prepared: PreparedJob, request: PieceRequest): Promise<PieceEnd> {
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
  const held = holdLease(world, { lease, durationMs, askedAt, budgetMs });
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
  const outcome = await outcomeOf(() => work.work(leased, item));
  await held.settle();
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
  { prepared, item, woken }: PieceRequest & { readonly prepared: PreparedJob },
): Promise<Result<BegunPiece, 'held' | 'not-due'>> {
  const { job, everyMs } = prepared;
  const [stored, { now }] = [await tx.job({ job: job.name, item }), await tx.databaseClock()];
  if (mayBeginAt(stored, { now, everyMs, woken }) > now) return err('not-due');
  const lease = await tx.takeLease({ name: leaseName(job.name, item), holder: run, durationMs: job.leaseDurationMs });
  if (lease === null) return err('held');
  await tx.setJobSchedule({ ...(stored ?? NEVER_DONE), job: job.name, item, nextAt: now, lastStartedAt: now });
  return ok({ lease, stored, startedAt: now });
}

const NEVER_DONE = { failures: 0, lastSuccessAt: null, lastError: null } as const;

async function outcomeOf(work: () => Promise<'done' | 'more'>): Promise<Outcome> {
  try {
    return { kind: await work() };
  } catch (error) {
    return error instanceof LeaseLost ? { kind: 'lost' } : { kind: 'failed', error };
  }
}

type PieceToEnd = BegunPiece & { readonly prepared: PreparedJob; readonly item: string; readonly outcome: Outcome };

/** Stores when the item is due again. false: another process has taken the lease. */
async function end(
  { random }: SharedWorld,
  tx: Transaction,
  { lease, stored: before, startedAt, prepared, item, outcome }: PieceToEnd,
): Promise<boolean> {
  const { job, everyMs } = prepared;
  if (!(await tx.isLeaseCurrent(lease))) return false;
  const { now } = await tx.databaseClock();
  const chance = Number.parseInt(toHex(random(2)), 16) / 0xffff;
  // A request for more work may have reset the count of failures meanwhile.
  const stored = await tx.job({ job: job.name, item });
  await tx.setJobSchedule(scheduleAfter(stored, outcome, { job: job.name, item, startedAt, now, everyMs, chance }));
  await tx.endLease(lease);
  if (before === null) await tx.deleteOldJobs(job.name, now - KEPT_MS);
  return true;
}
