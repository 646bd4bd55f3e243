/**
 * A certificate names the list of its partition for the rest of its life, so the number of an authority's partitions only grows. The
 * database keeps how many there were: a policy with fewer would leave certificates whose list nobody makes any more.
 */
import { err, ok, type Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Store } from '../../ports/store.js';

const MARK = 'partitions';

type Counts = Readonly<Record<string, number>>;

export type FewerPartitions = { readonly kind: 'fewer-partitions'; readonly detail: string };

/** At the start, before anything is dealt out or published. */
export async function keepPartitions(
  store: Pick<Store, 'transaction'>,
  { environment: { crl } }: Pick<Policy, 'environment'>,
): Promise<Result<void, FewerPartitions | StoreFailure>> {
  const kept = await store.transaction(async (tx) => {
    const text = await tx.mark(MARK);
    const before = text === null ? {} : (JSON.parse(text) as Counts);
    const fewer = fewerThan(before, crl.partitions);
    if (fewer !== null) return err(fewer);
    const after = { ...before, ...crl.partitions };
    if (JSON.stringify(after) !== JSON.stringify(before)) await tx.setMark(MARK, JSON.stringify(after));
    return ok(undefined);
  });
  return kept.ok ? kept.value : kept;
}

function fewerThan(before: Counts, now: Counts): FewerPartitions | null {
  for (const [authority, count] of Object.entries(before)) {
    const asked = now[authority] ?? 0;
    if (asked >= count) continue;
    const detail =
      `the policy has ${asked} partitions of the lists of ${authority} (crl/partitions of the environment), and certificates name ` +
      `lists of ${count}: their statuses would be on no list of theirs. Put ${count} or more`;
    return { kind: 'fewer-partitions', detail };
  }
  return null;
}
