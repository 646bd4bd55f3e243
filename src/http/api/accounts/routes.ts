/** Routes by which one officer requests a change of accounts that a second officer must approve. */
import type { Handler } from '../handler.js';
import type { Route } from '../route.js';
import { REQUEST_DESCRIPTION, REQUEST_FAILURES, REQUEST_SUCCESS } from '../routes/approvals.js';
import type { RequestComponent } from '../schemas/components.js';
import { postAccount, postAccountChange, postAccountDisabling, postAccountEnabling } from './changes.js';

const OFFICERS_REMAIN =
  'Refused (409 state-conflict: account-officers-remain) if fewer than two officers would be left to decide.';

function decision(
  path: '' | `/${string}`,
  [operationId, summary, description]: readonly [string, string, string],
  { body, handler }: { readonly body: RequestComponent; readonly handler: Handler },
): Route {
  return {
    kind: 'json',
    method: 'post',
    path: `/v1/accounts${path}`,
    operationId,
    summary,
    description: `${description} ${REQUEST_DESCRIPTION}`.trim(),
    action: 'change-accounts',
    body,
    query: null,
    success: REQUEST_SUCCESS,
    idempotent: true,
    failures: ['policy-violated', ...REQUEST_FAILURES],
    handler,
  };
}

export const ACCOUNT_DECISION_ROUTES: readonly Route[] = [
  decision('', ['addAccount', 'Request a new account.', 'It authenticates with one certificate of this platform.'], {
    body: 'AccountRequest',
    handler: postAccount,
  }),
  decision(
    '/{id}/change',
    [
      'changeAccount',
      'Request that the name, the rights, the limits, the networks, the end or the structure of an account change.',
      `Members that are left out stay as they are. ${OFFICERS_REMAIN}`,
    ],
    { body: 'AccountChange', handler: postAccountChange },
  ),
  decision(
    '/{id}/disabling',
    ['disableAccount', 'Request that an account is disabled: every request of it is refused.', OFFICERS_REMAIN],
    { body: 'AccountReason', handler: postAccountDisabling },
  ),
  decision('/{id}/enabling', ['enableAccount', 'Request that a disabled account is enabled again.', ''], {
    body: 'AccountReason',
    handler: postAccountEnabling,
  }),
];
