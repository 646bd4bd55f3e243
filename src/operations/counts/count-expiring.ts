/** Counts certificates that end soon, by profile and week, or by structure for one profile. */
import { decideAccess } from '../../access/decide.js';
import type { Instant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { EndingInWeek, EndingOfStructure } from '../../ports/store/counts/expiring.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** Certificates that one question looks at: half a second of work at the most. */
const EXAMINED_MAX = 500_000;
const STRUCTURES_MAX = 200;

type ExpiringCount<Row> = {
  readonly rows: readonly Row[];
  /** Certificates that end until then are counted: the end of the period, or earlier. */
  readonly countedUntil: Instant;
  /** false: there were too many to count them until the end of the period. */
  readonly isComplete: boolean;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** Issued and suspended certificates that end in the next `days`, in the scope of the account. */
export async function countExpiring(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  account: Account,
  { days }: { readonly days: number },
): Outcome<ExpiringCount<EndingInWeek>> {
  const permitted = decideAccess(account, 'read-counts', null);
  if (!permitted.ok) return permitted;
  const period = periodOf(clock(), days);
  return store.read(async (reads) => {
    const { rows, countedBefore } = await reads.countEndingByWeek({
      ...period,
      scope: account.scope,
      examinedMax: EXAMINED_MAX,
    });
    return { rows, countedUntil: countedBefore ?? period.until, isComplete: countedBefore === null };
  });
}

/** The structures with the most of them, for one profile. */
export async function countExpiringOfStructures(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  account: Account,
  { days, profile }: { readonly days: number; readonly profile: string },
): Outcome<ExpiringCount<EndingOfStructure>> {
  const permitted = decideAccess(account, 'find', null);
  if (!permitted.ok) return permitted;
  const period = periodOf(clock(), days);
  return store.read(async (reads) => {
    const { rows, countedBefore } = await reads.countEndingByStructure({
      ...period,
      profile,
      limit: STRUCTURES_MAX,
      scope: account.scope,
      examinedMax: EXAMINED_MAX,
    });
    return { rows, countedUntil: countedBefore ?? period.until, isComplete: countedBefore === null };
  });
}

function periodOf(now: Instant, days: number): { readonly from: Instant; readonly until: Instant } {
  return { from: now, until: now + days * DAY_MS };
}
