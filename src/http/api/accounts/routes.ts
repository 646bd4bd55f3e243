/** Routes by which one officer requests a change of accounts that a second officer must approve. */
import type { Route } from '../route.js';
import { type RequestHandling, type RequestTexts, requestRoute } from '../routes/approvals.js';
import { postAccount, postAccountChange, postAccountDisabling, postAccountEnabling } from './changes.js';

const OFFICERS_REMAIN =
  'Refused (409 state-conflict: account-officers-remain) if fewer than two officers would be left to decide.';

function decision(path: '' | `/${string}`, texts: RequestTexts, handling: RequestHandling): Route {
  const route = { path: `/v1/accounts${path}`, action: 'change-accounts', failures: ['policy-violated'] } as const;
  return requestRoute(route, texts, handling);
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
