/** Describes in both languages why an operation on accounts was refused. */
import { userInfo } from 'node:os';
import { inBothLanguages } from '../../kernel/bilingual.js';
import type { AccountFailure } from '../../operations/accounts/change-account.js';
import { text } from '../../texts/text.js';
import { unreadable } from '../common/records.js';

/** Names the person at the terminal, for the audit log. */
export const changedBy = () => ({ login: userInfo().username });

/** Limit for the accounts that a message lists. */
const NAMED_MAX = 20;

export function describe(failure: AccountFailure): string {
  switch (failure.kind) {
    case 'account-exists':
      return inBothLanguages({
        fr: `le compte ${failure.id} existe déjà`,
        en: `an account ${failure.id} already exists`,
      });
    case 'account-unknown': {
      const shown = failure.known.slice(0, NAMED_MAX).join(', ');
      const known = failure.known.length > NAMED_MAX ? `${shown}, ...` : shown;
      return inBothLanguages({
        fr: `aucun compte ${failure.id} ; comptes existants : ${known}`,
        en: `no account ${failure.id}; there are ${known}`,
      });
    }
    case 'credential-taken':
      return inBothLanguages({
        fr: `un de ces certificats, ou sa clé, est déjà celui du compte ${failure.account}`,
        en: `one of these certificates, or its key, already belongs to the account ${failure.account}`,
      });
    case 'break-glass-is-for-officers':
      return inBothLanguages({
        fr: "un certificat d'une AC d'accès est réservé à un compte de rôle officer",
        en: 'a certificate of an access CA is for an account of role officer, and for no other',
      });
    case 'structure-out-of-scope':
      return inBothLanguages(text('account-structure', { id: failure.id }));
    case 'nothing-to-change':
      return inBothLanguages({
        fr: `le compte ${failure.id} est déjà dans cet état`,
        en: `the account ${failure.id} is already in that state`,
      });
    default:
      return unreadable(failure.detail);
  }
}
