/**
 * Types of jobs. A job is work that a process repeats, periodically or when it is woken. Each job
 * is one value in one file; `src/compose/jobs.ts` lists all of them, and `runner.ts` runs them.
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

type JobDefinition<Of extends Role> = {
  /** The name of the job in the database, in log lines and in metrics. */
  readonly name: JobName;
  /** The roles whose processes run the job. */
  readonly roles: readonly Of[];
  /**
   * The period. The work of a job of scope `run` begins once in each period. A shared job reads
   * once in each period which items are due. After an attempt that was `done`, it does not work on
   * the item again for one period, unless the item is woken.
   */
  readonly everyMs: number;
  /**
   * Whether `/readyz` reports the job when it is late by three periods, and by at least 30 s. The
   * essential shared jobs also have a pool in the runner that other jobs do not use, so that no
   * other job delays them.
   */
  readonly isEssential: boolean;
};

/**
 * A job that every process with one of the roles runs for itself. A process never runs it twice at
 * the same time.
 */
export type RunJob<Parts, Of extends Role = WritingRole> = JobDefinition<Of> & {
  readonly scope: 'run';
  /**
   * When the job runs in addition to its periodic work: `at-start`, because work may have become
   * due before the process started; `at-stop`, once more when the process stops.
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
 * A job on which one process at a time works, under a lease. There is one lease for the whole
 * installation (scope `cluster`), or one for each item of the job (scope `item`).
 */
export type SharedJob<Parts> = JobDefinition<'worker'> & {
  readonly scope: 'cluster' | 'item';
  /**
   * Duration of the lease, an hour at most. It is renewed during the work. After a crash, the other
   * processes wait until it has ended.
   */
  readonly leaseDurationMs: number;
  /**
   * Limit for one attempt at an item. After this time, `mustEnd` is true and the lease is not
   * renewed any more.
   */
  readonly budgetMs: number;
  /**
   * If it is set, the job has its own pool in the runner, which makes at most this many attempts at
   * the same time.
   */
  readonly atOnceMax?: number;
  /** null: by its configuration, this process has no such work. */
  readonly prepare: (parts: Parts) => SharedWork | null;
};

export type SharedWork = {
  /** Period from the configuration, which replaces the period of the job. */
  readonly everyMs?: number;
  /**
   * Returns the items for which there is, or may be, something to do. The runner takes no lease
   * while nothing is due, and none before the time in the schedule of an item, unless the item is
   * woken.
   */
  readonly due: (reads: Reads) => Promise<readonly string[]>;
  /**
   * Makes one attempt at an item. It returns `more` if something is left for this item, which then
   * waits behind the other items. It throws `JobFailed` if the attempt has to be repeated later.
   */
  readonly work: (leased: JobLease, item: string) => Promise<'done' | 'more'>;
};

export type Job<Parts> = RunJob<Parts, Role> | SharedJob<Parts>;

/**
 * The items of a job of scope `cluster`: there is one, and its id is the empty text. `due` returns
 * this list when there is something to do.
 */
export const CLUSTER_ITEMS: readonly string[] = [''];

/** The right to work on one item, with what the work may use while the lease lasts. */
export type JobLease = {
  /**
   * The lease itself, for grouped transactions. Work under several leases may share such a
   * transaction, so each part of it checks its own lease with `isLeaseCurrent`.
   */
  readonly lease: Lease;
  /**
   * Runs a transaction that first checks the lease. If the lease was lost, it throws `LeaseLost`
   * and writes nothing. Jobs write with this function, with `store`, or in grouped transactions
   * that check `lease`.
   */
  readonly transaction: Store['transaction'];
  /** The store for operations. Each of its transactions checks the lease in the same way. */
  readonly store: Store;
  readonly isLost: () => boolean;
  /**
   * Whether the work has to end, and to answer `more` if something is left: its budget is used up,
   * the process stops, or the lease was lost.
   */
  readonly mustEnd: () => boolean;
  /**
   * The value that was last stored with `setCursor` for this item, so that the work continues from
   * there; null: none.
   */
  readonly cursor: Json;
  readonly setCursor: (tx: Transaction, cursor: Json) => Promise<void>;
};

/** The part of the store that the work of a shared job uses without its lease: it can only read. */
export type ReadingStore = Pick<Store, 'read'>;

/**
 * Thrown by the work of a job so that the work is repeated later. For a shared job, the runner
 * stores the text and operators see it, so the text must not contain personal data.
 */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

/** Returns the value of a result. Throws `JobFailed` if the database could not be used. */
export function valueOrThrow<Value>(result: Result<Value, StoreFailure>): Value {
  if (result.ok) return result.value;
  throw new JobFailed(`database unavailable: ${result.error.detail}`);
}

/**
 * Thrown by a write after the lease was lost: another process has taken it, or it was not renewed
 * in time. Nothing more may be written for this attempt.
 */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
