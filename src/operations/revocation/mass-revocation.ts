/**
 * Mass revocation: revokes every certificate that a selection finds, by key, CA, profile or time of
 * issuance, or a combination. The selection is fixed when the order is submitted;
 * `work-mass-revocation.ts` then revokes it in parts, and continues after a crash.
 *
 * The officer says how many certificates the order finds, and which accounts and parts of the
 * platform lose theirs: an order that finds anything else is refused.
 *
 * One officer submits an order. That large orders wait for a second officer is not built yet: it
 * will be an action of `src/operations/approvals`, requested before the items are stored.
 */
import { decideAccess, isUnlimited } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditDetails } from '../../audit/events.js';
import { recordIdFrom } from '../../issuance/intent.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { MassRevocation, MassRevocationItem, RevocationSelection } from '../../ports/store/mass-revocations.js';
import type { Reads, Transaction } from '../../ports/store.js';
import { fault, text, type Violation, violation } from '../../texts/text.js';
import { claimOnce } from '../claim-once.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { findProtected, type PlatformPart, type ProtectedCertificates } from './protected-certificates.js';
import { checkCommand, type RevokeCommand } from './revoke.js';

type SelectionCommand = {
  readonly account: Account;
  readonly selection: RevocationSelection;
  /** SHA-256 hex of the keys with which the API authenticates itself. */
  readonly serverKeys: readonly string[];
};

/** What the officer expects of the order, as the preview showed it. */
type ExpectedHits = {
  readonly count: number;
  /** The accounts that the order locks out. */
  readonly accounts: readonly string[];
  readonly platform: readonly PlatformPart[];
};

type MassRevocationCommand = RevokeCommand &
  SelectionCommand & {
    readonly expected: ExpectedHits;
    readonly idempotency: ClaimRequest | null;
  };

type MassRevocationPreview = ProtectedCertificates & { readonly matched: number };

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** What the order would revoke now, among the certificates that the account may see. */
export async function previewMassRevocation(world: World, command: SelectionCommand): Outcome<MassRevocationPreview> {
  const checked = checkSelection(world, command);
  if (!checked.ok) return checked;
  const found = await world.store.read((reads) => findHits(world, reads, command));
  return found.ok ? found.value : found;
}

async function findHits(
  { issuers, clock }: World,
  reads: Pick<Reads, 'countSelected' | 'accounts' | 'selectedAmong'>,
  { account, selection, serverKeys }: SelectionCommand,
): Outcome<MassRevocationPreview> {
  const selected = { selection, scope: account.scope };
  const matched = await reads.countSelected(selected, LIMITS.massRevocationCertificatesMax + 1);
  if (matched > LIMITS.massRevocationCertificatesMax) return err(tooMany());
  return ok({ matched, ...(await findProtected(reads, selected, { issuers, serverKeys, now: clock() })) });
}

export async function submitMassRevocation(world: World, command: MassRevocationCommand): Outcome<MassRevocation> {
  const checked = checkSelection(world, command);
  if (!checked.ok) return checked;
  const permitted = checkCommand(world, command);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction((tx) => submit(world, tx, command));
  return outcome.ok ? outcome.value : outcome;
}

async function submit(world: World, tx: Transaction, command: MassRevocationCommand): Outcome<MassRevocation> {
  const { account, selection, expected, idempotency } = command;
  const now = world.clock();
  return claimOnce(tx, {
    idempotency,
    now,
    find: tx.massRevocation,
    store: async () => {
      const hits = await findHits(world, tx, command);
      const matched = hits.ok ? compareHits(hits.value, expected) : hits;
      if (!matched.ok) return matched;
      const order = newOrder(world, command, { matched: matched.value, now });
      await tx.insertMassRevocation(order, { selection, scope: account.scope });
      const details = { ...orderDetails(order), accounts: expected.accounts, platform: expected.platform };
      await tx.appendAudit([{ at: now, type: 'mass-revocation.submitted', actor: accountActor(account.id), details }]);
      return ok(order);
    },
  });
}

