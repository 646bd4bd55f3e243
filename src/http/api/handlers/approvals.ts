import { readStatement, statementSha256 } from '../../../approvals/statement.js';
import { formatInstant, instantOrNull } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { type ApprovalDecision, decideApproval } from '../../../operations/approvals/decide.js';
import { listApprovals, readApproval } from '../../../operations/approvals/read.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import { unblockKey } from '../../../operations/keys/unblock-key.js';
import type { World } from '../../../operations/world.js';
import type { Approval, ApprovalState } from '../../../ports/store/officers/approvals.js';
import { violation } from '../../../texts/text.js';
import type { Handler } from '../handler.js';
import { pageLimit } from './certificates.js';

/** The form of the ids that the service makes. A cursor is such an id. */
const APPROVAL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const getApprovals: Handler = async ({ world }, { account, query }) => {
  const { state, limit, cursor = null } = query;
  if (cursor !== null && !APPROVAL_ID.test(cursor))
    return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  const filter = { state: state as ApprovalState | undefined, limit: pageLimit(limit), before: cursor };
  const page = await listApprovals(world, account, filter);
  if (!page.ok) return page;
  return ok({ approvals: page.value.approvals.map((one) => render(world, one)), nextCursor: page.value.next });
};

export const getApproval: Handler = async ({ world }, { account, params }) =>
  renderResult(world, await readApproval(world, account, params.id ?? ''));

export const postApprovalDecision: Handler = async ({ world }, { account, params, body }) =>
  renderResult(world, await decideApproval(world, account, { id: params.id ?? '', ...(body as ApprovalDecision) }));

export const deleteBlockedKey: Handler = async ({ world }, { account, params, query }) => {
  const subject = { spkiSha256: params.spkiSha256 ?? '', reason: query.reason ?? '' };
  return renderRequestedApproval(world, await requestApproval(world, unblockKey, { account, subject }));
};

/** Makes the answer to a request that waits for a second officer. */
export function renderRequestedApproval<Failure>(
  world: World,
  approval: Result<Approval, Failure>,
): Result<Json, Failure> {
  return approval.ok ? ok({ approval: render(world, approval.value) }) : approval;
}

function renderResult<Failure>(world: World, approval: Result<Approval, Failure>): Result<Json, Failure> {
  return approval.ok ? ok(render(world, approval.value)) : approval;
}

function render({ policy }: Pick<World, 'policy'>, approval: Approval): Json {
  const { endedAt, reason } = approval;
  const { subject, object } = readStatement(approval, policy.environment.mark);
  return {
    id: approval.id,
    action: approval.action,
    state: approval.state,
    requestedBy: approval.requestedBy,
    requestedAt: formatInstant(approval.requestedAt),
    expiresAt: formatInstant(approval.expiresAt),
    endedAt: instantOrNull(endedAt),
    ...(typeof reason === 'string' || reason === null ? { reason } : { reason: reason.en, fr: { reason: reason.fr } }),
    subject,
    object,
    version: approval.version,
    result: approval.result,
    statement: approval.statement,
    statementSha256: statementSha256(approval),
    signatures: approval.signatures.map(({ account, form, at }) => ({ account, form, at: formatInstant(at) })),
  };
}
