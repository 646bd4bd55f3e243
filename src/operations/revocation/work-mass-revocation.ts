/**
 * Processes one part of a mass revocation: one transaction revokes the next certificates of an
 * order as `revoke.ts` would, with their audit entries, their outcomes and the progress of the
 * order. A part is done completely or not at all, so a worker that continues after a crash neither
 * skips nor repeats any.
 */
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import { accountActor } from '../../audit/actors.js';
import { writesOfRequest } from '../../audit/request-writes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { MassRevocation } from '../../ports/store/mass-revocations.js';
import type { OutboxEvent } from '../../ports/store/outbox/events.js';
import type { Transaction } from '../../ports/store.js';
import type { World } from '../world.js';
import { orderDetails } from './mass-revocation.js';
import { alteredBy, changeSameKeys, revocationOfLive, writeAll } from './revoke.js';

/** Limit of the certificates in one transaction, because all other writers wait for it. */
const CERTIFICATES_A_PART = 200;

/**
 * Returns the progress of the order; null: it is finished or cancelled. One worker at a time may
 * call it for an order, under a lease that `world.store` checks.
 */
export async function workMassRevocation(
  world: World,
  id: string,
): Promise<Result<MassRevocation | null, StoreFailure>> {
  const touched: CertificateRecord[] = [];
  const outcome = await world.store.transaction(async (tx) => {
    const order = await tx.massRevocation(id);
    if (order === null || order.state !== 'running') return null;
    const named = order.requestId === null ? tx : writesOfRequest(tx, order.requestId);
    return workPart(world, named, { order, touched });
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
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
  // The account of an order has an unlimited scope, and revoked certificates are not changed, so
  // nothing is refused.
  const changed = alteredBy(change, records);
  touched.push(...changed);
  await writeAll(tx, { change, changed, at: now });
  // The others are in the audit log, and not among the items of the order.
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
  const completed = {
    at: now,
    type: 'mass-revocation.completed',
    actor: accountActor(order.accountId),
    details: orderDetails(next),
  } as const;
  if (isLast) {
    await tx.appendAudit([completed]);
    await tx.publish([completedEvent(next, now)]);
  }
  return next;
}

function completedEvent(
  { id, accountId, reason, matched, revoked, alreadyRevoked }: MassRevocation,
  at: Instant,
): OutboxEvent {
  const data = { reason, matched, revoked, alreadyRevoked };
  return { topic: 'mass-revocation.completed', subject: id, account: accountId, at, data };
}

/**
 * Stands for the author of the order, with an unlimited scope, because its rights were checked when
 * the items were fixed. Disabling the account later does not stop the order; cancelling it does.
 */
function accountOf({ accountId, submittedAt }: MassRevocation): Account {
  return {
    ...ACCOUNT_DEFAULTS,
    id: accountId,
    name: accountId,
    roles: ['officer'],
    credentials: [],
    scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
    disabled: false,
    createdAt: submittedAt,
  };
}