function newOrder(
  { random, requestId }: World,
  { account, selection, reason, invalidityDate }: MassRevocationCommand,
  { matched, now }: { readonly matched: number; readonly now: Instant },
): MassRevocation {
  return {
    id: recordIdFrom(now, random(10)),
    accountId: account.id,
    requestId: requestId ?? null,
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
  return found.value !== null && sees(account, found.value)
    ? ok(found.value)
    : err(notFound('no-mass-revocation', { id }));
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
    if (order === null || !sees(account, order)) return err(notFound('no-mass-revocation', { id }));
    if (order.state !== 'running') {
      return err({ kind: 'state-conflict', ...fault('revocation-running', { state: order.state }) });
    }
    const now = world.clock();
    const cancelled: MassRevocation = { ...order, state: 'cancelled', finishedAt: now };
    await tx.updateMassRevocation(cancelled);
    const details = orderDetails(cancelled);
    await tx.appendAudit([{ at: now, type: 'mass-revocation.cancelled', actor: accountActor(account.id), details }]);
    return ok(cancelled);
  });
  return outcome.ok ? outcome.value : outcome;
}

/** The order has its own audit entries, in addition to those of its certificates. */
export function orderDetails(order: MassRevocation): AuditDetails<'mass-revocation.completed'> {
  const { id, selection, reason, invalidityDate, matched, revoked, alreadyRevoked } = order;
  return { id, selection, reason, invalidityDate, matched, revoked, alreadyRevoked };
}

function sees({ id, scope }: Account, order: MassRevocation): boolean {
  return order.accountId === id || isUnlimited(scope);
}

function checkSelection(
  { policy }: World,
  { account, selection: { authority, issuedFrom, issuedUntil } }: SelectionCommand,
): Result<void, OperationFailure> {
  const permitted = decideAccess(account, 'revoke-many', null);
  if (!permitted.ok) return permitted;
  const issuing = [...policy.authorities.values()].filter(({ kind }) => kind === 'issuing').map(({ id }) => id);
  if (authority !== null && !issuing.includes(authority)) {
    const unknown = violation('/select/ca', 'ca-known', { authorities: issuing.sort() });
    return err({ kind: 'invalid-request', ...unknown });
  }
  if (issuedFrom !== null && issuedUntil !== null && issuedUntil < issuedFrom) {
    return err({ kind: 'invalid-request', ...violation('/select/issuedUntil', 'window-not-empty') });
  }
  return ok(undefined);
}

function tooMany(): OperationFailure {
  const unbounded = violation('/select', 'selection-bounded', { max: LIMITS.massRevocationCertificatesMax });
  return { kind: 'policy-violated', violations: [unbounded] };
}

/** Returns the number of certificates, if the order hits what the officer expects. */
function compareHits(
  { matched, accounts, platform }: MassRevocationPreview,
  expected: ExpectedHits,
): Result<number, OperationFailure> {
  if (matched === 0) return err(notFound('nothing-selected'));
  const count = violation('/expectedCount', 'count-as-expected', { matched, expected: expected.count });
  const violations = [
    ...(matched === expected.count ? [] : [count]),
    ...namesAgree('/accounts', 'accounts-named', {
      hit: accounts.map(({ account }) => account),
      named: expected.accounts,
    }),
    ...namesAgree('/platform', 'platform-named', { hit: platform.map(({ part }) => part), named: expected.platform }),
  ];
  return violations.length === 0 ? ok(matched) : err({ kind: 'policy-violated', violations });
}

/** Limit of the names in one message. */
const NAMES_MAX = 20;

function namesAgree(
  pointer: string,
  rule: 'accounts-named' | 'platform-named',
  { hit, named }: { readonly hit: readonly string[]; readonly named: readonly string[] },
): readonly Violation[] {
  const expected = [...new Set(hit)].sort();
  const isSame = expected.length === new Set(named).size && expected.every((name) => named.includes(name));
  const names = expected.length > NAMES_MAX ? [...expected.slice(0, NAMES_MAX), '...'] : expected;
  return isSame ? [] : [violation(pointer, rule, { names: names.length === 0 ? text('none') : names })];
}
