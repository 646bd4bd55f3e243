import { rolesPermit } from '../../../access/decide.js';
import type { Instant } from '../../../kernel/clock.js';
import { ok, type Result } from '../../../kernel/result.js';
import { actionNamed } from '../../../operations/approvals/actions.js';
import { readApproval } from '../../../operations/approvals/read.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { Approval } from '../../../ports/store/officers/approvals.js';
import type { PageRequest } from '../../page.js';

export type ApprovalData = {
  readonly approval: Approval;
  /** Why the account of the page cannot approve it now; null: it can. */
  readonly obstacle: 'ended' | 'over' | 'unknown' | 'noRight' | 'ownRequest' | null;
};

export async function loadApproval(
  { world }: ServingContext,
  { account, params }: PageRequest,
): Promise<Result<ApprovalData, OperationFailure>> {
  const found = await readApproval(world, account, params.id ?? '');
  if (!found.ok) return found;
  const approval = found.value;
  return ok({ approval, obstacle: obstacleOf(approval, { ...account, now: world.clock() }) });
}

function obstacleOf(
  { state, expiresAt, action, signatures }: Approval,
  { id, roles, now }: { readonly id: string; readonly roles: readonly string[]; readonly now: Instant },
): ApprovalData['obstacle'] {
  if (state !== 'requested') return 'ended';
  if (expiresAt <= now) return 'over';
  if (actionNamed(action) === null) return 'unknown';
  if (!rolesPermit(roles, 'approve')) return 'noRight';
  return signatures.some((signature) => signature.account === id) ? 'ownRequest' : null;
}
