/** Reads how many certificates were issued and revoked on each day. */
import { decideAccess, profileInScope } from '../../access/decide.js';
import type { Instant } from '../../kernel/clock.js';
import { ok, type Result } from '../../kernel/result.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Account } from '../../ports/store/accounts.js';
import type { FinalReason } from '../../ports/store/counts/daily-counts.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

type DayCount = {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly issuer: IssuerId;
  readonly profile: string;
  readonly issued: number;
  readonly revoked: Readonly<Partial<Record<FinalReason, number>>>;
};

export type DayCounts = {
  /** In the order of day, issuer and profile; days without any are left out. */
  readonly counts: readonly DayCount[];
  /** What happened until then is counted; null: nothing is yet. */
  readonly countedAt: Instant | null;
};

/** The first and the last day are included. The account sees the profiles of its scope. */
export async function readCounts(
  { store }: Pick<World, 'store'>,
  account: Account,
  days: { readonly from: number; readonly to: number },
): Promise<Result<DayCounts, OperationFailure>> {
  const permitted = decideAccess(account, 'read-counts', null);
  if (!permitted.ok) return permitted;
  const read = await store.read(async (reads) => ({
    rows: await reads.dailyCounts(days),
    job: await reads.job({ job: 'daily-counts', item: '' }),
  }));
  if (!read.ok) return read;
  const { rows, job } = read.value;
  const counts = new Map<string, DayCount>();
  for (const { day, issuer, profile, kind, count } of rows) {
    if (!profileInScope(account.scope.profiles, profile)) continue;
    const name = `${day} ${issuer} ${profile}`;
    const known = counts.get(name) ?? { day, issuer, profile, issued: 0, revoked: {} };
    const more = kind === 'issued' ? { issued: count } : { revoked: { ...known.revoked, [kind]: count } };
    counts.set(name, { ...known, ...more });
  }
  return ok({ counts: [...counts.values()], countedAt: job?.lastSuccessAt ?? null });
}
