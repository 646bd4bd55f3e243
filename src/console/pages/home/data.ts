/**
 * What the home page shows. Nothing here counts certificates: each read is of a few rows, whatever
 * the size of the database is.
 */
import { rolesPermit } from '../../../access/decide.js';
import type { Instant } from '../../../kernel/clock.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { ok, type Result } from '../../../kernel/result.js';
import { type DayCounts, readCounts } from '../../../operations/counts/read-counts.js';
import { type AuthorityState, listAuthorities } from '../../../operations/crl/read-authorities.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { listRuns, type Runs } from '../../../operations/nodes/list-runs.js';
import { readWork, type Work } from '../../../operations/overview/read-work.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { World } from '../../../operations/world.js';
import { type Horizon, type HorizonState, horizonOf, horizonState } from '../../../policy/horizon.js';
import type { Readiness } from '../../../ports/readiness.js';
import type { Issuer } from '../../../x509/model.js';
import type { PageRequest } from '../../page.js';

export type AuthorityRow = AuthorityState & {
  /** null: a root, or a generation that issues nothing any more. */
  readonly horizon: (Horizon & { readonly state: HorizonState }) | null;
};

export type HomeData = {
  readonly now: Instant;
  readonly authorities: readonly AuthorityRow[];
  /** null: it was not known in time. */
  readonly readiness: Readiness | null;
  /** null: the account may not see the state of the platform. */
  readonly platform: { readonly work: Work; readonly runs: Runs } | null;
  /** null: the account may not see how many certificates there are. */
  readonly flow: readonly DayFlow[] | null;
};

/** What happened on one day (UTC). */
type DayFlow = { readonly at: Instant; readonly issued: number; readonly revoked: number };

/** Days of the plot, with today. */
export const FLOW_DAYS = 30;

export async function loadHome(
  { world, readiness }: ServingContext,
  { account }: PageRequest,
): Promise<Result<HomeData, OperationFailure>> {
  const mayWatch = rolesPermit(account.roles, 'read-nodes');
  const today = Math.floor(world.clock() / DAY_MS);
  const days = { from: today - FLOW_DAYS + 1, to: today };
  const [authorities, work, runs, state, counts] = await Promise.all([
    listAuthorities(world, account),
    mayWatch ? readWork(world, account) : null,
    mayWatch ? listRuns(world, account) : null,
    mayWatch ? readiness() : null,
    rolesPermit(account.roles, 'read-counts') ? readCounts(world, account, days) : null,
  ]);
  for (const read of [authorities, work, runs, counts]) if (read?.ok === false) return read;
  if (!authorities.ok) return authorities;
  return ok({
    now: world.clock(),
    authorities: authorities.value.map((one) => ({ ...one, horizon: horizonFor(world, one.issuer) })),
    readiness: state,
    platform: work?.ok && runs?.ok ? { work: work.value, runs: runs.value } : null,
    flow: counts?.ok ? flowOf(counts.value, days) : null,
  });
}

function horizonFor({ policy, issuers, clock }: World, issuer: Issuer): AuthorityRow['horizon'] {
  if (issuer.kind === 'root' || issuers.current(issuer.authority)?.id !== issuer.id) return null;
  const horizon = horizonOf(policy, issuer);
  return { ...horizon, state: horizonState(horizon, clock()) };
}

/** One row for each day, also for days without any; none while nothing has been counted. */
function flowOf(
  { counts }: DayCounts,
  { from, to }: { readonly from: number; readonly to: number },
): readonly DayFlow[] {
  if (counts.length === 0) return [];
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const own = counts.filter(({ day }) => day === from + index);
    const revoked = own.flatMap((one) => Object.values(one.revoked));
    return {
      at: (from + index) * DAY_MS,
      issued: own.reduce((sum, { issued }) => sum + issued, 0),
      revoked: revoked.reduce((sum, count) => sum + count, 0),
    };
  });
}
