/**
 * A certificate names the CRL of its partition as long as it lives, so the number of partitions of
 * an authority may only grow. The database stores the number: with a policy that has fewer, there
 * would be certificates whose CRL is not made any more.
 */
import { err, ok, type Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { MarkReads } from '../../ports/store/marks.js';
import type { Store } from '../../ports/store.js';

const MARK = 'partitions';

type Counts = Readonly<Record<string, number>>;

type FewerPartitions = { readonly kind: 'fewer-partitions'; readonly detail: string };

/** Called at the start, before anything is issued or published. */
export async function keepPartitions(
  store: Pick<Store, 'transaction'>,
  { environment: { crl } }: Pick<Policy, 'environment'>,
): Promise<Result<void, FewerPartitions | StoreFailure>> {
  const kept = await store.transaction(async (tx) => {
    const before = await knownPartitions(tx);
    const fewer = fewerThan(before, crl.partitions);
    if (fewer !== null) return err(fewer);
    const after = { ...before, ...crl.partitions };
    if (JSON.stringify(after) !== JSON.stringify(before)) await tx.setMark(MARK, JSON.stringify(after));
    return ok(undefined);
  });
  return kept.ok ? kept.value : kept;
}

/** Numbers of partitions by authority. */
export async function knownPartitions(reads: MarkReads): Promise<Counts> {
  const text = await reads.mark(MARK);
  return text === null ? {} : (JSON.parse(text) as Counts);
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
