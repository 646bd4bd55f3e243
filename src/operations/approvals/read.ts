/**
 * Reads approvals. An account sees those that it has requested and those about what its scope
 * covers; an unlimited account sees all.
 */
import { decideAccess, isUnlimited, outOfScope } from '../../access/decide.js';
import { readStatement } from '../../approvals/statement.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Approval, ApprovalState } from '../../ports/store/officers/approvals.js';
import { notFound, type OperationFailure } from '../failures.js';
import { visiblePage } from '../visible-page.js';
import type { World } from '../world.js';
import { actionNamed } from './actions.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

export async function readApproval(world: World, account: Account, id: string): Outcome<Approval> {
  const permitted = decideAccess(account, 'read-approvals', null);
  if (!permitted.ok) return permitted;
  const found = await world.store.read((reads) => reads.approval(id));
  if (!found.ok) return found;
  const approval = found.value;
  return approval !== null && seesApproval(world, account, approval)
    ? ok(approval)
    : err(notFound('no-approval', { id }));
}

type ApprovalFilter = {
  readonly state: ApprovalState | undefined;
  readonly limit: number;
  /** Only approvals that were requested before this one; null: from the newest on. */
  readonly before: string | null;
};

/**
 * Newest first. `next`: the approval after which the next page begins; null: there is none. A page
 * of an account that does not see all may have fewer than `limit` (`visiblePage`).
 */
export async function listApprovals(
  world: World,
  account: Account,
  { state, limit, before }: ApprovalFilter,
): Outcome<{ readonly approvals: readonly Approval[]; readonly next: string | null }> {
  const permitted = decideAccess(account, 'read-approvals', null);
  if (!permitted.ok) return permitted;
  return world.store.read(async (reads) => {
    const { items: approvals, next } = await visiblePage(
      { after: before, limit },
      {
        read: (after, max) => reads.approvalsPage({ state, limit: max, before: after }),
        see: (page) => page.filter((one) => seesApproval(world, account, one)),
        nameOfRow: ({ id }) => id,
        nameOf: ({ id }) => id,
      },
    );
    return { approvals, next };
  });
}

/** The open approvals of these objects that the account sees; none if it may read no approvals. */
export async function readOpenApprovals(
  world: World,
  account: Account,
  objects: readonly Pick<Approval, 'action' | 'subjectKey'>[],
): Outcome<readonly Approval[]> {
  if (!decideAccess(account, 'read-approvals', null).ok) return ok([]);
  return world.store.read(async (reads) => {
    const open: Approval[] = [];
    for (const object of objects) {
      const approval = await reads.openApproval(object);
      if (approval !== null && seesApproval(world, account, approval)) open.push(approval);
    }
    return open;
  });
}

export function seesApproval({ policy }: Pick<World, 'policy'>, account: Account, approval: Approval): boolean {
  if (approval.requestedBy === account.id || isUnlimited(account.scope)) return true;
  const { subject } = readStatement(approval, policy.environment.mark);
  const about = actionNamed(approval.action)?.about(subject) ?? 'everything';
  return about !== 'everything' && outOfScope(account.scope, about) === null;
}
