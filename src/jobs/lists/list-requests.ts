/**
 * Lists that officers request of a process without the role `worker`. The request is stored as an
 * item of a job, so that a worker makes the list even if it starts later, or the process that asked
 * has ended. The process waits for the worker, and answers with the list.
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
import { JobFailed, orFail, type SharedJob } from '../job.js';
import type { CrlPublication } from './crl-publication.js';

/** The cursor of the item of an issuer; null: the last request was done. */
type Cursor = ListRequest | { readonly refusal: Refusal } | null;

/**
 * The answer to a request that the job does not repeat: the worker does not know the issuer, serves
 * no such lists, or was overtaken by newer lists at each attempt.
 */
type Refusal = Extract<OperationFailure, { readonly kind: 'not-found' | 'state-conflict' }>;

type ListRequest = {
  /** Distinguishes a later request, which needs a list of its own. */
  readonly id: string;
  readonly kind: CrlKind;
};

const JOB = 'list-requests';
const REQUESTS_MAX = 1_000;

export const publishRequestedLists: SharedJob<{ readonly crls: Pick<CrlPublication, 'publishNow'> }> = {
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
        orFail(
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

/** null: no list is to be made. */
function requestIn(stored: Pick<StoredJob, 'cursor'> | null): ListRequest | null {
  const cursor = (stored?.cursor ?? null) as Cursor;
  return cursor === null || 'refusal' in cursor ? null : cursor;
}

/** null: the request is repeated. */
function refusalIn(failure: OperationFailure): Refusal | null {
  return failure.kind === 'not-found' || failure.kind === 'state-conflict' ? failure : null;
}

/**
 * After this time the request stays, and the officer is told to ask again. It is shorter than the
 * 60 s after which load balancers usually give up.
 */
const WAIT_MS_MAX = 45 * SECOND_MS;
const POLL_MS = 100;
/** After so many failures of the worker, it will not succeed soon. */
const FAILURES_MAX = 3;

/** `publishNow` of a process without the role `worker`. */
export function createListRequests(
  world: Pick<World, 'store' | 'random' | 'policy' | 'issuers'> & {
    /** Milliseconds of a monotonic clock. */
    readonly steadyMs: () => number;
  },
): CrlPublication['publishNow'] {
  const { store, random, steadyMs } = world;

  const request = async (tx: Transaction, item: IssuerId, kind: CrlKind): Promise<void> => {
    const { now } = await tx.databaseClock();
    const before = await tx.job({ job: JOB, item });
    // A request that waits for a full list is not replaced by one for a delta.
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
    const requested = await store.transaction((tx) => request(tx, issuer, kind));
    if (!requested.ok) return requested;
    let detail = 'no process with the role worker has made the requested list yet';
    while (steadyMs() < waitUntil) {
      await sleep(POLL_MS);
      const found = await store.read(async (reads) => {
        const item = await reads.job({ job: JOB, item: issuer });
        // Where no delta can be made, a full list answers. Both take numbers of one series.
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
