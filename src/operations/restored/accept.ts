/**
 * Officers accept a database that knows less than the home folder, the signers or the published
 * CRLs: the newest one was lost, and there is no newer backup. The audit log records who decided it
 * and what is missing.
 */
import { accountActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { DATABASE_ID_MARK } from '../../ports/store/marks.js';
import type { Store } from '../../ports/store.js';
import type { Clock } from '../../ports/world.js';
import { officersFault } from '../officers.js';
import { ACCEPTED_GAPS_MARK, acceptedGaps, type Gap } from './gaps.js';

type AcceptRefusal = { readonly kind: 'refused'; readonly detail: string };

/** Limit of the gaps that are remembered; each signer and each CRL has one at most. */
const ACCEPTED_MAX = 1_000;

type Decision = {
  readonly officers: readonly string[];
  readonly gaps: readonly Gap[];
  /** What the home folder knew. */
  readonly home: DatabasePoint | null;
};

export async function acceptDatabase(
  { store, clock }: { readonly store: Pick<Store, 'transaction'>; readonly clock: Clock },
  { officers, gaps, home }: Decision,
): Promise<Result<void, AcceptRefusal | StoreFailure>> {
  const outcome = await store.transaction(async (tx): Promise<Result<void, AcceptRefusal>> => {
    const fault = await officersFault(tx, officers, { count: 2, action: 'approve', now: clock() });
    if (fault !== null) return err({ kind: 'refused', detail: fault });
    const ids = [...new Set([...(await acceptedGaps(tx)), ...gaps.map(({ id }) => id)])];
    await tx.setMark(ACCEPTED_GAPS_MARK, JSON.stringify(ids.slice(-ACCEPTED_MAX)));
    const head = await tx.auditHead();
    const details = {
      officers,
      database: { id: await tx.mark(DATABASE_ID_MARK), entries: head.seq },
      home: home === null ? null : { id: home.id, entries: home.seq },
      missing: gaps.map(({ detail }) => detail),
    };
    const actor = accountActor(officers[0] ?? '');
    await tx.appendAudit([{ at: clock(), type: 'database.accepted', actor, details }]);
    return ok(undefined);
  });
  return outcome.ok ? outcome.value : outcome;
}
