/**
 * Makes the CRLs that officers request from a process without the role `worker`. The request is
 * stored as an item of a job, so that a worker makes the CRL even if it starts later, or if the
 * process that received the request has ended. The process that received the request waits for the
 * worker, and returns the CRL.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { toHex } from '../../kernel/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { err, ok } from '../../kernel/result.js';
import { checkRequest } from '../../operations/crl/publish-crl.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import type { CrlKind } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoredJob } from '../../ports/store/jobs.js';
import type { Transaction } from '../../ports/store.js';
import { JobFailed, type SharedJob, valueOrThrow } from '../job.js';
import type { CrlPublication } from './crl-publication.js';

/**
 * The cursor of the item of an issuer: the open request, or why the last one was refused. null: the
 * last request was done.
 */
type Cursor = ListRequest | { readonly refusal: Refusal } | null;

/**
 * A failure after which the job does not repeat the request: the worker does not know the issuer,
 * makes no such CRLs, or was overtaken by newer CRLs at each attempt.
 */
type Refusal = Extract<OperationFailure, { readonly kind: 'not-found' | 'state-conflict' }>;

type ListRequest = {
  /**
   * A random id, which distinguishes this request from a later one, for which another CRL is made.
   */
  readonly id: string;
  readonly kind: CrlKind;
};

const JOB = 'list-requests';
const REQUESTS_MAX = 1_000;

export const publishRequestedListsJob: SharedJob<{ readonly crls: Pick<CrlPublication, 'publishNow'> }> = {
  name: JOB,
  scope: 'item',
  roles: ['worker'],
  everyMs: SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: 5 * MINUTE_MS,
  isEssential: true,
  prepare: ({ crls }) => ({
    due: async (reads) => {
      const items = await reads.jobs({ job: JOB, limit: REQUESTS_MAX });
      return items.flatMap((stored) => (requestIn(stored) === null ? [] : [stored.item]));
    },
    work: async (leased, item) => {
      const request = requestIn(leased);
      if (request === null) return 'done';
      const published = await crls.publishNow(item as IssuerId, request.kind);
      const refusal = published.ok ? null : refusalIn(published.error);
      if (published.ok || refusal !== null)
        valueOrThrow(
          await leased.transaction(async (tx) => {
            const last = requestIn(await tx.job({ job: JOB, item }));
            if (last?.id === request.id) await leased.setCursor(tx, refusal === null ? null : { refusal });
          }),
        );
      if (!published.ok) throw new JobFailed(`the list was not made: ${published.error.kind}`);
      return 'done';
    },
  }),
};

/** Returns the open request; null: there is none. */
function requestIn(stored: Pick<StoredJob, 'cursor'> | null): ListRequest | null {
  const cursor = (stored?.cursor ?? null) as Cursor;
  return cursor === null || 'refusal' in cursor ? null : cursor;
}

/** Returns the failure if it ends the request; null: the job repeats the request. */
function refusalIn(failure: OperationFailure): Refusal | null {
  return failure.kind === 'not-found' || failure.kind === 'state-conflict' ? failure : null;
}

/**
 * How long a process waits for the worker. After this time the officer is asked to try again, and
 * the request stays stored. The time is shorter than the 60 s after which load balancers usually
 * give up.
 */
const WAIT_MS_MAX = 45 * SECOND_MS;
const POLL_MS = 100;
/**
 * After this many failures of the worker, the process waits no longer, because the worker will not
 * succeed soon.
 */
const FAILURES_MAX = 3;

/**
 * Creates the `publishNow` of a process without the role `worker`, which stores a request and waits
 * for a worker.
 */
export function createPublishByWorker(
  world: Pick<World, 'store' | 'random' | 'policy' | 'issuers'> & {
    /** Milliseconds of a monotonic clock. */
    readonly steadyMs: () => number;
  },
): CrlPublication['publishNow'] {
  const { store, random, steadyMs } = world;

  const storeRequest = async (tx: Transaction, item: IssuerId, kind: CrlKind): Promise<void> => {
    const { now } = await tx.databaseClock();
    const before = await tx.job({ job: JOB, item });
    // A request that waits for a full CRL is not replaced by one for a delta.
    const waiting = requestIn(before);
    const next: ListRequest = { id: toHex(random(8)), kind: waiting?.kind === 'full' ? 'full' : kind };
    const { lastStartedAt = now, lastSuccessAt = null } = before ?? {};
    const attempts = { failures: 0, lastStartedAt, lastSuccessAt, lastError: null };
    await tx.setJobSchedule({ job: JOB, item, nextAt: now, ...attempts });
    await tx.setJobCursor({ job: JOB, item }, next);
  };

  return async (issuer, kind = 'full') => {
    const checked = checkRequest(world, issuer, kind);
    if (!checked.ok) return checked;
    const waitUntil = steadyMs() + WAIT_MS_MAX;
    const requested = await store.transaction((tx) => storeRequest(tx, issuer, kind));
    if (!requested.ok) return requested;
    let detail = 'no process with the role worker has made the requested list yet';
    while (steadyMs() < waitUntil) {
      await sleep(POLL_MS);
      const found = await store.read(async (reads) => {
        const item = await reads.job({ job: JOB, item: issuer });
        // If no delta can be made, the worker makes a full CRL instead. Both kinds are numbered in
        // one series, so the CRL with the higher number is the newer one.
        const lists = [await reads.latestCrl(issuer, kind), await reads.latestCrl(issuer)];
        const [newest] = lists.flatMap((list) => list ?? []).sort((one, other) => other.number - one.number);
        return { item, list: newest ?? null };
      });
      if (!found.ok) return found;
      const { item, list } = found.value;
      const cursor = item?.cursor as Cursor | undefined;
      if (cursor === null && list !== null) return ok(list);
      if (cursor && 'refusal' in cursor) return err(cursor.refusal);
      detail = item?.lastError ?? detail;
      if (item !== null && item.failures >= FAILURES_MAX) break;
    }
    return err({ kind: 'signer-unavailable', retryAfterMs: 5 * SECOND_MS, detail });
  };
}
