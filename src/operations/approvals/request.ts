/**
 * Asks for an action that needs two officers. The request is the first of the two signatures, and
 * nothing else happens before the second one (`decide.ts`).
 */
import {
  APPROVAL_VALIDITY_MS,
  type ApprovalSubject,
  approvalEvent,
  versionOf,
  writeStatement,
} from '../../approvals/statement.js';
import { accountActor } from '../../audit/actors.js';
import { recordIdFrom } from '../../issuance/intent.js';
import { assert } from '../../kernel/assert.js';
import { utf8 } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { HOUR_MS } from '../../kernel/duration.js';
import { canonicalJson } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Approval } from '../../ports/store/officers/approvals.js';
import type { Transaction } from '../../ports/store.js';
import { fault, text } from '../../texts/text.js';
import { claimOnce } from '../claim-once.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type ApprovalAction, mayDecide } from './action.js';
import { approvalDetails, endApproval } from './end.js';

type Outcome = Promise<Result<Approval, OperationFailure>>;

type ApprovalRequest<Subject> = {
  readonly account: Account;
  readonly subject: Subject;
  readonly idempotency?: ClaimRequest | null;
};

/**
 * Stores the approval. Repeated by its requester with the same subject while it is open, it stores
 * nothing and answers the open one, so that a client may send it again after a lost answer; under
 * its Idempotency-Key it answers the first one also when that has ended.
 */
export async function requestApproval<Subject extends ApprovalSubject>(
  world: World,
  action: ApprovalAction<Subject>,
  { account, subject, idempotency = null }: ApprovalRequest<Subject>,
): Outcome {
  const permitted = mayDecide(account, action, subject);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction(async (tx): Outcome => {
    const { now } = await tx.databaseClock();
    const store = async (): Outcome => {
      const open = await openOne(world, tx, { action: action.name, subjectKey: action.keyOf(subject), now });
      if (open === null) return storeApproval({ world, tx, now }, action, { account, subject });
      return isRepeated(open, { account, subject }) ? ok(open) : err(conflict(open));
    };
    return claimOnce(tx, { idempotency, now, store, find: tx.approval });
  });
  return outcome.ok ? outcome.value : outcome;
}

async function storeApproval<Subject extends ApprovalSubject>(
  { world, tx, now }: { readonly world: World; readonly tx: Transaction; readonly now: Instant },
  action: ApprovalAction<Subject>,
  { account, subject }: ApprovalRequest<Subject>,
): Outcome {
  const prepared = await action.prepare(world, tx, subject);
  if (!prepared.ok) return prepared;
  const tooMany = await tooManyOpen(tx, account.id);
  if (tooMany !== null) return err(tooMany);
  const { columns, shown } = prepared.value;
  const approval = newApproval(world, action, { account, subject, version: versionOf(columns), object: shown, now });
  await tx.insertApproval(approval);
  const details = approvalDetails(approval);
  await tx.appendAudit([{ at: world.clock(), type: 'approval.requested', actor: accountActor(account.id), details }]);
  await tx.publish([approvalEvent(approval)]);
  return ok(approval);
}

/** The open approval of this object; one whose end has passed is ended here. */
async function openOne(
  world: World,
  tx: Transaction,
  { action, subjectKey, now }: Pick<Approval, 'action' | 'subjectKey'> & { readonly now: Instant },
): Promise<Approval | null> {
  const open = await tx.openApproval({ action, subjectKey });
  if (open === null || open.expiresAt > now) return open;
  await endApproval({ tx, clock: world.clock }, open, { state: 'expired', endedAt: now, reason: null, result: null });
  return null;
}

function isRepeated(open: Approval, { account, subject }: ApprovalRequest<ApprovalSubject>): boolean {
  const asked = JSON.parse(open.statement) as { readonly subject: ApprovalSubject };
  return open.requestedBy === account.id && canonicalJson(asked.subject) === canonicalJson(subject);
}

function conflict({ id, requestedBy }: Approval): OperationFailure {
  return { kind: 'state-conflict', ...fault('approval-open', { id, account: requestedBy }) };
}

/** How long a client waits before it asks again whether there is room. */
const FULL_RETRY_MS = HOUR_MS;

async function tooManyOpen(tx: Transaction, accountId: string): Promise<OperationFailure | null> {
  const open = await tx.countOpenApprovals();
  const sum = (counts: typeof open): number => counts.reduce((all, { count }) => all + count, 0);
  const isFull =
    sum(open) >= LIMITS.openApprovalsMax ||
    sum(open.filter(({ requestedBy }) => requestedBy === accountId)) >= LIMITS.openApprovalsPerRequesterMax;
  if (!isFull) return null;
  const { openApprovalsMax: all, openApprovalsPerRequesterMax: own } = LIMITS;
  return { kind: 'quota-exceeded', retryAfterMs: FULL_RETRY_MS, message: text('open-approvals', { all, own }) };
}

function newApproval<Subject extends ApprovalSubject>(
  { policy, random }: World,
  action: ApprovalAction<Subject>,
  {
    account,
    subject,
    version,
    object,
    now,
  }: ApprovalRequest<Subject> & Pick<Approval, 'version'> & { readonly object: ApprovalSubject; readonly now: Instant },
): Approval {
  const facts = {
    id: recordIdFrom(now, random(10)),
    action: action.name,
    version,
    requestedBy: account.id,
    requestedAt: now,
    expiresAt: now + APPROVAL_VALIDITY_MS,
  };
  const statement = writeStatement({ ...facts, environment: policy.environment.mark, subject, object });
  // Bodies of requests are not longer than this, and a statement adds little to them.
  assert(utf8(statement).length <= LIMITS.approvalStatementBytesMax, 'a statement within its bound');
  return {
    ...facts,
    subjectKey: action.keyOf(subject),
    state: 'requested',
    endedAt: null,
    reason: null,
    result: null,
    statement,
    signatures: [{ account: account.id, form: 'account', at: now }],
  };
}
