import { accountFault, networkFault } from '../../../access/account-state.js';
import { isOfOfficers } from '../../../access/break-glass.js';
import type { Account } from '../../../ports/store/accounts.js';
import { type Check, refused } from '../check.js';
import type { CheckContext } from '../context.js';

/**
 * A device with the secret of a registration is elsewhere, so that neither the networks nor the
 * state of its account are examined here; the operation looks at the rights that the account has.
 */
export const ACCOUNT: Check = {
  id: 'B10',
  examine: async (context) => {
    const principal = await context.principal();
    if (principal === null)
      return refused('notAuthorized', 'the protection certificate belongs to no account, and cannot act for itself');
    if (principal.kind !== 'account') return null;
    const broken = await refusal(context, principal.account);
    return broken === null ? null : refused('notAuthorized', broken);
  },
};

async function refusal(
  { protectionKind, signer, address, now, log }: CheckContext,
  account: Account,
): Promise<string | null> {
  const broken = accountFault(account, now) ?? networkFault(account, address);
  if (broken !== null) return broken.message.en;
  const found = protectionKind === 'signature' ? await signer() : null;
  if (found?.known.kind !== 'break-glass') return null;
  if (!isOfOfficers(account)) return 'certificates of the access CA are for officers only';
  // This is an exception that the people who watch the log should notice.
  log.warn('account.break-glass', { account: account.id, issuer: found.known.issuer.id });
  return null;
}
