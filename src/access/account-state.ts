/** Whether an account is in use: it is enabled, and its end has not come. */
import type { Instant } from '../kernel/clock.js';
import type { Account } from '../ports/store/accounts.js';
import { type Fault, fault } from '../texts/text.js';

type AccountState = Pick<Account, 'disabled' | 'expiresAt'>;

/** Why every request of the account is refused now; null: it is not. */
export function accountFault({ disabled, expiresAt }: AccountState, now: Instant): Fault | null {
  if (disabled) return fault('account-enabled');
  return expiresAt !== null && expiresAt <= now ? fault('account-in-force') : null;
}
