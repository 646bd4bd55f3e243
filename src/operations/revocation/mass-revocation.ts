/**
 * Mass revocation: revokes every certificate that a selection finds, by key, CA, profile or time of
 * issuance, or a combination. The selection is fixed when the order is submitted;
 * `work-mass-revocation.ts` then revokes it in parts, and continues after a crash.
 *
 * One officer submits an order. Orders above a limit of the policy shall wait for a second officer:
 * when approvals exist, that belongs in `submitMassRevocation`, before the items are stored.
 */
import { decideAccess } from '../../access/decide.js';
import { isUnlimited } from '../../access/scope.js';
import { recordIdFrom } from '../../issuance/record-id.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { AuditEvent } from '../../ports/store/audit.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { MassRevocation, MassRevocationItem, RevocationSelection } from '../../ports/store/mass-revocations.js';
import type { Transaction } from '../../ports/store.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { checkCommand, type RevokeCommand } from './revoke.js';

type MassRevocationCommand = RevokeCommand & {
  readonly selection: RevocationSelection;
  readonly idempotency: ClaimRequest | null;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** How many certificates the order would revoke now, among those that the account may see. */
export async function previewMassRevocation(
  world: World,
  account: Account,
  selection: RevocationSelection,
): Outcome<number> {
  const checked = checkSelection(world, account, selection);
  if (!checked.ok) return checked;
  const { massRevocationCertificatesMax } = LIMITS;
  const { scope } = account;
  const counted = await world.store.read((reads) =>
    reads.countSelected({ selection, scope }, massRevocationCertificatesMax + 1),
  );
  if (!counted.ok) return counted;
  return counted.value > massRevocationCertificatesMax ? err(tooMany()) : ok(counted.value);
}

export async function submitMassRevocation(world: World, command: MassRevocationCommand): Outcome<MassRevocation> {
  const { account, selection } = command;
  const checked = checkSelection(world, account, selection);
  if (!checked.ok) return checked;
  const permitted = checkCommand(world, command);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction((tx) => submit(world, tx, command));
  return outcome.ok ? outcome.value : outcome;
}

async function submit(world: World, tx: Transaction, command: MassRevocationCommand): Outcome<MassRevocation> {
  const { account, selection, idempotency } = command;
  const { scope } = account;
  const now = world.clock();
  const earlier = idempotency === null ? null : await claim(tx, idempotency, now);
  if (earlier !== null) return earlier;
  const matched = await tx.countSelected({ selection, scope }, LIMITS.massRevocationCertificatesMax + 1);
  const refused = matched > LIMITS.massRevocationCertificatesMax ? tooMany() : matched === 0 ? nothingSelected() : null;
  if (refused !== null) {
    if (idempotency !== null) await tx.releaseClaims([idempotency.claim]);
    return err(refused);
  }
  const order = newOrder(world, command, { matched, now });
  await tx.insertMassRevocation(order, { selection, scope });
  await tx.appendAudit([eventOf(order, 'submitted', { at: now, actor: account.id })]);
  if (idempotency !== null) await tx.finishClaims([{ claim: idempotency.claim, result: { id: order.id } }]);
  return ok(order);
}

/**
 * null: the key is new. An order is stored together with its claim, so no claim is ever in
 * progress.
 */
async function claim(
  tx: Transaction,
  request: ClaimRequest,
  now: Instant,
): Promise<Result<MassRevocation, OperationFailure> | null> {
  const [found] = await tx.claimIdempotency([request], now);
  switch (present(found, 'outcome of a claim').kind) {
    case 'claimed':
      return null;
    case 'mismatch':
      return err({ kind: 'idempotency-mismatch' });
    case 'in-progress':
      return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
    case 'done': {
      const { id } = (found as { readonly result: Json }).result as { readonly id: string };
      return ok(present(await tx.massRevocation(id), 'order of a finished claim'));
    }
  }
}

function newOrder(
  { random }: World,
  { account, selection, reason, invalidityDate }: MassRevocationCommand,
  { matched, now }: { readonly matched: number; readonly now: Instant },
): MassRevocation {
  return {
    id: recordIdFrom(now, random(10)),
    accountId: account.id,
    submittedAt: now,
    selection,
    // `checkCommand` has rejected certificateHold.
    reason: reason as MassRevocation['reason'],
    invalidityDate,
    state: 'running',
    finishedAt: null,
    matched,
    revoked: 0,
    alreadyRevoked: 0,
  };
}

/**
 * An account sees its own orders; an unlimited account sees all, because an order selects within
 * the scope of its author.
 */
export async function readMassRevocation({ store }: World, account: Account, id: string): Outcome<MassRevocation> {
  const permitted = decideAccess(account, 'read-revocations', null);
  if (!permitted.ok) return permitted;
  const found = await store.read((reads) => reads.massRevocation(id));
  if (!found.ok) return found;
  return found.value !== null && sees(account, found.value) ? ok(found.value) : err(noSuch(id));
}

/** Items after position `after`; none: the previous page was the last. */
export async function massRevocationResults(
  world: World,
  account: Account,
  { id, after }: { readonly id: string; readonly after: number },
): Outcome<{ readonly order: MassRevocation; readonly items: readonly MassRevocationItem[] }> {
  const order = await readMassRevocation(world, account, id);
  if (!order.ok) return order;
  const limit = LIMITS.massRevocationResultsPage;
  const items = await world.store.read((reads) => reads.massRevocationItems({ id, after, limit }));
  return items.ok ? ok({ order: order.value, items: items.value }) : items;
}

/** Stops the order. Revoked certificates stay revoked, and the others are not changed. */
export async function cancelMassRevocation(world: World, account: Account, id: string): Outcome<MassRevocation> {
  const permitted = decideAccess(account, 'revoke-many', null);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction(async (tx): Outcome<MassRevocation> => {
    const order = await tx.massRevocation(id);
    if (order === null || !sees(account, order)) return err(noSuch(id));
    if (order.state !== 'running') {
      const detail = `it is ${order.state} already`;
      return err({ kind: 'state-conflict', rule: 'revocation-running', detail });
    }
    const now = world.clock();
    const cancelled: MassRevocation = { ...order, state: 'cancelled', finishedAt: now };
    await tx.updateMassRevocation(cancelled);
    await tx.appendAudit([eventOf(cancelled, 'cancelled', { at: now, actor: account.id })]);
    return ok(cancelled);
  });
  return outcome.ok ? outcome.value : outcome;
}

/** The order has its own audit entries, in addition to those of its certificates. */
export function eventOf(
  order: MassRevocation,
  what: 'submitted' | 'completed' | 'cancelled',
  by: { readonly at: Instant; readonly actor: string },
): AuditEvent {
  const { id, selection, reason, invalidityDate, matched, revoked, alreadyRevoked } = order;
  const details = { id, selection, reason, invalidityDate, matched, revoked, alreadyRevoked };
  return { ...by, type: `mass-revocation.${what}`, outcome: what === 'submitted' ? 'intent' : 'success', details };
}

function sees({ id, scope }: Account, order: MassRevocation): boolean {
  return order.accountId === id || isUnlimited(scope);
}

function checkSelection(
  { policy }: World,
  account: Account,
  { authority, issuedFrom, issuedUntil }: RevocationSelection,
): Result<void, OperationFailure> {
  const permitted = decideAccess(account, 'revoke-many', null);
  if (!permitted.ok) return permitted;
  const issuing = [...policy.authorities.values()].filter(({ kind }) => kind === 'issuing').map(({ id }) => id);
  if (authority !== null && !issuing.includes(authority)) {
    const detail = `must be an issuing CA: ${issuing.sort().join(', ')}`;
    return err({ kind: 'invalid-request', pointer: '/select/ca', rule: 'ca-known', detail });
  }
  if (issuedFrom !== null && issuedUntil !== null && issuedUntil < issuedFrom) {
    const detail = 'must not be before issuedFrom';
    return err({ kind: 'invalid-request', pointer: '/select/issuedUntil', rule: 'window-not-empty', detail });
  }
  return ok(undefined);
}

function tooMany(): OperationFailure {
  const most = LIMITS.massRevocationCertificatesMax;
  const message = `finds more than ${most} certificates: give an order for each part, by issuedFrom and issuedUntil`;
  return { kind: 'policy-violated', violations: [{ pointer: '/select', rule: 'selection-bounded', message }] };
}

function nothingSelected(): OperationFailure {
  return { kind: 'not-found', detail: 'no certificate that this account sees and that is not revoked is selected' };
}

function noSuch(id: string): OperationFailure {
  return { kind: 'not-found', detail: `no mass revocation ${id}` };
}
