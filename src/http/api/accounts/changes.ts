/**
 * Handlers of the requests of officers about accounts. Nothing changes before a second officer has
 * approved the request.
 */
import type { NewAccountSubject, RightsSubject } from '../../../operations/accounts/approved.js';
import { requestAccount } from '../../../operations/accounts/request-account.js';
import type { AccountScope } from '../../../ports/store/accounts.js';
import type { Handler } from '../handler.js';
import { renderRequestedApproval } from '../handlers/approvals.js';

type Rights = Omit<RightsSubject, 'account' | keyof AccountScope> & {
  readonly scope?: Partial<AccountScope>;
};

export const postAccount: Handler = async (context, { account, body, idempotency }) => {
  const { id, scope, ...given } = body as Omit<NewAccountSubject, 'account' | keyof AccountScope> & {
    readonly id: string;
    readonly scope: AccountScope;
  };
  const request = { action: 'add', subject: { account: id, ...given, ...scope } } as const;
  return renderRequestedApproval(context.world, await requestAccount(context, { account, idempotency }, request));
};

export const postAccountChange: Handler = async (context, { account, params, body, idempotency }) => {
  const { scope = {}, ...given } = body as Rights;
  const request = { action: 'change', subject: { account: params.id ?? '', ...given, ...scope } } as const;
  return renderRequestedApproval(context.world, await requestAccount(context, { account, idempotency }, request));
};

const approvalRequestHandler =
  (action: 'disable' | 'enable'): Handler =>
  async (context, { account, params, body, idempotency }) => {
    const { reason } = body as { readonly reason: string };
    const request = { action, subject: { account: params.id ?? '', reason } };
    return renderRequestedApproval(context.world, await requestAccount(context, { account, idempotency }, request));
  };

export const postAccountDisabling = approvalRequestHandler('disable');
export const postAccountEnabling = approvalRequestHandler('enable');
