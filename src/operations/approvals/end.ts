/** The end of an approval, with its audit entry. */
import { statementSha256 } from '../../approvals/statement.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditDetails } from '../../audit/events.js';
import type { Approval, ApprovalEnd } from '../../ports/store/officers/approvals.js';
import type { Transaction } from '../../ports/store.js';
import type { Clock } from '../../ports/world.js';

type EndedBy = {
  readonly tx: Transaction;
  readonly clock: Clock;
  /** The officer who ended it; left out: it ended by itself. */
  readonly by?: string;
};

/** Ends an approval that is open. The entry of an executed one names both officers. */
export async function endApproval(
  { tx, clock, by = 'system' }: EndedBy,
  approval: Approval,
  end: ApprovalEnd,
): Promise<Approval> {
  await tx.endApproval(approval.id, end);
  const ended: Approval = { ...approval, ...end };
  const [at, details] = [clock(), approvalDetails(approval)];
  const { state } = end;
  if (state === 'executed') {
    const officers = approval.signatures.map(({ account }) => account);
    await tx.appendAudit([
      { at, type: 'approval.executed', actor: accountActor(by), details: { ...details, officers } },
    ]);
  } else await tx.appendAudit([{ at, type: `approval.${state}`, actor: accountActor(by), details }]);
  return ended;
}

/** The subject may name a person, so that entries have the hash of the statement. */
export function approvalDetails(approval: Approval): AuditDetails<'approval.requested'> {
  const { id, action } = approval;
  return { id, action, statementSha256: statementSha256(approval) };
}
