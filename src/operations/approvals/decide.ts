/**
 * The decision of an officer about an approval. The second signature and the action are one
 * transaction: both happen, or neither. Everything is checked there again, because the object and
 * the accounts of both officers may have changed since the request.
 */
import { accountFault } from '../../access/account.js';
import { decideAccess } from '../../access/decide.js';
import { type ApprovalSubject, readStatement, versionOf } from '../../approvals/statement.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Approval, ApprovalSignature } from '../../ports/store/officers/approvals.js';
import type { Transaction } from '../../ports/store.js';
import { fault, text } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type ApprovalAction, type ExecutedAction, mayDecide } from './action.js';
import { actionNamed } from './actions.js';
import { endApproval } from './end.js';
import { seesApproval } from './read.js';
import { certificatesFault } from './signer-certificates.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

export type ApprovalDecision =
  | { readonly decision: 'approve' }
  /** `reason`: at most 400 characters, without control characters. */
  | { readonly decision: 'refuse'; readonly reason: string };

type DecisionOutcome = { readonly approval: Approval; readonly changed: ExecutedAction['changed'] };

/**
 * Approves or refuses. An approval that turns out to have expired, or whose object has changed,
 * ends with that, and the officer gets the conflict.
 */
export async function decideApproval(
  world: World,
  account: Account,
  { id, ...decision }: ApprovalDecision & { readonly id: string },
): Outcome<Approval> {
  const permitted = decideAccess(account, 'approve', null);
  if (!permitted.ok) return permitted;
  let changed: ExecutedAction['changed'] = [];
  const outcome = await world.store.transaction(async (tx): Outcome<Approval> => {
    const decided = await decide(world, tx, { account, id, decision });
    if (!decided.ok) return decided;
    changed = decided.value.changed;
    return ok(decided.value.approval);
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (changed.length > 0) world.statusChanged(changed);
  return outcome.ok ? outcome.value : outcome;
}

async function decide(
  world: World,
  tx: Transaction,
  { account, id, decision }: { readonly account: Account; readonly id: string; readonly decision: ApprovalDecision },
): Outcome<DecisionOutcome> {
  const approval = await tx.approval(id);
  if (approval === null || !seesApproval(world, account, approval)) return err(notFound('no-approval', { id }));
  const action = actionNamed(approval.action);
  if (action === null) return conflict(fault('approval-known', { action: approval.action }));
  const { state } = approval;
  if (state !== 'requested') return conflict(fault('approval-ended', { state }));
  const { now } = await tx.databaseClock();
  const { expiresAt } = approval;
  if (expiresAt <= now) {
    await endApproval({ tx, clock: world.clock }, approval, {
      state: 'expired',
      endedAt: now,
      reason: null,
      result: null,
    });
    return conflict(fault('approval-expired', { at: formatInstant(expiresAt) }));
  }
  const { subject } = readStatement(approval, world.policy.environment.mark);
  const known = { world, approval, action, subject, by: account.id, now };
  const second = await signerFault(tx, known, account.id);
  if (second !== null) return err(second);
  return decision.decision === 'approve' ? approve(tx, known) : refuse(tx, known, decision.reason);
}

type KnownApproval = {
  readonly world: World;
  readonly approval: Approval;
  readonly action: ApprovalAction<ApprovalSubject>;
  readonly subject: ApprovalSubject;
  /** The account of the officer who decides. */
  readonly by: string;
  readonly now: Instant;
};

async function refuse(
  tx: Transaction,
  { world: { clock }, approval, by, now }: KnownApproval,
  reason: string,
): Outcome<DecisionOutcome> {
  const end = { state: 'refused', endedAt: now, reason, result: null } as const;
  return ok({ approval: await endApproval({ tx, clock, by }, approval, end), changed: [] });
}

async function approve(tx: Transaction, known: KnownApproval): Outcome<DecisionOutcome> {
  const { world, approval, action, subject, by, now } = known;
  const { requestedBy } = approval;
  if (approval.signatures.some(({ account }) => account === by)) return conflict(fault('approval-two-officers'));
  const first = await signerFault(tx, known, requestedBy);
  if (first !== null) {
    const why = first.message;
    return conflict(fault('approval-signer', { account: requestedBy, why }));
  }
  const prepared = await action.prepare(world, tx, subject);
  if (!prepared.ok) return endStale(tx, known, prepared.error.message);
  const { columns, execute } = prepared.value;
  if (versionOf(columns) !== approval.version) return endStale(tx, known, text('approval-object-changed'));
  const signature: ApprovalSignature = { account: by, form: 'account', at: now };
  await tx.signApproval(approval.id, signature);
  const officers = [requestedBy, by] as const;
  const { result, changed } = await execute({ approval: approval.id, officers, now, at: world.clock() });
  const signed = { ...approval, signatures: [...approval.signatures, signature] };
  const end = { state: 'executed', endedAt: now, reason: null, result } as const;
  return ok({ approval: await endApproval({ tx, clock: world.clock, by }, signed, end), changed });
}

async function endStale(
  tx: Transaction,
  { world: { clock }, approval, by, now }: KnownApproval,
  why: Bilingual,
): Outcome<DecisionOutcome> {
  const end = { state: 'stale', endedAt: now, reason: why, result: null } as const;
  await endApproval({ tx, clock, by }, approval, end);
  return conflict(fault('approval-stale', { why }));
}

/** Why the signature of this account does not count now; null: it does. */
async function signerFault(
  tx: Transaction,
  { action, subject, now }: KnownApproval,
  id: string,
): Promise<Extract<OperationFailure, { readonly kind: 'not-permitted' }> | null> {
  const account = (await tx.accounts()).find((one) => one.id === id);
  if (account === undefined) return { kind: 'not-permitted', ...fault('account-enabled') };
  const broken = accountFault(account, now) ?? (await certificatesFault(tx, account, now));
  if (broken !== null) return { kind: 'not-permitted', ...broken };
  const permitted = mayDecide(account, action, subject);
  return permitted.ok ? null : permitted.error;
}

function conflict(broken: { readonly rule: string; readonly message: Bilingual }): Result<never, OperationFailure> {
  return err({ kind: 'state-conflict', ...broken });
}
