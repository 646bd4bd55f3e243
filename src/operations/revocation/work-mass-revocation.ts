/**
 * One part of a mass revocation: the next certificates of an order are revoked as one would be (`revoke.ts`), in one transaction
 * with their audit entries, their outcomes and the order's cursor. A part is done or not, so that whoever goes on after a crash
 * neither leaves one out nor does one twice. The transaction shows the lease of its worker: one that was lost writes nothing.
 */
import { ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Lease } from '../../ports/store/leases.js';
import type { MassRevocation } from '../../ports/store/mass-revocations.js';
import type { Transaction } from '../../ports/store.js';
import type { World } from '../world.js';
import { eventOf } from './mass-revocation.js';
import { changeSameKeys, decideAll, revocationOfLive, writeAll } from './revoke.js';

/** In one transaction: others wait for it. */
const CERTIFICATES_A_PART = 200;

export type PartOutcome =
  /** How far the order has come. */
  | { readonly kind: 'worked'; readonly order: MassRevocation }
  /** It is finished or cancelled, or another worker has taken the lease. */
  | { readonly kind: 'nothing-to-do' };

export async function workMassRevocation(
  world: World,
  lease: Lease,
  id: string,
): Promise<Result<PartOutcome, StoreFailure>> {
  const touched: CertificateRecord[] = [];
  const outcome = await world.store.transaction(async (tx): Promise<PartOutcome> => {
    const order = (await tx.isLeaseCurrent(lease)) ? await tx.massRevocation(id) : null;
    if (order === null || order.state !== 'running') return { kind: 'nothing-to-do' };
    const after = await workPart(world, tx, { order, touched });
    return { kind: 'worked', order: after };
  });
  // Also where the answer to the commit was lost: it may have taken effect.
  if (touched.length > 0) world.statusChanged(touched);
  return outcome;
}

async function workPart(
  world: World,
  tx: Transaction,
  { order, touched }: { readonly order: MassRevocation; readonly touched: CertificateRecord[] },
): Promise<MassRevocation> {
  const now = world.clock();
  const after = order.revoked + order.alreadyRevoked;
  const items = await tx.massRevocationItems({ id: order.id, after, limit: CERTIFICATES_A_PART });
  const records = await tx.certificatesByIds(items.map(({ certificateId }) => certificateId));
  const change = revocationOfLive({ ...order, account: accountOf(order) }, now);
  const decided = decideAll(records, change);
  // The scope of that account is everything, and a revoked one is left as it is: nothing refuses.
  const changed = decided.ok ? decided.value : [];
  touched.push(...changed);
  await writeAll(tx, { change, changed, at: now });
  // Nobody sees less for it: those are told of in the audit log, not among the order's items.
  await changeSameKeys(world, tx, { records, change, touched });
  const revoked = new Set(changed.map(({ id }) => id));
  const positions = (wasRevoked: boolean): readonly number[] =>
    items.flatMap(({ certificateId, position }) => (revoked.has(certificateId) === wasRevoked ? [position] : []));
  await tx.storeMassRevocationOutcomes(order.id, 'revoked', positions(true));
  await tx.storeMassRevocationOutcomes(order.id, 'already-revoked', positions(false));
  const worked = {
    ...order,
    revoked: order.revoked + revoked.size,
    alreadyRevoked: order.alreadyRevoked + items.length - revoked.size,
  };
  const isLast = items.length < CERTIFICATES_A_PART || after + items.length === order.matched;
  const next: MassRevocation = isLast ? { ...worked, state: 'completed', finishedAt: now } : worked;
  await tx.updateMassRevocation(next);
  if (isLast) await tx.appendAudit([eventOf(next, 'completed', { at: now, actor: order.accountId })]);
  return next;
}

/**
 * Who gave the order, as it was then: what it may do and whom it sees was decided when the items were fixed. An account that is
 * disabled since does not stop it, a cancellation does.
 */
function accountOf({ accountId, submittedAt }: MassRevocation): Account {
  return {
    id: accountId,
    name: accountId,
    roles: ['officer'],
    credentials: [],
    scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
    disabled: false,
    createdAt: submittedAt,
  };
}

export async function runningMassRevocations({ store }: World): Promise<Result<readonly string[], StoreFailure>> {
  const found = await store.read((reads) => reads.runningMassRevocations());
  return found.ok ? ok(found.value.map(({ id }) => id)) : found;
}
