/**
 * Periodic or triggered work. Each job is one value in one file; `src/compose/jobs.ts` lists all of
 * them, and `runner.ts` runs them.
 */
import type { Json } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import type { Role } from '../ports/node.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Lease } from '../ports/store/leases.js';
import type { Reads, Store, Transaction } from '../ports/store.js';

export type JobName =
  | 'acknowledgements'
  | 'approvals-expire'
  | 'registrations'
  | 'cmp-transactions'
  | 'campaign-dates'
  | 'campaign-population'
  | 'ceremony-lists'
  | 'clock-watch'
  | 'crl'
  | 'daily-counts'
  | 'end-dead-runs'
  | 'expiring'
  | 'heartbeat'
  | 'home-lists'
  | 'horizons'
  | 'idempotency-retention'
  | 'issuance-minutes'
  | 'journal'
  | 'journal-counts'
  | 'list-requests'
  | 'mass-revocation'
  | 'ocsp-audit'
  | 'order'
  | 'order-end'
  | 'order-parts'
  | 'outbox-retention'
  | 'outlet'
  | 'own-intents'
  | 'recover-intents'
  | 'replacements-due'
  | 'request-trail'
  | 'responder-renewal'
  | 'responders-adopt'
  | 'save-answers'
  | 'self-check'
  | 'sign-ahead'
  | 'status-poller'
  | 'tag-keys'
  | 'updates-due'
  | 'uploads'
  | 'webhook-fan-out'
  | 'webhook-send';

/** The roles whose processes write to the database. */
type WritingRole = Exclude<Role, 'responder'>;

type JobFacts<Of extends Role> = {
  /** The name in the database, in log lines and in metrics. */
  readonly name: JobName;
  /** The roles whose processes do it. */
  readonly roles: readonly Of[];
  /** Time between two runs, or between two questions whether something is due. */
  readonly everyMs: number;
  /** Whether `/readyz` reports the job when it is late by three periods. */
  readonly isEssential: boolean;
};

/** Work that every process with one of the roles does. It runs once at a time in a process. */
export type RunJob<Parts, Of extends Role = WritingRole> = JobFacts<Of> & {
  readonly scope: 'run';
  /**
   * Additional runs: when the process starts, because work may have become due before; or when it
   * stops.
   */
  readonly alsoRuns: readonly ('at-start' | 'at-stop')[];
  /** Prepares the work of a process. null: by its configuration, this process has no such work. */
  readonly prepare: (parts: Parts) => RunWork | null;
};

export type RunWork = {
  readonly run: () => Promise<void>;
  /** Period from the configuration, which replaces the period of the job. */
  readonly everyMs?: number;
};

/**
 * Work that one process at a time does: for the whole installation (`cluster`), or for each item of
 * the job (`item`).
 */
export type SharedJob<Parts> = JobFacts<'worker'> & {
  readonly scope: 'cluster' | 'item';
  /**
   * After a crash, the other processes wait for at most this long. An hour at most; the lease is
   * renewed during the work.
   */
  readonly leaseDurationMs: number;
  /** A piece of work ends within this time. After it, its lease is not renewed any more. */
  readonly budgetMs: number;
  /** The job has a pool of its own in the runner, which does this many pieces of work at once. */
  readonly atOnceMax?: number;
  /** null: by its configuration, this process has no such work. */
  readonly prepare: (parts: Parts) => SharedWork | null;
};

export type SharedWork = {
  /** Period from the configuration, which replaces the period of the job. */
  readonly everyMs?: number;
  /**
   * The items for which there is something to do. No lease is taken while nothing is due, and none
   * before the time in the schedule of an item.
   */
  readonly due: (reads: Reads) => Promise<readonly string[]>;
  /**
   * Does one piece of work. `more`: there is more to do for this item, which is put behind the
   * others. It throws `JobFailed` when it has to be repeated later.
   */
  readonly work: (leased: JobLease, item: string) => Promise<'done' | 'more'>;
};

export type Job<Parts> = RunJob<Parts, Role> | SharedJob<Parts>;

/** What `due` answers for a job of the whole installation. */
export const WHOLE: readonly string[] = [''];

/** The right to work on an item. */
export type JobLease = {
  /**
   * For grouped transactions, which the work of several leases may share: that work checks its
   * lease itself.
   */
  readonly lease: Lease;
  /**
   * The only way to write. The transaction checks first that no other process has taken the lease;
   * otherwise it throws `LeaseLost` and writes nothing.
   */
  readonly transaction: Store['transaction'];
  /** The store for operations, all of whose transactions are checked in the same way. */
  readonly store: Store;
  readonly isLost: () => boolean;
  /**
   * Whether the work has to end, and to answer `more` if something is left: its budget is used up,
   * the process stops, or the lease was lost.
   */
  readonly mustEnd: () => boolean;
  /** What the last piece of work for this item has stored; null: nothing. */
  readonly cursor: Json;
  readonly setCursor: (tx: Transaction, cursor: Json) => Promise<void>;
};

/** What the work of a job may use of the store besides `JobLease`. */
export type ReadingStore = Pick<Store, 'read'>;

/**
 * A failure that the runner records and repeats later. Its text is stored and shown to operators,
 * so it has no personal data.
 */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

/** The value; without it the work has failed, because the database cannot be used. */
export function orFail<Value>(result: Result<Value, StoreFailure>): Value {
  if (result.ok) return result.value;
  throw new JobFailed(`database unavailable: ${result.error.detail}`);
}

/** Another process has taken the lease, so nothing more may be written for this piece of work. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
